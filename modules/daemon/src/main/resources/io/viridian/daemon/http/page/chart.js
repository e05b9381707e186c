// A line over the last half hour. Where nothing was known there is a gap, not a line.

import { el } from "./dom.js";
import { bytes, seconds } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
/** Before the page is laid out. */
const USUAL_WIDTH = 600;
const HEIGHT = 128;
const LEFT = 64;
const BOTTOM = 18;
const TOP = 8;
const SPAN = 30 * 60 * 1000;

function shape(name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
  if (text) {
    element.textContent = text;
  }
  return element;
}

/** The next round number at or above it, so that the scale does not tremble. */
function decimal(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value);
}

function binary(value) {
  return 2 ** Math.ceil(Math.log2(value));
}

/** How values are written, the smallest height of the scale, and what is round. */
export const SECONDS = { words: seconds, least: 1, up: decimal };
export const BYTES = { words: bytes, least: 2048, up: binary };

/** The points of each piece without a gap. */
function pieces(points, gap) {
  const all = [];
  let before = null;
  for (const point of points) {
    if (point.value === null) {
      before = null;
      continue;
    }
    if (before === null || point.time - before > gap) {
      all.push([]);
    }
    all.at(-1).push(point);
    before = point.time;
  }
  return all;
}

/**
 * Draws the points, each with `time` in milliseconds and `value` or null, and answers what it shows in words.
 *
 * @param every the usual time between two points; a much longer one is a gap
 */
export function draw(place, points, every, scale) {
  const known = points.filter((point) => point.value !== null);
  if (known.length === 0) {
    place.replaceChildren(el("p", { class: "faint" }, "Nothing was measured yet."));
    return "nothing was measured yet";
  }
  const end = points.at(-1).time;
  const worst = Math.max(...known.map((point) => point.value));
  const top = scale.up(Math.max(worst, scale.least));
  const unit = scale.words;
  const width = place.clientWidth || USUAL_WIDTH;
  const x = (time) => LEFT + ((time - end + SPAN) / SPAN) * (width - LEFT - 4);
  const y = (value) => TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM);
  const words = `now ${known.at(-1) === points.at(-1) ? unit(points.at(-1).value) : "not known"}, worst ${unit(worst)}`;
  const chart = shape("svg", {
    class: "chart",
    viewBox: `0 0 ${width} ${HEIGHT}`,
    role: "img",
    "aria-label": `${words} in the last 30 minutes`,
  });
  for (const value of [0, top / 2, top]) {
    chart.append(
      shape("line", { class: "grid", x1: LEFT, x2: width - 4, y1: y(value), y2: y(value) }),
      shape("text", { x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, unit(value)));
  }
  for (const minutes of width < 400 ? [30, 0] : [30, 20, 10, 0]) {
    chart.append(shape("text", {
      x: x(end - minutes * 60000),
      y: HEIGHT - 4,
      "text-anchor": minutes === 0 ? "end" : minutes === 30 ? "start" : "middle",
    }, minutes === 0 ? "now" : `${seconds(minutes * 60)} ago`));
  }
  for (const piece of pieces(points.filter((point) => point.time >= end - SPAN), 3 * every)) {
    const line = piece.length === 1 ? [piece[0], { ...piece[0], time: piece[0].time + every }] : piece;
    chart.append(shape("polyline", {
      class: "curve",
      points: line.map((point) => `${x(point.time).toFixed(1)},${y(point.value).toFixed(1)}`).join(" "),
    }));
  }
  place.replaceChildren(chart);
  return words;
}
