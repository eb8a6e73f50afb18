// Draws the parts of a map on a canvas, as they look on the screen: shapes, rivers, ways, names, legend.

/** @import { LineEntry, PaletteEntry, SignEntry } from "./state.js" */
/** @import { halfWay, Part } from "./ways.js" */
/** @typedef {CanvasRenderingContext2D} Pen */
/** @typedef {{ x: number, y: number }} Point */
/** @typedef {Pick<PaletteEntry, "colour"> & Partial<PaletteEntry>} Fill */
/** @typedef {{ rings: Point[][], fill: Fill, isStrong: boolean, isSelected: boolean, isBare?: boolean, isClear?: boolean }} Shape */
/** @typedef {{ colour: string, dashed: boolean, points: Point[], half: ReturnType<typeof halfWay> }} Leg */
/** @typedef {Point & { text: string, parts: Part[] }} Stop */
/** @typedef {Fill & { text: string, way?: LineEntry | SignEntry, radius?: number }} Entry */
/** @typedef {{ fill?: CanvasFillStrokeStyles["fillStyle"], stroke?: string, width?: number, dashes?: number[] }} Look */

import { LARGEST } from "./circles.js";
import { element } from "./component.js";
import { ARROW, CASING, DASHES, INK, LINE, signOf } from "./ways.js";

/** So many pixels of a picture make one of the screen. */
export const SCALE = 2;
export const FONT = '"Be Vietnam Pro", sans-serif';
export const SECONDARY = "#5b6679";
const LAND = "#f3f1ea";
const BORDER = "#c9c6bc";
const RIVER = "#e0eaf0";
const HALO = "#fafaf7";
/** How much smaller the signs of stops are in the legend. */
const SMALL = 0.72;

/** A canvas of a size in its own pixels, and the pen on it. @param {number} width @param {number} height */
export function canvasOf(width, height) {
  const canvas = Object.assign(element("canvas"), { width, height });
  return { canvas, pen: /** @type {Pen} */ (canvas.getContext("2d")) };
}

/** A path along points. @param {Point[][]} lines */
function along(lines, isClosed = false) {
  const parts = lines.map((line) => `M${line.map(({ x, y }) => `${x} ${y}`).join("L")}${isClosed ? "Z" : ""}`);
  return new Path2D(parts.join(""));
}

/** @param {number} x @param {number} y @param {number} radius */
function disc(x, y, radius) {
  const path = new Path2D();
  path.arc(x, y, radius, 0, 2 * Math.PI);
  return path;
}

/** @param {number} x @param {number} y @param {number} width @param {number} height @param {number} radius */
export function box(x, y, width, height, radius) {
  const path = new Path2D();
  path.roundRect(x, y, width, height, radius);
  return path;
}

/** Fill a path and draw it. @param {Pen} pen @param {Path2D} path @param {Look} look */
function paint(pen, path, { fill, stroke, width = 1, dashes = [] }) {
  if (fill) {
    pen.fillStyle = fill;
    pen.fill(path, "evenodd");
  }
  if (!stroke) return;
  Object.assign(pen, { strokeStyle: stroke, lineWidth: width });
  pen.setLineDash(dashes);
  pen.stroke(path);
}

/** Write in one line. @param {Pen} pen @param {string} text @param {number} x @param {number} y @param {string} font */
function letter(pen, text, x, y, font, { colour = INK, align = "left", baseline = "alphabetic" } = {}) {
  Object.assign(pen, { font: `${font} ${FONT}`, fillStyle: colour, textAlign: align, textBaseline: baseline });
  pen.fillText(text, x, y);
}

/**
 * The lines of a text no wider than `width`; a word that is wider alone has a line of its own.
 *
 * @param {string} text @param {number} width @param {(text: string) => number} widthOf
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
  const font = `${weight} ${size}px`;
  pen.font = `${font} ${FONT}`;
  const lines = wrapped(text, width, (line) => pen.measureText(line).width);
  lines.forEach((line, index) => letter(pen, line, x, y + index * size * leading, font, { colour, baseline: "top" }));
  return y + lines.length * size * leading;
}

/** What a class is filled with: its colour, or its pattern in it, which may be clear. @param {Pen} pen @param {Fill} entry */
function fillOf(pen, { colour, pattern: kind }, isClear = false) {
  if (!kind) return colour;
  const size = (kind === "hatch" ? 10 : 11) * SCALE;
  const { canvas: tile, pen: ink } = canvasOf(size, size);
  if (!isClear) paint(ink, box(0, 0, size, size, 0), { fill: LAND });
  if (kind === "hatch") {
    const stripes = [-size, 0, size].map((at) => [{ x: at - size, y: 2 * size }, { x: at + 2 * size, y: -size }]);
    paint(ink, along(stripes), { stroke: colour, width: 4 * SCALE });
  } else {
    paint(ink, disc(size / 2, size / 2, 1.1 * SCALE), { fill: colour });
  }
  const pattern = /** @type {CanvasPattern} */ (pen.createPattern(tile, "repeat"));
  pattern.setTransform(new DOMMatrix().scale(1 / SCALE));
  return pattern;
}

/** Draw wards, those with a strong outline last. @param {Pen} pen @param {Shape[]} wards */
export function drawShapes(pen, wards) {
  const strongLast = [...wards].sort((a, b) => Number(a.isStrong) - Number(b.isStrong));
  for (const { rings, fill, isStrong, isSelected, isClear } of strongLast) {
    const width = isSelected ? 3 : isStrong ? 1.4 : 0.8;
    paint(pen, along(rings, true), { fill: fillOf(pen, fill, isClear), stroke: isStrong ? INK : BORDER, width });
  }
}

/** Draw circles over wards, the largest first. @param {Pen} pen @param {(Point & { r: number })[]} circles */
export function drawCircles(pen, circles) {
  for (const { x, y, r } of circles) paint(pen, disc(x, y, r), { fill: "rgb(47 111 179 / 0.55)", stroke: "#1d5695" });
}

/** Draw rivers, which darken what is below them. @param {Pen} pen @param {{ line: Point[], width: number }[]} rivers */
export function drawRivers(pen, rivers) {
  pen.save();
  Object.assign(pen, { globalCompositeOperation: "multiply", lineCap: "round", lineJoin: "round" });
  for (const { line, width } of rivers) paint(pen, along([line]), { stroke: RIVER, width });
  pen.restore();
}

/** Draw the legs of ways; all casings lie below all lines. @param {Pen} pen @param {Leg[]} legs */
export function drawLegs(pen, legs) {
  pen.lineJoin = "round";
  for (const { points } of legs) paint(pen, along([points]), { stroke: "#fff", width: CASING });
  for (const { points, colour, dashed } of legs) {
    paint(pen, along([points]), { stroke: colour, width: LINE, dashes: dashed ? DASHES : [] });
  }
  for (const { colour, half } of legs) {
    if (!half) continue;
    drawParts(pen, [{ path: ARROW, fill: colour }], new DOMMatrix().translate(half.x, half.y).rotate(half.turn));
  }
}

/** Draw the signs of stops, the first of a way last, so that it lies on top. @param {Pen} pen @param {Stop[]} stops */
export function drawStops(pen, stops) {
  for (const { x, y, text, parts } of [...stops].reverse()) {
    drawParts(pen, parts, new DOMMatrix().translate(x, y));
    letter(pen, text, x, y + 4.6, "700 13px", { colour: "#fff", align: "center" });
  }
}

/** Draw the parts of a sign, the first with a rim. @param {Pen} pen @param {Part[]} parts @param {DOMMatrix} place */
function drawParts(pen, parts, place) {
  const before = pen.getTransform();
  pen.setTransform(before.multiply(place));
  parts.forEach(({ path, fill }, index) => paint(pen, new Path2D(path), { fill, stroke: index ? "" : "#fff", width: 1.6 }));
  pen.setTransform(before);
}

/**
 * Draw names with their leader lines, each from a label to its ward.
 *
 * @param {Pen} pen @param {[Point, Point][]} leaders @param {(Point & { text: string })[]} names
 * @param {number} size of the names
 */
export function drawLabels(pen, leaders, names, size) {
  for (const [from, to] of leaders) {
    paint(pen, along([[from, to]]), { stroke: INK });
    paint(pen, disc(to.x, to.y, 2.6), { fill: INK });
  }
  pen.setLineDash([]);
  for (const { x, y, text } of names) {
    const font = `600 ${size}px`;
    Object.assign(pen, { font: `${font} ${FONT}`, textAlign: "center", textBaseline: "alphabetic" });
    Object.assign(pen, { strokeStyle: HALO, lineWidth: 4, lineJoin: "round" });
    pen.strokeText(text, x, y);
    letter(pen, text, x, y, font, { align: "center" });
  }
}

/** @param {Pen} pen @param {{ width: number, text: string }} scale @param {number} right @param {number} bottom */
export function drawScale(pen, { width, text }, right, bottom) {
  pen.fillStyle = INK;
  pen.fillRect(right - width, bottom - 3, width, 3);
  letter(pen, text, right - width, bottom - 8, "500 13px");
}

/**
 * Draw a badge; return how wide it is.
 *
 * @param {Pen} pen @param {string} text @param {number} x @param {number} y
 * @param {{ colour: string, fill: string, stroke: string }} look
 */
export function drawBadge(pen, text, x, y, { colour, fill, stroke }) {
  const font = "600 13px";
  pen.font = `${font} ${FONT}`;
  const width = pen.measureText(text).width + 18;
  paint(pen, box(x, y, width, 26, 4), { fill, stroke });
  letter(pen, text, x + 9, y + 13, font, { colour, baseline: "middle" });
  return width;
}

/**
 * Draw the legend; return where it ends.
 *
 * @param {Pen} pen @param {{ heading: string, entries: Entry[], notes: string[] }} legend
 * @param {number} x @param {number} y @param {number} width
 */
export function drawLegend(pen, { heading, entries, notes }, x, y, width) {
  let at = heading ? write(pen, heading, x, y, width, { size: 16, weight: 600 }) + 8 : y;
  for (const { text, way, radius, ...entry } of entries) {
    const room = radius ? 2 * LARGEST + 8 : way ? 38 : 24;
    if (radius) {
      drawCircles(pen, [{ x: x + LARGEST, y: at + radius, r: radius }]);
      at += Math.max(0, radius - 8);
    } else if (way) drawWaySign(pen, way, x, at);
    else paint(pen, box(x, at, 15, 15, 3), { fill: fillOf(pen, entry), stroke: entry.outlined ? INK : BORDER, width: 1.2 });
    at = write(pen, text, x + room, at - 1, width - room, { size: 14 }) + 6 + Math.max(0, (radius ?? 0) - 8);
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
  const line = along([[{ x, y: y + 8 }, { x: x + 28, y: y + 8 }]]);
  paint(pen, line, { stroke: entry.colour, width: LINE, dashes: entry.dashed ? DASHES : [] });
}
