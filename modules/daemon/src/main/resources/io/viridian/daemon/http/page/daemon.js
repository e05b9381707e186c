// Everything that goes to the daemon and comes from it.

const KEY = "viridian.token";
const ANSWER_WITHIN = 8000;
const STREAM_SILENT_FOR = 40000;

export function token() {
  return sessionStorage.getItem(KEY) ?? "";
}

export function keep(text) {
  if (text) {
    sessionStorage.setItem(KEY, text);
  } else {
    sessionStorage.removeItem(KEY);
  }
}

/** A refusal: the daemon's problem document, in words. */
export class Refused extends Error {
  constructor(status, problem) {
    super(`${problem.title}: ${problem.detail}`);
    this.status = status;
    this.problem = problem;
  }

  /** What was refused and what to do about it. */
  words() {
    return `${this.message} (${this.status})\n${this.problem.fix}`;
  }
}

function headers(more) {
  return token() ? { Authorization: `Bearer ${token()}`, ...more } : more;
}

async function demand(response) {
  if (response.ok) {
    return response;
  }
  const problem = await response.json().catch(() => ({}));
  throw new Refused(response.status, {
    title: problem.title ?? "The request was refused",
    detail: problem.detail ?? `status ${response.status}`,
    fix: problem.fix ?? "",
    code: problem.code ?? "",
  });
}

/** Reads a document; fails when there is no answer in time. */
export async function read(path, { within = ANSWER_WITHIN } = {}) {
  const response = await demand(await fetch(path, {
    headers: headers({}),
    cache: "no-store",
    signal: AbortSignal.timeout(within),
  }));
  return { json: await response.json(), tag: response.headers.get("ETag") ?? "" };
}

/** Asks for an operation. The same key with the same body happens once, however often it is sent. */
export async function ask(path, body, key, tag) {
  const more = { "Content-Type": "application/json", "Idempotency-Key": key };
  if (tag) {
    more["If-Match"] = tag;
  }
  const response = await demand(await fetch(path, {
    method: "POST",
    headers: headers(more),
    body,
    cache: "no-store",
    signal: AbortSignal.timeout(ANSWER_WITHIN),
  }));
  return response.json();
}

/** A key that nobody else has; `randomUUID` is missing where the page came without TLS from another machine. */
export function freshKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Reads Server-Sent Events until the connection ends. Not EventSource, which cannot send a token.
 *
 * @param after the number of the last event that is known
 */
export async function listen(path, after, signal, onOpen, onEvent) {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), STREAM_SILENT_FOR);
  try {
    const response = await demand(await fetch(path, {
      headers: headers(after > 0 ? { "Last-Event-ID": String(after) } : {}),
      cache: "no-store",
      signal: AbortSignal.any([signal, silence.signal]),
    }));
    onOpen();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), STREAM_SILENT_FOR);
      const blocks = (rest + part.value).split("\n\n");
      rest = blocks.pop();
      blocks.forEach((block) => dispatch(block, onEvent));
    }
  } finally {
    clearTimeout(timer);
  }
}

function dispatch(block, onEvent) {
  const data = block.split("\n").filter((line) => line.startsWith("data: ")).map((line) => line.slice(6)).join("\n");
  if (data) {
    onEvent(JSON.parse(data));
  }
}
