// What the classes of a map mean: a list of them, and of figures a histogram in their colours or the square of two.

/** @import { Frames, Histogram, MapState, PaletteEntry, SquareKey } from "./state.js" */

import { drawSizes } from "./circles.js";
import { element, shape } from "./component.js";
import { drawTick } from "./labels.js";
import { drawLegendSign } from "./ways.js";

const WIDTH = 240;
const HEIGHT = 54;
/** So many classes have two figures, which come first in the palette. */
export const SQUARE = 9;

/** Black or white, whichever is read more easily on a colour. @param {string} colour */
export function inkOn(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
  const linear = [red, green, blue].map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  const light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  return light > 0.19 ? "#14213d" : "#ffffff";
}

/** @param {Histogram} histogram @param {string} label @param {PaletteEntry[]} palette @param {Element} parent */
function drawHistogram({ counts, classes, places, ends }, label, palette, parent) {
  if (!counts.length) return;
  const box = element("div", "pw-histogram", parent);
  const size = { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none" };
  const svg = shape("svg", { ...size, role: "img", "aria-label": label }, box);
  const most = Math.max(...counts);
  const step = WIDTH / counts.length;
  counts.forEach((count, index) => {
    if (!count) return;
    const height = Math.max(1.5, (count / most) * (HEIGHT - 4));
    const bar = { x: index * step + 0.5, y: HEIGHT - height, width: Math.max(step - 1, 1), height };
    shape("rect", { ...bar, fill: palette[classes[index]].colour, class: "pw-bar" }, svg);
  });
  for (const place of places) {
    shape("line", { x1: place * WIDTH, x2: place * WIDTH, y1: 0, y2: HEIGHT, class: "pw-bound" }, svg);
  }
  const axis = element("div", "pw-ends", box);
  for (const end of new Set(ends)) element("span", "", axis, end);
}

/** @param {SquareKey} key @param {PaletteEntry[]} palette @param {Element} parent */
function drawSquare({ rows, columns }, palette, parent) {
  const table = element("table", "pw-square", parent);
  const caption = element("caption", "", table);
  element("b", "", caption, `${rows.title} ↓`);
  element("span", "", caption, rows.unit && ` (${rows.unit})`);
  element("br", "", caption);
  element("b", "", caption, `${columns.title} →`);
  element("span", "", caption, columns.unit && ` (${columns.unit})`);
  const head = element("tr", "", element("thead", "", table));
  element("td", "", head);
  for (const label of columns.labels) element("th", "", head, label).scope = "col";
  const body = element("tbody", "", table);
  rows.labels.forEach((label, row) => {
    const line = element("tr", "", body);
    element("th", "", line, label).scope = "row";
    columns.labels.forEach((_, column) => {
      const entry = palette[3 * row + column];
      const cell = element("td", "pw-cell", line, entry.count);
      cell.style.background = entry.colour;
      cell.style.color = inkOn(entry.colour);
    });
  });
}

export class Legend {
  /** @param {HTMLElement} figure */
  constructor(figure) {
    const side = element("div", "pw-side", figure);
    // Where it is higher than its place it scrolls, by the keyboard too.
    side.tabIndex = 0;
    this.top = element("div", "pw-key", side);
    this.list = element("ul", "pw-legend", side);
    this.notes = element("div", "pw-key-notes", side);
  }

  /**
   * Draw the legend of a state.
   *
   * @param {MapState} state @param {string[]} fills of its classes
   * @param {string[]} formerFills of those of wards of other boundaries
   */
  draw({ palette, ticks, key, ways, circles, former }, fills, formerFills) {
    this.#drawKey(key, palette);
    if (circles) drawSizes(circles, this.top);
    this.list.replaceChildren();
    palette.forEach((entry, index) => {
      // Of two figures the square shows the classes.
      if (key && "rows" in key && index < SQUARE) return;
      this.#addClass(entry, fills[index], { class: index });
    });
    former?.palette.forEach((entry, index) => this.#addClass(entry, formerFills[index], { former: index }));
    for (const tick of ticks) drawTick(tick, 9, 9, this.#add(`${tick.label} (${tick.count})`));
    ways?.legend.forEach((entry, index) => drawLegendSign(entry, this.#add(entry.label, { way: index }, 34)));
  }

  /** Add the entry of a class. @param {PaletteEntry} entry @param {string} fill @param {Record<string, number>} data */
  #addClass(entry, fill, data) {
    const sign = this.#add(entry.count ? `${entry.label} (${entry.count})` : entry.label, data);
    const look = `${entry.outlined ? "pw-outlined" : ""} ${entry.faded ? "pw-faded" : ""}`;
    shape("rect", { x: 1.5, y: 1.5, width: 15, height: 15, rx: 3, fill, class: look }, sign);
  }

  /** Add an entry; return the drawing of its sign. @param {string} text @param {Record<string, number>} data */
  #add(text, data = {}, width = 18) {
    const item = element("li", "way" in data ? "pw-way-entry" : "", this.list);
    Object.assign(item.dataset, data);
    const sign = shape("svg", { viewBox: `0 0 ${width} 18`, "aria-hidden": "true" }, item);
    element("span", "", item, text);
    return sign;
  }

  /** Count the wards of a moment that is played. @param {PaletteEntry[]} palette @param {Frames} frames @param {number} at */
  count(palette, frames, at) {
    for (const item of this.items()) {
      const number = Number(item.dataset.class);
      const entry = palette[number];
      if (entry?.count && item.lastChild) item.lastChild.textContent = `${entry.label} (${frames.counts[at][number]})`;
    }
  }

  items() {
    return [...this.list.querySelectorAll("li")];
  }

  /** @param {MapState["key"]} key @param {PaletteEntry[]} palette */
  #drawKey(key, palette) {
    this.top.replaceChildren();
    this.notes.replaceChildren(...(key?.about ?? []).map((line) => element("p", "", null, line)));
    if (!key) return;
    if ("rows" in key) {
      drawSquare(key, palette, this.top);
      return;
    }
    const heading = element("p", "pw-key-title", this.top, key.title);
    if (key.hint) heading.title = key.hint;
    if (key.unit) element("span", "", heading, ` (${key.unit})`);
    if (key.histogram) drawHistogram(key.histogram, key.histogramLabel ?? "", palette, this.top);
  }
}
