// Keeps the page up to date: by events as they come, and by asking while it is open.

import { Refused, keep, listen, read, token } from "./daemon.js";
import { at, judge, say, show } from "./dom.js";
import { allow, prepare } from "./asking.js";
import {
  addEvent, forgetEvents, showArming, showGates, showLag, showOperations, showProof, showStatus, showTables,
} from "./cards.js";

const STATUS_EVERY = 1000;
const REST_EVERY = 4000;
const AGED_AFTER = 5000;
const STALE_AFTER = 15000;
const LISTEN_AGAIN_AFTER = 2000;
const NEWEST_SAMPLES = 30;
const MOST_SAMPLES = 900;

const known = { status: null, tag: "", operations: [], caller: null, samples: new Map(), every: 2, lagReadAt: -Infinity };
let freshAt = null;
let silence = null;
let lastEvent = 0;
let restAt = 0;
let hurried = () => {};

const base = () => `/v1/migrations/${known.status.migration}`;

/** Reads everything again at once instead of after the usual time. */
function hurry() {
  restAt = 0;
  hurried();
}

function rest(milliseconds) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    hurried = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

async function readStatus() {
  if (known.status === null) {
    const { migrations } = (await read("/v1/migrations")).json;
    known.name = migrations[0].migration;
  }
  const { json, tag } = await read(`/v1/migrations/${known.name}`);
  known.status = json;
  known.tag = tag;
  freshAt = performance.now();
  silence = null;
  showStatus(json);
  showGates(json.gates);
  showArming(json, known.arm);
}

async function readRest() {
  const caller = (await read("/v1/caller")).json;
  known.caller = caller;
  say("caller", caller.name === null ? "none" : `${caller.name}, ${caller.role}`);
  showTables((await read(`${base()}/tables`)).json.tables);
  known.operations = (await read(`${base()}/operations?limit=20`)).json.operations;
  known.arm = showOperations(known.operations);
  await readLag();
  showProof(await readProof());
}

/** There is none before the first verification has ended. */
async function readProof() {
  if (known.status.verification_age_seconds === null) {
    return null;
  }
  try {
    return (await read(`${base()}/verification`)).json;
  } catch (failure) {
    if (failure instanceof Refused && failure.status === 404) {
      return null;
    }
    throw failure;
  }
}

/** All of it at first and after a silence, then only the newest. */
async function readLag() {
  const missed = performance.now() - known.lagReadAt > (NEWEST_SAMPLES - 1) * known.every * 1000;
  const limit = missed ? MOST_SAMPLES : NEWEST_SAMPLES;
  const { every_seconds: every, samples } = (await read(`${base()}/lag?limit=${limit}`)).json;
  known.every = every;
  known.lagReadAt = performance.now();
  samples.forEach((sample) => known.samples.set(sample.at, sample));
  for (const old of [...known.samples.keys()].slice(0, -MOST_SAMPLES)) {
    known.samples.delete(old);
  }
  showLag([...known.samples.values()], every, known.status.owner);
}

async function keepReading() {
  for (;;) {
    try {
      await readStatus();
      if (performance.now() >= restAt) {
        restAt = performance.now() + REST_EVERY;
        await readRest();
      }
    } catch (failure) {
      silence = failure;
    }
    showAge();
    await rest(STATUS_EVERY);
  }
}

/** Says how old everything on the page is, and locks the actions when that is too old to act on. */
function showAge() {
  const age = freshAt === null ? Infinity : performance.now() - freshAt;
  const words = freshAt === null ? "nothing read yet" : `read ${Math.round(age / 1000)} s ago`;
  if (age < AGED_AFTER) {
    judge("age", "good", "✔ live");
  } else {
    judge("age", age < STALE_AFTER ? "warn" : "bad", `${age < STALE_AFTER ? "▲" : "✖ stale,"} ${words}`);
  }
  const trouble = troubleWords(age);
  show("trouble", trouble !== "");
  say("trouble", trouble);
  allow({
    status: known.status,
    tag: known.tag,
    operations: known.operations,
    problem: age < STALE_AFTER ? "" : freshAt === null ? "nothing was read yet" : "what is shown is too old to act on",
    hasToken: known.caller !== null && known.caller.name !== null,
  });
}

function troubleWords(age) {
  if (silence instanceof Refused) {
    return `✖ ${silence.words()}`;
  }
  const old = freshAt === null ? "" : " What is shown below is from before.";
  if (silence !== null) {
    return `✖ The daemon cannot be reached (${silence.message}).${old} This page goes on trying.`;
  }
  return age >= STALE_AFTER && freshAt !== null ? `✖ The data is stale.${old}` : "";
}

function happened(event) {
  if (event.number <= lastEvent) {
    forgetEvents();
  }
  lastEvent = event.number;
  addEvent(event);
  hurry();
}

/** Follows the events while somebody looks: a hidden tab must not take a connection from those that are seen. */
async function keepListening() {
  for (;;) {
    if (known.status !== null && !document.hidden) {
      const hidden = new AbortController();
      const onChange = () => document.hidden && hidden.abort();
      document.addEventListener("visibilitychange", onChange);
      try {
        await listen(`${base()}/stream`, lastEvent, hidden.signal, () => say("stream-words", "✔ Following."), happened);
        say("stream-words", "▲ The stream ended; it is opened again.");
      } catch (failure) {
        say("stream-words", `▲ Not following (${failure.message}); trying again.`);
      } finally {
        document.removeEventListener("visibilitychange", onChange);
      }
    }
    await new Promise((resolve) => {
      setTimeout(resolve, LISTEN_AGAIN_AFTER);
    });
  }
}

function useToken(text) {
  keep(text);
  at("token").value = "";
  known.caller = null;
  readCaller();
}

/** Says at once whose token it is, or that it is nobody's. */
async function readCaller() {
  try {
    known.caller = (await read("/v1/caller")).json;
    say("caller", known.caller.name === null ? "none" : `${known.caller.name}, ${known.caller.role}`);
    at("who").open = false;
  } catch (failure) {
    say("caller", failure instanceof Refused ? `refused: ${failure.problem.detail}` : "not known");
  }
  hurry();
}

at("token-form").addEventListener("submit", (event) => {
  event.preventDefault();
  useToken(at("token").value.trim());
});
at("forget").addEventListener("click", () => useToken(""));
document.addEventListener("visibilitychange", hurry);
if (token()) {
  say("caller", "one is kept");
}
prepare();
setInterval(showAge, STATUS_EVERY);
keepReading();
keepListening();
