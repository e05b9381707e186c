// The actions: what may be asked for, the dialog before it, and its way to the end.

import { Refused, ask, freshKey, read } from "./daemon.js";
import { at, el, say, show } from "./dom.js";
import { operationWords } from "./cards.js";
import { milliseconds } from "./words.js";

const AGAIN_AFTER = 1000;
const MOST_SENDINGS = 4;
const FINAL = ["SUCCEEDED", "FAILED", "UNDONE", "CANCELLED", "UNKNOWN"];
const ENDS = { SUCCEEDED: "✔", UNDONE: "▲", CANCELLED: "▲", FAILED: "✖", UNKNOWN: "✖" };

/**
 * In the order of the page. `plan` is shown and, where the daemon takes one, pinned; `named` asks for the migration's
 * name; `free` goes whatever changed meanwhile, because what stops something must not be told to look again.
 */
const ACTIONS = [
  { type: "rehearse", label: "Rehearse",
    hint: "measures the write pause; switches nothing",
    plan: "cutover", named: true, fields: [["times", "How often", "1"]],
    does: "Goes through a cutover up to the commit point, under the load there is, and undoes it. "
      + "Writers wait for that long; nothing is switched." },
  { type: "verify", label: "Verify",
    hint: "compares every table while writers go on",
    named: true,
    does: "Compares every mapped table at one pair of points while writers go on." },
  { type: "arm", label: "Arm",
    hint: "lets it cut over by itself, on terms",
    plan: "cutover", named: true,
    fields: [["max_lag", "Lag at most, like 1s", ""], ["stable_for", "for so long, like 30s", ""],
      ["attempts", "Attempts", "3"], ["not_before", "Not before (a moment, with Z)", ""],
      ["not_after", "Not after (a moment, with Z)", ""]],
    does: "Cuts over by itself as soon as the lag has been low for long enough and every gate passes. "
      + "What is left empty is as in the configuration." },
  { type: "disarm", label: "Disarm",
    hint: "stops that, and a cutover up to its commit point",
    free: true, named: true,
    does: "It no longer cuts over by itself; a cutover that runs is undone up to its commit point." },
  { type: "cutover", label: "Cut over",
    hint: "switches the writes to green",
    plan: "cutover", pinned: true, named: true,
    does: "Switches the writes to green. Every gate is read again; until the commit point it undoes itself." },
  { type: "rollback", label: "Roll back",
    hint: "leads the writes back to blue",
    plan: "rollback", pinned: true, named: true,
    fields: [["accept_data_loss", "Token that accepts a loss, where the plan names one", ""]],
    does: "Leads the writes back to blue." },
  { type: "pause", label: "Pause",
    hint: "stops the stream and the copy",
    does: "Stops the stream and the copy. Blue keeps its log for them meanwhile." },
  { type: "resume", label: "Resume",
    hint: "goes on",
    does: "Goes on after a pause, or when the cause of a halt is mended." },
  { type: "abort", label: "Abort",
    hint: "gives up before a switch and removes everything of Viridian",
    named: true,
    does: "Stops before a switch and removes everything of Viridian from blue and green. Blue's data is not touched; "
      + "what was copied to green is emptied. There is no way on from here." },
  { type: "finalize", label: "Finalize",
    hint: "ends the way back and removes everything of Viridian",
    plan: "finalize", pinned: true, named: true,
    does: "Ends the way back and removes everything of Viridian. A rollback becomes impossible." },
];

let seen = { status: null, tag: "", operations: [], problem: "not asked yet", hasToken: false };
let open = null;

function path(more) {
  return `/v1/migrations/${seen.status.migration}${more}`;
}

/** Makes the buttons, once. */
export function prepare() {
  at("actions").replaceChildren(...ACTIONS.map((action) => el("li", {},
    el("button", { type: "button", id: `do-${action.type}`, "aria-describedby": `why-${action.type}` }, action.label),
    el("span", { id: `why-${action.type}`, class: "faint" }))));
  ACTIONS.forEach((action) => at(`do-${action.type}`).addEventListener("click", () => start(action)));
  at("dialog-close").addEventListener("click", () => at("dialog").close());
  // The event may come after the dialog was opened again, and then it is about what was there before.
  at("dialog").addEventListener("close", () => {
    if (!at("dialog").open) {
      open = null;
    }
  });
  at("dialog-form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (open !== null && !at("dialog-go").disabled) {
      send(open);
    }
  });
  at("dialog-form").addEventListener("input", refresh);
}

/**
 * Takes what was seen last.
 *
 * @param problem why nothing may be asked for now whatever the daemon said before; empty when the data is fresh
 */
export function allow(state) {
  seen = state;
  for (const action of ACTIONS) {
    const why = refusal(action.type);
    at(`do-${action.type}`).disabled = why !== "";
    say(`why-${action.type}`, why === "" ? action.hint : `✖ ${why}`);
  }
  refresh();
}

function refusal(type) {
  if (seen.problem) {
    return seen.problem;
  }
  const known = seen.status.allowedActions.find((one) => one.type === type);
  if (known === undefined) {
    return "this daemon does not know it";
  }
  if (!known.allowed) {
    return known.reason;
  }
  return seen.hasToken ? "" : "needs a token: give one at the top";
}

/** What the writers will notice, as far as anybody can know. */
function predicted(action) {
  if (!["rehearse", "cutover", "arm", "rollback"].includes(action.type)) {
    return "";
  }
  const gate = seen.status.gates.find((one) => one.id === "pause.predicted");
  if (gate !== undefined) {
    return `Predicted write pause: ${gate.value}; allowed: ${gate.limit}.`;
  }
  const last = seen.operations.find((one) => one.write_pause_ms !== undefined && one.write_pause_ms !== null);
  return last === undefined
    ? "Predicted write pause: not known. Rehearse first to measure it."
    : `Predicted write pause: not rehearsed; the last ${last.type} took ${milliseconds(last.write_pause_ms)}.`;
}

async function start(action) {
  open = {
    action,
    tag: seen.tag,
    version: seen.status.version,
    hash: "",
    ready: !action.plan,
    key: "",
    body: "",
    failure: "",
    done: false,
  };
  const mine = open;
  say("dialog-title", `${action.label}: ${seen.status.migration}`);
  say("dialog-does", action.does);
  say("dialog-pause", predicted(action));
  say("dialog-wanted", seen.status.migration);
  say("dialog-go", action.label);
  show("dialog-naming", action.named === true);
  at("dialog-reason").value = "";
  at("dialog-name").value = "";
  at("dialog-progress").replaceChildren();
  at("dialog-parameters").replaceChildren(...(action.fields ?? []).map(field));
  at("dialog-plan").replaceChildren(...(action.plan ? [el("p", {}, "Reading the plan …")] : []));
  complain("");
  refresh();
  at("dialog").showModal();
  at("dialog-reason").focus();
  if (action.plan) {
    await readPlan(mine);
  }
}

function field([name, label, value]) {
  const input = el("input", { id: `dialog-${name}`, name, value, autocomplete: "off" });
  return el("p", {}, el("label", { for: `dialog-${name}` }, label), input);
}

/** Making a plan asks both databases, which may take a while. */
async function readPlan(mine) {
  try {
    const plan = (await read(path(`/plan/${mine.action.plan}`), { within: 60000 })).json;
    if (open === mine) {
      mine.hash = plan.hash;
      mine.ready = true;
      at("dialog-plan").replaceChildren(...planWords(plan));
      refresh();
    }
  } catch (failure) {
    if (open === mine) {
      at("dialog-plan").replaceChildren();
      mine.failure = `The plan cannot be read. Close this and open it again.\n${words(failure)}`;
      refresh();
    }
  }
}

function planWords(plan) {
  const steps = plan.steps.map((step) => el("li", {}, el("strong", {}, step.name), `: ${step.does}`,
    step.estimate === null ? "" : ` (${step.estimate})`,
    ...(step.statements.length === 0 ? [] : [el("details", {}, el("summary", {}, "statements"),
      ...step.statements.map((statement) => el("p", {}, el("code", {}, statement))))])));
  const findings = plan.findings.map((finding) => el("li", {},
    `${finding.severity} ${finding.id}, ${finding.object}: ${finding.message}`));
  return [
    el("h3", {}, `The plan of the ${plan.plan}, ${plan.hash.slice(0, 12)}`),
    el("ol", {}, ...steps),
    ...(findings.length === 0 ? [] : [el("ul", {}, ...findings)]),
  ];
}

function parameters() {
  const given = {};
  for (const input of at("dialog-parameters").querySelectorAll("input")) {
    if (input.value.trim()) {
      given[input.name] = input.value.trim();
    }
  }
  if (open.action.pinned) {
    given.plan = open.hash;
  }
  return given;
}

/** What still keeps the button from being pressed; empty when nothing does. */
function missing() {
  if (open.done) {
    return "";
  }
  const why = refusal(open.action.type);
  if (why) {
    return `It cannot be asked for now: ${why}`;
  }
  if (!open.action.free && seen.status.version !== open.version) {
    return "The migration has changed since this was opened. Close it, look, and open it again.";
  }
  return "";
}

function refresh() {
  if (open === null) {
    return;
  }
  const why = missing();
  const reason = at("dialog-reason").value.trim();
  const named = open.action.named !== true || at("dialog-name").value.trim() === seen.status.migration;
  at("dialog-go").disabled = open.done || !open.ready || why !== "" || !named || reason === "";
  if (!open.done) {
    complain(why || open.failure);
    say("dialog-command", command(reason));
  }
}

function quoted(text) {
  return /^[\w.:/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The verb that does the same. */
function command(reason) {
  const options = Object.entries(parameters())
    .filter(([name, value]) => value && !["not_before", "not_after"].includes(name))
    .map(([name, value]) => ` --${name.replaceAll("_", "-")} ${quoted(value)}`).join("");
  const confirm = ["cutover", "rollback", "abort", "finalize", "arm"].includes(open.action.type)
    ? ` --confirm ${seen.status.migration}` : "";
  return `viridian ${open.action.type}${options}${reason ? ` --reason ${quoted(reason)}` : ""}${confirm}`;
}

function complain(text) {
  show("dialog-trouble", text !== "");
  say("dialog-trouble", text);
}

function words(failure) {
  return failure instanceof Refused ? failure.words() : `The daemon does not answer (${failure.message}).`;
}

function pause(milliseconds) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

async function send(mine) {
  const reason = at("dialog-reason").value.trim();
  const body = JSON.stringify({ type: mine.action.type, reason, ...parameters() });
  if (body !== mine.body) {
    mine.body = body;
    mine.key = freshKey();
  }
  mine.done = true;
  mine.failure = "";
  complain("");
  refresh();
  progress(mine, "… asking");
  try {
    await follow(mine, await asked(mine));
  } catch (failure) {
    progress(mine, "");
    mine.done = false;
    mine.failure = failure instanceof Refused
      ? failure.words()
      : `${words(failure)}\nIt may have been accepted: look at the operations. Sent again from here, it still happens once.`;
    refresh();
  }
}

/** Sends it again when no answer comes; under the same key it happens once. */
async function asked(mine) {
  for (let sending = 1; ; sending += 1) {
    try {
      return await ask(path("/operations"), mine.body, mine.key, mine.action.free ? "" : mine.tag);
    } catch (failure) {
      if (failure instanceof Refused || sending === MOST_SENDINGS) {
        throw failure;
      }
      progress(mine, `… no answer, sending it again (${sending})`);
      await pause(AGAIN_AFTER);
    }
  }
}

/** Goes on while the daemon is away: an operation survives its restart. */
async function follow(mine, accepted) {
  let operation = accepted;
  while (!FINAL.includes(operation.status) && open === mine) {
    progress(mine, `… ${operation.status}`);
    try {
      operation = (await read(path(`/operations/${operation.id}?wait=5s`), { within: 15000 })).json;
    } catch (failure) {
      if (failure instanceof Refused && failure.status < 500) {
        throw failure;
      }
      progress(mine, "… the daemon does not answer; the operation goes on or is taken up when it is back");
      await pause(AGAIN_AFTER);
    }
  }
  progress(mine, operationWords(operation), ENDS[operation.status], operation);
}

function progress(mine, text, sign = "", operation = null) {
  if (open !== mine) {
    return;
  }
  const details = operation === null ? [] : Object.entries(operation.result).map(([name, value]) =>
    el("div", {}, el("dt", {}, name), el("dd", {}, value)));
  at("dialog-progress").replaceChildren(
    ...(text ? [el("p", { class: "verdict", id: "dialog-outcome" }, sign ? `${sign} ${operation.status}` : text)] : []),
    ...(operation === null ? [] : [el("p", {}, text), el("dl", {}, ...details)]));
}
