// Puts texts and elements into the page. Whatever comes from the daemon goes in as text, never as HTML.

export const at = (id) => document.getElementById(id);

/** An element with attributes, and texts or elements inside. */
export function el(name, attributes = {}, ...inside) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, value);
  }
  element.append(...inside);
  return element;
}

/** Sets a text, and only when it is another one, so that screen readers do not hear it again. */
export function say(id, text) {
  const element = at(id);
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** The same with the class that colours it; the words themselves say it, too. */
export function judge(id, kind, text) {
  say(id, text);
  at(id).classList.remove("good", "warn", "bad");
  if (kind) {
    at(id).classList.add(kind);
  }
}

export function show(id, visible) {
  at(id).hidden = !visible;
}

const drawn = new Map();

/** Replaces what is inside, when the data behind it has changed; selections and scrolling survive otherwise. */
export function redraw(id, data, elements) {
  const text = JSON.stringify(data);
  if (drawn.get(id) !== text) {
    drawn.set(id, text);
    at(id).replaceChildren(...elements());
  }
}

/** The inside of a table: a row of headings and rows of cells, each a text or an element. */
export function tableOf(headings, rows) {
  const head = el("thead", {}, el("tr", {}, ...headings.map((text) => el("th", { scope: "col" }, text))));
  const body = el("tbody", {}, ...rows.map((cells) => el("tr", {}, ...cells.map((cell, index) =>
    index === 0 ? el("th", { scope: "row" }, cell) : el("td", {}, cell)))));
  return [head, body];
}
