// Numbers as people read them.

const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"];

export function bytes(count) {
  if (count === null || count === undefined) {
    return "not known";
  }
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}

export function seconds(value) {
  if (value === null || value === undefined) {
    return "not known";
  }
  if (value < 120) {
    return `${value.toFixed(value < 10 ? 2 : 0)} s`;
  }
  return value < 7200 ? `${Math.round(value / 60)} min` : `${(value / 3600).toFixed(1)} h`;
}

export function milliseconds(value) {
  return value === null || value === undefined ? "not measured" : `${Math.round(value)} ms`;
}

export function count(number) {
  return number.toLocaleString("en");
}

export function lag(value) {
  return value === null ? "none is measured" : `${seconds(value.seconds)}, ${bytes(value.bytes)}`;
}

/** A moment in UTC, to the second. */
export function moment(text) {
  return text === null ? "" : `${text.slice(0, 10)} ${text.slice(11, 19)} UTC`;
}

const MOMENT = /(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z/g;

/** The same text with the moments in it as this page writes them. */
export function readable(text) {
  return text.replaceAll(MOMENT, "$1 $2 UTC");
}

export function hour(text) {
  return text.slice(11, 19);
}

/** From `impossible(reason)` to its word and what stands inside. */
export function apart(flag) {
  const open = flag.indexOf("(");
  return open < 0
    ? { word: flag, inside: "" }
    : { word: flag.slice(0, open), inside: flag.slice(open + 1, flag.lastIndexOf(")")) };
}
