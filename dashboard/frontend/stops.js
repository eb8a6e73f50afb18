// The stops of a route as a list that is put in order by dragging a row, or by its buttons and the keyboard.
//
// A move sends the keys of all visits in their new order.

/** @import { Send } from "./component.js" */
/** @import { StopRow, StopsState, StopTexts } from "./state.js" */
/** @typedef {"up" | "down" | "remove"} Act */

import { element, hosted, iconButton, nameSign, shape } from "./component.js";
import { END, FORMS, INK, START } from "./ways.js";

/** @type {Record<string, string>} */
const ENDS = { start: START, end: END };
const ICONS = { up: "M3 10l5-5 5 5", down: "M3 6l5 5 5-5", remove: "M4 4l8 8M12 4l-8 8" };

/** @param {StopRow} row @param {Element} parent @param {StopTexts} texts */
function drawSign(row, parent, texts) {
  const svg = shape("svg", { viewBox: "-14 -14 28 28", class: "rt-sign", "aria-hidden": "true" }, parent);
  const end = ENDS[row.kind];
  if (!end) {
    shape("path", { d: FORMS[row.form], fill: row.colour }, svg);
    if (row.sign) shape("text", { y: 4.6 }, svg).textContent = row.sign;
  } else {
    shape("path", { d: FORMS.circle, fill: INK }, svg);
    shape("path", { d: end, fill: "#fff" }, svg);
  }
  element("span", "rt-spoken", parent, row.sign || texts[/** @type {"start" | "end"} */ (row.kind)]);
}

class StopList {
  /** @type {StopsState} */ state;
  #text = "";
  /** The button that takes the focus when the list is drawn anew. @type {{ act?: string, key?: string } | null} */ #wanted = null;
  /** @type {StopRow | null} */ #dragged = null;

  /** @param {Element} host @param {Send} send */
  constructor(host, send) {
    this.host = host;
    this.send = send;
    this.root = element("div", "rt-list", host);
    this.root.setAttribute("role", "region");
    this.root.tabIndex = 0;
    this.spoken = element("p", "rt-spoken", host);
    this.spoken.setAttribute("role", "status");
  }

  /** @param {StopsState} state */
  show(state) {
    const text = JSON.stringify(state);
    if (text === this.#text) return;
    this.#text = text;
    this.state = state;
    const { activeElement: focused } = document;
    const held = focused instanceof HTMLElement && this.root.contains(focused) ? focused.dataset : {};
    const { act, key } = this.#wanted ?? held;
    this.#wanted = null;
    this.#draw();
    if (!act) return;
    const buttons = [...this.root.querySelectorAll("button")].filter((button) => button.dataset.key === key);
    const wanted = buttons.find((button) => button.dataset.act === act && !button.disabled);
    (wanted ?? buttons.find((button) => !button.disabled))?.focus();
  }

  #draw() {
    const { rows, texts, movable } = this.state;
    this.root.setAttribute("aria-label", texts.about);
    const table = element("table", "rt-table");
    const head = element("tr", "", element("thead", "", table));
    element("td", "", head);
    for (const name of /** @type {const} */ (["stop", "times", "leg"])) {
      element("th", `rt-${name}`, head, texts[name]).scope = "col";
    }
    element("td", "", head);
    const body = element("tbody", "", table);
    for (const row of rows) this.#drawRow(row, element("tr", `rt-${row.kind}`, body), texts, movable);
    this.root.replaceChildren(table);
    if (rows.some((row) => row.method === "straight_line")) {
      element("p", "rt-meaning", this.root, `≈ ${texts.straight_line}`);
    }
  }

  /** @param {StopRow} row @param {HTMLElement} line @param {StopTexts} texts @param {boolean} movable */
  #drawRow(row, line, texts, movable) {
    if (row.kind === "team" || row.kind === "lunch") {
      const sign = element("td", "", line);
      if (row.kind === "team") drawSign(row, sign, texts);
      const cell = element(row.kind === "team" ? "th" : "td", "", line, row.name);
      cell.colSpan = 4;
      return;
    }
    drawSign(row, element("td", "rt-signed", line), texts);
    const name = element("th", "", line);
    name.scope = "row";
    element("span", "", name, row.name).title = row.hint ?? "";
    if (row.waits) element("small", "", name, row.waits);
    if (row.kind === "left") name.colSpan = 3;
    else this.#drawTimes(row, line, texts);
    const tools = element("td", "rt-tools", line);
    if (!row.key) return;
    line.dataset.key = row.key;
    if (movable) {
      this.#button(tools, "up", row, () => this.#move(row, "up")).disabled = this.#place(row) === 0;
      this.#button(tools, "down", row, () => this.#move(row, "down")).disabled = this.#place(row) === this.#keys().length - 1;
      this.#letDrag(line, row, texts);
    }
    this.#button(tools, "remove", row, () => this.send("remove", row.key));
  }

  /** @param {StopRow} row @param {Element} line @param {StopTexts} texts */
  #drawTimes(row, line, texts) {
    element("td", "rt-times", line, row.times);
    const leg = element("td", "rt-way", line);
    if (row.method === "straight_line") element("abbr", "rt-estimate", leg, "≈").title = texts.straight_line;
    leg.append(row.leg ?? "");
    if (row.method === "network") leg.title = texts.network;
  }

  /** @param {Element} parent @param {Act} act @param {StopRow} row @param {() => void} click */
  #button(parent, act, row, click) {
    const button = iconButton(ICONS[act], parent, click);
    Object.assign(button.dataset, { act, key: row.key });
    nameSign(button, this.state.texts[act].replace("{name}", () => row.name));
    return button;
  }

  #keys() {
    return this.state.rows.filter((row) => row.key).map((row) => row.key);
  }

  /** @param {StopRow} row */
  #place(row) {
    return this.#keys().indexOf(row.key);
  }

  /** @param {StopRow} row @param {"up" | "down"} act */
  #move(row, act) {
    this.#put(row, this.#place(row) + (act === "up" ? -1 : 1));
    this.#wanted = { act, key: row.key };
  }

  /** @param {StopRow} row @param {number} place */
  #put(row, place) {
    const keys = this.#keys().filter((key) => key !== row.key);
    keys.splice(place, 0, row.key);
    if (String(keys) === String(this.#keys())) return;
    const moved = this.state.texts.moved.replace("{number}", String(place + 1));
    this.spoken.textContent = moved.replace("{name}", () => row.name);
    this.send("order", keys);
  }

  /** @param {HTMLElement} line @param {StopRow} row @param {StopTexts} texts */
  #letDrag(line, row, texts) {
    line.draggable = true;
    line.title = texts.drag;
    line.addEventListener("dragstart", (event) => {
      this.#dragged = row;
      if (event.dataTransfer) event.dataTransfer.effectAllowed = "move";
      event.dataTransfer?.setData("text/plain", row.name);
      line.classList.add("rt-dragged");
    });
    line.addEventListener("dragend", () => {
      this.#dragged = null;
      line.classList.remove("rt-dragged");
      this.#mark(null);
    });
    line.addEventListener("dragover", (event) => {
      if (!this.#dragged) return;
      event.preventDefault();
      this.#mark(line, this.#place(this.#dragged) < this.#place(row));
    });
    line.addEventListener("drop", (event) => {
      if (!this.#dragged) return;
      event.preventDefault();
      this.#put(this.#dragged, this.#place(row));
    });
  }

  /** Show where a row that is dragged would come. @param {Element | null} line @param {boolean} isBelow */
  #mark(line, isBelow = false) {
    for (const one of this.root.querySelectorAll(".rt-over, .rt-under")) one.classList.remove("rt-over", "rt-under");
    line?.classList.add(isBelow ? "rt-under" : "rt-over");
  }
  destroy() {
    this.host.replaceChildren();
  }
}

export default hosted((root, send) => new StopList(root, send));
