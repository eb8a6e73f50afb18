// The stops of a route as a list that is put in order by dragging a row, or by its buttons and the keyboard.
//
// The rows are those of dashboard/routes/stop_rows.py. A move sends the keys of all visits in their new order.

const SVG = "http://www.w3.org/2000/svg";
const FORMS = {
  circle: "M-11 0A11 11 0 1 1 11 0A11 11 0 1 1 -11 0Z",
  square: "M-10 -10H10V10H-10Z",
  diamond: "M0 -13L13 0L0 13L-13 0Z",
  hexagon: "M-6.5 -11.2H6.5L13 0L6.5 11.2H-6.5L-13 0Z",
};
const ENDS = { start: "M-3.5 -5.5L6 0L-3.5 5.5Z", end: "M-4.5 -4.5H4.5V4.5H-4.5Z" };
const ICONS = { up: "M3 10l5-5 5 5", down: "M3 6l5 5 5-5", remove: "M4 4l8 8M12 4l-8 8" };

function element(name, className, parent, text) {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text) node.textContent = text;
  parent?.appendChild(node);
  return node;
}

function shape(name, attributes, parent) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  parent.appendChild(node);
  return node;
}

function drawSign(row, parent, texts) {
  const svg = shape("svg", { viewBox: "-14 -14 28 28", class: "rt-sign", "aria-hidden": "true" }, parent);
  if (row.form && !ENDS[row.kind]) {
    shape("path", { d: FORMS[row.form], fill: row.colour }, svg);
    if (row.sign) shape("text", { y: 4.6 }, svg).textContent = row.sign;
  } else {
    shape("path", { d: FORMS.circle, fill: "#14213d" }, svg);
    shape("path", { d: ENDS[row.kind], fill: "#fff" }, svg);
  }
  element("span", "rt-spoken", parent, row.sign || texts[row.kind]);
}

class StopList {
  constructor(root) {
    this.root = element("div", "rt-list", root);
    this.root.setAttribute("role", "region");
    this.root.tabIndex = 0;
    this.spoken = element("p", "rt-spoken", root);
    this.spoken.setAttribute("role", "status");
  }

  show(state, send) {
    const text = JSON.stringify(state);
    this.send = send;
    if (text === this.text) return;
    this.text = text;
    this.state = state;
    const held = document.activeElement?.closest(".rt-list") === this.root ? document.activeElement.dataset : {};
    const { act, key } = this.wanted ?? held;
    this.wanted = null;
    this.#draw();
    if (act) this.#focus(key, act);
  }

  #focus(key, act) {
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
    for (const name of ["stop", "times", "leg"]) {
      element("th", `rt-${name}`, head, texts[name]).scope = "col";
    }
    element("td", "", head);
    const body = element("tbody", "", table);
    for (const row of rows) this.#drawRow(row, body, texts, movable);
    this.root.replaceChildren(table);
    if (rows.some((row) => row.method === "straight_line")) {
      element("p", "rt-meaning", this.root, `≈ ${texts.straight_line}`);
    }
  }

  #drawRow(row, body, texts, movable) {
    const line = element("tr", `rt-${row.kind}`, body);
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
    const named = element("span", "", name, row.name);
    named.title = row.hint;
    if (row.waits) element("small", "", name, row.waits);
    if (row.kind === "left") name.colSpan = 3;
    else this.#drawTimes(row, line, texts);
    const tools = element("td", "rt-tools", line);
    if (!row.key) return;
    line.dataset.key = row.key;
    if (movable) {
      this.#button(tools, "up", row, texts, () => this.#move(row, -1), this.#place(row) === 0);
      this.#button(tools, "down", row, texts, () => this.#move(row, 1), this.#place(row) === this.#keys().length - 1);
      this.#letDrag(line, row, texts);
    }
    this.#button(tools, "remove", row, texts, () => this.send("remove", row.key), false);
  }

  #drawTimes(row, line, texts) {
    element("td", "rt-times", line, row.times);
    const leg = element("td", "rt-way", line);
    if (row.method === "straight_line") element("abbr", "rt-estimate", leg, "≈").title = texts.straight_line;
    leg.append(row.leg);
    if (row.method === "network") leg.title = texts.network;
  }

  #button(parent, act, row, texts, click, disabled) {
    const button = element("button", "", parent);
    button.type = "button";
    button.disabled = disabled;
    Object.assign(button.dataset, { act, key: row.key });
    button.title = texts[act].replace("{name}", row.name);
    button.setAttribute("aria-label", button.title);
    shape("path", { d: ICONS[act] }, shape("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, button));
    button.addEventListener("click", click);
  }

  #keys() {
    return this.state.rows.filter((row) => row.key).map((row) => row.key);
  }

  #place(row) {
    return this.#keys().indexOf(row.key);
  }

  #move(row, by) {
    this.#put(row.key, this.#place(row) + by);
    this.wanted = { act: by < 0 ? "up" : "down", key: row.key };
  }

  #put(key, place) {
    const keys = this.#keys().filter((one) => one !== key);
    keys.splice(place, 0, key);
    if (String(keys) === String(this.#keys())) return;
    const { name } = this.state.rows.find((row) => row.key === key);
    this.spoken.textContent = this.state.texts.moved.replace("{name}", name).replace("{number}", place + 1);
    this.send("order", keys);
  }

  #letDrag(line, row, texts) {
    line.draggable = true;
    line.title = texts.drag;
    line.addEventListener("dragstart", (event) => {
      this.dragged = row.key;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", row.name);
      line.classList.add("rt-dragged");
    });
    line.addEventListener("dragend", () => {
      this.dragged = null;
      line.classList.remove("rt-dragged");
      this.#mark(null);
    });
    line.addEventListener("dragover", (event) => {
      if (!this.dragged) return;
      event.preventDefault();
      this.#mark(line, this.#place({ key: this.dragged }) < this.#place(row));
    });
    line.addEventListener("drop", (event) => {
      if (!this.dragged) return;
      event.preventDefault();
      this.#put(this.dragged, this.#place(row));
    });
  }

  #mark(line, isBelow) {
    for (const one of this.root.querySelectorAll(".rt-over, .rt-under")) one.classList.remove("rt-over", "rt-under");
    line?.classList.add(isBelow ? "rt-under" : "rt-over");
  }
}

const mounted = new WeakMap();

export default function streamlit({ data, parentElement, setTriggerValue }) {
  if (!mounted.has(parentElement)) mounted.set(parentElement, new StopList(parentElement));
  mounted.get(parentElement).show(data, (name, value) => setTriggerValue(name, value));
  return () => {
    mounted.delete(parentElement);
    parentElement.replaceChildren();
  };
}
