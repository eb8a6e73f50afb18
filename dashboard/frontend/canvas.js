// Draws the parts of a map on a canvas, as they look on the screen: shapes, rivers, ways, names, legend.

/** @import { Point } from "leaflet" */
/** @import { LineEntry, PaletteEntry, SignEntry } from "./state.js" */
/** @import { halfWay, Part } from "./ways.js" */
/** @typedef {CanvasRenderingContext2D} Pen */
/** @typedef {Pick<PaletteEntry, "colour"> & Partial<PaletteEntry>} Fill */
/** @typedef {{ rings: Point[][], fill: Fill, isStrong: boolean, isSelected: boolean }} Shape */
/** @typedef {{ colour: string, dashed: boolean, points: Point[], half: ReturnType<typeof halfWay> }} Leg */
/** @typedef {{ x: number, y: number, text: string, parts: Part[] }} Stop */
/** @typedef {Fill & { text: string, way?: LineEntry | SignEntry }} Entry */

import { element } from "./component.js";
import { ARROW, CASING, DASHES, INK, LINE, signOf } from "./ways.js";

/** So many pixels of a picture make one of the screen. */
export const SCALE = 2;
export const FONT = '"Be Vietnam Pro", sans-serif';
export const SECONDARY = "#5b6679";
const LAND = "#f3f1ea";
const BORDER = "#c9c6bc";
const RIVER = "#e0eaf0";
/** How much smaller the signs of stops are in the legend. */
const SMALL = 0.72;

/**
 * The lines of a text no wider than `width`; a word that is wider alone has a line of its own.
 *
 * @param {string} text @param {number} width
 * @param {(text: string) => number} widthOf
 */
export function wrapped(text, width, widthOf) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = lines[lines.length - 1] ? `${lines[lines.length - 1]} ${word}` : word;
    if (widthOf(longer) <= width || longer === word) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/**
 * Write a text in lines no wider than `width`; return where the next one begins.
 *
 * @param {Pen} pen @param {string} text @param {number} x @param {number} y @param {number} width
 * @param {{ size: number, weight?: number, colour?: string, leading?: number }} look
 */
export function write(pen, text, x, y, width, { size, weight = 400, colour = INK, leading = 1.35 }) {
  pen.font = `${weight} ${size}px ${FONT}`;
  pen.fillStyle = colour;
  pen.textAlign = "left";
  pen.textBaseline = "top";
  const lines = wrapped(text, width, (line) => pen.measureText(line).width);
  lines.forEach((line, index) => pen.fillText(line, x, y + index * size * leading));
  return y + lines.length * size * leading;
}

/** A canvas of a size in its own pixels, and the pen on it. @param {number} width @param {number} height */
export function canvasOf(width, height) {
  const canvas = element("canvas");
  Object.assign(canvas, { width, height });
  return { canvas, pen: /** @type {Pen} */ (canvas.getContext("2d")) };
}

/** What a class is filled with: its colour, or its pattern in it. @param {Pen} pen @param {Fill} entry */
function fillOf(pen, entry) {
  if (!entry.pattern) return entry.colour;
  const size = (entry.pattern === "hatch" ? 10 : 11) * SCALE;
  const { canvas: tile, pen: ink } = canvasOf(size, size);
  ink.fillStyle = LAND;
  ink.fillRect(0, 0, size, size);
  if (entry.pattern === "hatch") {
    ink.strokeStyle = entry.colour;
    ink.lineWidth = 4 * SCALE;
    ink.beginPath();
    for (const shift of [-size, 0, size]) {
      ink.moveTo(shift - size, 2 * size);
      ink.lineTo(shift + 2 * size, -size);
    }
    ink.stroke();
  } else {
    ink.fillStyle = entry.colour;
    ink.beginPath();
    ink.arc(size / 2, size / 2, 1.1 * SCALE, 0, 2 * Math.PI);
    ink.fill();
  }
  const pattern = /** @type {CanvasPattern} */ (pen.createPattern(tile, "repeat"));
  pattern.setTransform(new DOMMatrix().scale(1 / SCALE));
  return pattern;
}

/** Begin a path along points. @param {Pen} pen @param {{ x: number, y: number }[][]} lines */
function trace(pen, lines, isClosed = false) {
  pen.beginPath();
  for (const line of lines) {
    line.forEach(({ x, y }, index) => (index ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    if (isClosed) pen.closePath();
  }
}

/** Draw wards, those with a strong outline last. @param {Pen} pen @param {Shape[]} wards */
export function drawShapes(pen, wards) {
  const strongLast = [...wards].sort((a, b) => Number(a.isStrong) - Number(b.isStrong));
  for (const { rings, fill, isStrong, isSelected } of strongLast) {
    trace(pen, rings, true);
    pen.fillStyle = fillOf(pen, fill);
    pen.fill("evenodd");
    pen.strokeStyle = isStrong ? INK : BORDER;
    pen.lineWidth = isSelected ? 3 : isStrong ? 1.4 : 0.8;
    pen.stroke();
  }
}

/** Draw rivers, which darken what is below them. @param {Pen} pen @param {{ line: Point[], width: number }[]} rivers */
export function drawRivers(pen, rivers) {
  pen.save();
  pen.globalCompositeOperation = "multiply";
  pen.strokeStyle = RIVER;
  pen.lineCap = pen.lineJoin = "round";
  for (const { line, width } of rivers) {
    pen.lineWidth = width;
    trace(pen, [line]);
    pen.stroke();
  }
  pen.restore();
}

/**
 * Draw names with their leader lines.
 *
 * @param {Pen} pen @param {number[][]} lines @param {{ x: number, y: number, text: string }[]} texts
 * @param {number} size of the names
 */
export function drawLabels(pen, lines, texts, size) {
  pen.strokeStyle = INK;
  pen.fillStyle = INK;
  pen.lineWidth = 1;
  for (const [x1, y1, x2, y2] of lines) {
    pen.beginPath();
    pen.moveTo(x1, y1);
    pen.lineTo(x2, y2);
    pen.stroke();
    pen.beginPath();
    pen.arc(x2, y2, 2.6, 0, 2 * Math.PI);
    pen.fill();
  }
  pen.font = `600 ${size}px ${FONT}`;
  pen.textAlign = "center";
  pen.textBaseline = "alphabetic";
  pen.lineJoin = "round";
  for (const { x, y, text } of texts) {
    pen.strokeStyle = "#fafaf7";
    pen.lineWidth = 4;
    pen.strokeText(text, x, y);
    pen.fillText(text, x, y);
  }
}

/** @param {Pen} pen @param {{ width: number, text: string }} scale @param {number} right @param {number} bottom */
export function drawScale(pen, { width, text }, right, bottom) {
  pen.fillStyle = INK;
  pen.fillRect(right - width, bottom - 3, width, 3);
  pen.font = `500 13px ${FONT}`;
  pen.textAlign = "left";
  pen.textBaseline = "alphabetic";
  pen.fillText(text, right - width, bottom - 8);
}

/** @param {Pen} pen @param {string} text @param {number} x @param {number} y */
export function drawBadge(pen, text, x, y) {
  pen.font = `600 13px ${FONT}`;
  const width = pen.measureText(text).width + 18;
  pen.fillStyle = "#fdf1e4";
  pen.strokeStyle = "#b9482f";
  pen.lineWidth = 1;
  pen.beginPath();
  pen.roundRect(x, y, width, 26, 4);
  pen.fill();
  pen.stroke();
  pen.fillStyle = "#7a2b16";
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  pen.fillText(text, x + 9, y + 13);
}

/**
 * Draw the legend; return where it ends.
 *
 * @param {Pen} pen @param {{ heading: string, entries: Entry[], notes: string[] }} legend
 * @param {number} x @param {number} y @param {number} width
 */
export function drawLegend(pen, { heading, entries, notes }, x, y, width) {
  let at = heading ? write(pen, heading, x, y, width, { size: 16, weight: 600 }) + 8 : y;
  for (const entry of entries) {
    const room = entry.way ? 38 : 24;
    if (entry.way) {
      drawWaySign(pen, entry.way, x, at);
    } else {
      pen.fillStyle = fillOf(pen, entry);
      pen.strokeStyle = entry.outlined ? INK : BORDER;
      pen.lineWidth = 1.2;
      pen.beginPath();
      pen.roundRect(x, at, 15, 15, 3);
      pen.fill();
      pen.stroke();
    }
    at = write(pen, entry.text, x + room, at - 1, width - room, { size: 14 }) + 6;
  }
  for (const note of notes) at = write(pen, note, x, at + 4, width, { size: 12, colour: SECONDARY });
  return at;
}

/** @param {Pen} pen @param {LineEntry | SignEntry} entry @param {number} x @param {number} y */
function drawWaySign(pen, entry, x, y) {
  if ("kind" in entry) {
    drawParts(pen, signOf(entry), new DOMMatrix().translate(x + 14, y + 8).scale(SMALL));
    return;
  }
  drawLine(pen, [{ x, y: y + 8 }, { x: x + 28, y: y + 8 }], entry.colour, LINE, entry.dashed);
}

/** @param {Pen} pen @param {{ x: number, y: number }[]} points @param {string} colour @param {number} width @param {boolean} isDashed */
function drawLine(pen, points, colour, width, isDashed) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.setLineDash(isDashed ? DASHES : []);
  trace(pen, [points]);
  pen.stroke();
  pen.setLineDash([]);
}

/** Draw the parts of a sign, the first with a rim, and its text. @param {Pen} pen @param {Part[]} parts @param {DOMMatrix} place */
function drawParts(pen, parts, place, text = "") {
  pen.save();
  const { a, b, c, d, e, f } = place;
  pen.transform(a, b, c, d, e, f);
  for (const [index, { path, fill }] of parts.entries()) {
    const outline = new Path2D(path);
    pen.fillStyle = fill;
    pen.fill(outline);
    if (index > 0) continue;
    pen.strokeStyle = "#fff";
    pen.lineWidth = 1.6;
    pen.stroke(outline);
  }
  pen.fillStyle = "#fff";
  pen.font = `700 13px ${FONT}`;
  pen.textAlign = "center";
  pen.textBaseline = "alphabetic";
  pen.fillText(text, 0, 4.6);
  pen.restore();
}

/** Draw the legs of ways; all casings lie below all lines. @param {Pen} pen @param {Leg[]} legs */
export function drawLegs(pen, legs) {
  pen.lineJoin = "round";
  for (const leg of legs) drawLine(pen, leg.points, "#fff", CASING, false);
  for (const leg of legs) drawLine(pen, leg.points, leg.colour, LINE, leg.dashed);
  for (const { colour, half } of legs) {
    if (!half) continue;
    drawParts(pen, [{ path: ARROW, fill: colour }], new DOMMatrix().translate(half.x, half.y).rotate(half.turn));
  }
}

/** Draw the signs of stops, the first of a way last, so that it lies on top. @param {Pen} pen @param {Stop[]} stops */
export function drawStops(pen, stops) {
  for (const { x, y, text, parts } of [...stops].reverse()) {
    drawParts(pen, parts, new DOMMatrix().translate(x, y), text);
  }
}
