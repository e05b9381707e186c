// The cards of the page: each shows one document of the daemon.

import { at, el, judge, redraw, say, show, tableOf } from "./dom.js";
import { BYTES, SECONDS, draw } from "./chart.js";
import { apart, bytes, count, hour, lag, milliseconds, moment, readable, seconds } from "./words.js";

const MOST_EVENTS = 300;

/** What no state but these says on its own. */
const TONES = { HALTED: "bad", ABORTED: "bad", CUTTING_OVER: "warn", ROLLING_BACK: "warn", ARMED: "warn", CANARY: "warn" };

export function showStatus(status) {
  document.title = `${status.migration} ${status.state}`;
  say("migration", status.migration);
  judge("state", TONES[status.state] ?? "good", status.state);
  say("step", status.step === null ? "" : `step ${status.step}`);
  say("owner", status.owner === "none" ? "neither side, for a moment" : status.owner);
  for (const side of ["blue", "green"]) {
    const owns = status.owner === side;
    at(side).classList.toggle("owns", owns);
    say(side, owns ? `${side}: WRITES HERE` : `${side}: read only for applications`);
  }
  say("arrow", status.owner === "green" ? "←" : "→");
  say("since", moment(status.state_since));
  const back = status.owner === "green";
  say("lag", `${lag(back ? status.reverse_lag : status.lag)} (${back ? "blue behind green" : "green behind blue"})`);
  say("backfill", backfill(status.backfill));
  redraw("flags", status.flags, () => status.flags.map((flag) => el("li", { class: "warn" }, `▲ ${flag}`)));
  const next = status.next.filter((line) => line !== waiting(status));
  redraw("next", next, () => next.map((line) => el("li", {}, ...withCode(line))));
  showClosed(status.closed_side);
  showFault(status.fault);
  showBack(status);
  showVerification(status);
}

function backfill(copy) {
  const eta = copy.eta === null ? "" : `, about ${seconds(copy.eta)} left`;
  return `${copy.tables_done} of ${copy.tables} tables, ${bytes(copy.bytes)} of ${bytes(copy.total_bytes)}${eta}`;
}

/** What an armed migration waits for; stands in its own box. */
function waiting(status) {
  return status.state === "ARMED" ? status.next.find((line) => line.startsWith("It cuts over")) : undefined;
}

/** Text with `commands` in it. */
function withCode(line) {
  return readable(line).split("`").map((part, index) => (index % 2 === 1 ? el("code", {}, part) : part));
}

/** Who has not moved; that green has readers before the switch is nobody's concern. */
function showClosed(closed) {
  const tells = closed !== null && (closed.refused_writes > 0 || (closed.side === "blue" && closed.sessions > 0));
  show("closed", tells);
  if (tells) {
    const refused = closed.refused_writes === null ? "" : ` and has refused ${count(closed.refused_writes)} statements`;
    const who = closed.clients.map((one) =>
      `${one.sessions} of ${one.role}${one.application && ` (${one.application})`} from ${one.address}`);
    say("closed", `▲ ${closed.side} is closed${refused}; connected to it: ${who.join(", ") || "nobody"}`);
  }
}

function showFault(fault) {
  show("fault", fault !== null);
  if (fault !== null) {
    const object = fault.object === null ? "" : ` (${fault.object})`;
    const then = fault.retryable ? "The daemon tries again by itself." : "The daemon waits for a person.";
    say("fault", `✖ ${fault.code}: ${fault.detail}${object}\n${fault.fix}\n${then}`);
  }
}

function showBack(status) {
  const { word, inside } = apart(status.rollback);
  const switched = status.owner === "green";
  if (word === "lossless") {
    judge("rollback", "good", switched ? "✔ Yes, without loss (lossless)" : "✔ Yes (lossless)");
    say("rollback-why", switched
      ? "Everything written on green flows back to blue; a rollback leads the writes there again."
      : "Blue owns the writes. Until a cutover an abort loses nothing; after it a rollback does not either.");
  } else if (word === "lossy") {
    judge("rollback", "warn", `▲ Yes, but something of ${inside} rows would be lost (lossy)`);
    say("rollback-why", "Green holds rows that blue cannot hold as they are; viridian.lossy on blue names them.");
  } else {
    judge("rollback", "bad", `✖ No (${word})`);
    say("rollback-why", inside);
  }
}

const PROOFS = {
  clean: ["good", "✔ clean"],
  running: ["", "… running"],
  never: ["warn", "▲ never"],
  stale: ["warn", "▲ stale"],
  mismatch: ["bad", "✖ mismatch"],
};

function showVerification(status) {
  const [tone, words] = PROOFS[status.verification];
  const age = status.verification_age_seconds;
  judge("verification", tone, age === null ? words : `${words}, ${seconds(age)} ago`);
}

export function showProof(proof) {
  if (proof === null) {
    say("verification-what", "No verification has ended yet.");
    show("differences", false);
    return;
  }
  const took = `${count(proof.rows)} rows of ${proof.tables.length} tables compared in ${milliseconds(proof.took_ms)}`;
  say("verification-what", `${took}; the stream stood still for ${milliseconds(proof.lane_held_ms)}.`);
  const differing = proof.tables.filter((table) => !table.equal);
  show("differences", differing.length > 0);
  redraw("differences", differing, () => differing.map((table) => el("details", {},
    el("summary", {}, `${table.target}: ${count(table.differing)} rows differ from ${table.source}`),
    el("ul", {}, ...table.differences.map((row) => el("li", {}, `${row.kind} ${row.key}: `, row.columns
      .map((column) => `${column.column} is ${column.found}, not ${column.expected}`).join("; ")))))));
}

/** What an overridden gate says stays what it is; beside it stands who answers for going on all the same. */
function gateStatus(gate) {
  if (gate.status === "passing") {
    return el("span", { class: "good" }, "✔ passing");
  }
  const by = gate.overridden;
  return by
    ? el("span", { class: "warn" }, `▲ failed, overridden by ${by.by} until ${by.until}: ${by.reason}`)
    : el("span", { class: "bad" }, "✖ failed");
}

export function showGates(gates) {
  const failed = gates.filter((gate) => gate.status !== "passing");
  const overridden = failed.filter((gate) => gate.overridden);
  const inTheWay = failed.filter((gate) => !gate.overridden);
  const aside = overridden.length === 0 ? "" : ` Overridden: ${overridden.map((gate) => gate.id).join(", ")}.`;
  say("gates-words", (failed.length === 0
    ? `✔ All ${gates.length} pass.`
    : inTheWay.length === 0
      ? "▲ Nothing is in the way."
      : `✖ ${inTheWay.length} of ${gates.length} do not pass: ${inTheWay.map((gate) => gate.id).join(", ")}.`) + aside);
  const sorted = [...failed, ...gates.filter((gate) => gate.status === "passing")];
  redraw("gates", sorted, () => tableOf(["gate", "status", "value", "limit", "since", "how to mend it"],
    sorted.map((gate) => [
      el("code", {}, gate.id),
      gateStatus(gate),
      readable(gate.value),
      readable(gate.limit),
      moment(gate.since),
      el("span", {}, ...(gate.hint ? withCode(gate.hint) : ["–"])),
    ])));
}

const COPIED = ["waiting", "copying", "copied", "indexing", "done"];
const VERIFIED = { mismatch: ["bad", "✖ mismatch"], never: ["warn", "▲ never"], clean: ["good", "✔ clean"] };

/** Rows that differ first, then what is least copied, then what is not proven, then the large ones. */
function worse(one, other) {
  return (other.verified === "mismatch") - (one.verified === "mismatch")
    || COPIED.indexOf(one.state) - COPIED.indexOf(other.state)
    || (other.verified === "never") - (one.verified === "never")
    || other.total_bytes - one.total_bytes;
}

export function showTables(tables) {
  const sorted = [...tables].sort(worse);
  redraw("tables", sorted, () => tableOf(["table", "goes to", "copy", "rows", "bytes", "verified"],
    sorted.map((table) => [
      el("code", {}, table.source),
      el("code", {}, table.target),
      table.state === "done" ? "✔ done" : `… ${table.state}`,
      table.estimated_rows < 0 ? count(table.rows) : `${count(table.rows)} of about ${count(table.estimated_rows)}`,
      `${bytes(table.bytes)} of ${bytes(table.total_bytes)}`,
      el("span", { class: VERIFIED[table.verified][0] }, VERIFIED[table.verified][1]),
    ])));
}

/** Draws the samples of the direction in which the rows flow now. */
export function showLag(samples, every, owner) {
  const back = owner === "green";
  say("lag-direction", back ? "Blue behind green, on the way back." : "Green behind blue.");
  const of = (field) => samples.map((sample) => ({
    time: Date.parse(sample.at),
    value: (back ? sample.reverse : sample)[field],
  }));
  say("seconds-words", `in seconds: ${draw(at("seconds-chart"), of("seconds"), every * 1000, SECONDS)}`);
  say("bytes-words", `in bytes: ${draw(at("bytes-chart"), of("bytes"), every * 1000, BYTES)}`);
}

export function showOperations(operations) {
  const arm = operations.find((one) => one.type === "arm" && one.status === "SUCCEEDED");
  redraw("operations", operations, () => operations.map((one) => el("li", {}, operationWords(one))));
  return arm;
}

export function operationWords(operation) {
  const pause = operation.write_pause_ms === undefined || operation.write_pause_ms === null
    ? ""
    : `, write pause ${milliseconds(operation.write_pause_ms)}`;
  const code = operation.result.code === undefined ? "" : `, ${operation.result.code}`;
  const reason = operation.reason ? `: ${operation.reason}` : "";
  const { type, status, by } = operation;
  return `${moment(operation.requested)} ${type} by ${by}${reason} — ${status}${code}${pause}`;
}

/** The terms on which an armed migration switches by itself. */
export function showArming(status, arm) {
  show("arming", status.state === "ARMED");
  if (status.state === "ARMED") {
    const terms = arm === undefined ? [] : Object.entries(arm.result).map(([name, value]) => `${name} ${readable(value)}`);
    redraw("arming", [waiting(status), terms], () => [
      el("strong", {}, "▲ Armed: it cuts over by itself"),
      el("p", {}, readable(waiting(status) ?? "")),
      ...(terms.length === 0 ? [] : [el("p", {}, `Armed by ${arm.by} at ${moment(arm.requested)}: ${terms.join(", ")}`)]),
    ]);
  }
}

export function addEvent(event) {
  const list = at("events");
  list.prepend(el("li", {}, `${hour(event.at)} `, el("strong", {}, event.type), ` ${readable(event.text)}`));
  list.firstChild.setAttribute("title", moment(event.at));
  while (list.childElementCount > MOST_EVENTS) {
    list.lastChild.remove();
  }
}

export function forgetEvents() {
  at("events").replaceChildren();
}
