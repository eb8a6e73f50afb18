// A map as a picture: what is on the screen with its title, legend, filters, scale and badge, on a canvas.

import { paintLegendSign, paintLegs, paintStops } from "./ways.js";

const PAD = 24;
const SIDE = 300;
const SCALE = 2;
const FONT = '"Be Vietnam Pro", sans-serif';
const INK = "#14213d";
const SECONDARY = "#5b6679";
const LAND = "#f3f1ea";
const RIVER = "#e0eaf0";

/** The lines of a text no wider than `width`, in the font that the pen holds. */
function wrapped(pen, text, width) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = lines[lines.length - 1] ? `${lines[lines.length - 1]} ${word}` : word;
    if (pen.measureText(longer).width <= width || longer === word) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function write(pen, text, x, y, width, { size, weight = 400, colour = INK, leading = 1.35 }) {
  pen.font = `${weight} ${size}px ${FONT}`;
  pen.fillStyle = colour;
  pen.textAlign = "left";
  pen.textBaseline = "top";
  const lines = wrapped(pen, text, width);
  lines.forEach((line, index) => pen.fillText(line, x, y + index * size * leading));
  return y + lines.length * size * leading;
}

/** What a class is filled with: its colour, or its pattern in it. */
function fillOf(pen, entry) {
  if (!entry.pattern) return entry.colour;
  const size = (entry.pattern === "hatch" ? 10 : 11) * SCALE;
  const tile = document.createElement("canvas");
  tile.width = tile.height = size;
  const ink = tile.getContext("2d");
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
  const pattern = pen.createPattern(tile, "repeat");
  pattern.setTransform(new DOMMatrix().scale(1 / SCALE));
  return pattern;
}

function drawShapes(pen, wards) {
  for (const pass of [wards.filter((ward) => !ward.strong), wards.filter((ward) => ward.strong)]) {
    for (const { rings, fill, strong, selected } of pass) {
      pen.beginPath();
      for (const ring of rings) {
        ring.forEach(([x, y], index) => (index ? pen.lineTo(x, y) : pen.moveTo(x, y)));
        pen.closePath();
      }
      pen.fillStyle = fill;
      pen.fill("evenodd");
      pen.strokeStyle = strong ? INK : "#c9c6bc";
      pen.lineWidth = selected ? 3 : strong ? 1.4 : 0.8;
      pen.stroke();
    }
  }
}

/** Rivers darken what is below them, as on the screen. */
function drawRivers(pen, rivers) {
  pen.save();
  pen.globalCompositeOperation = "multiply";
  pen.strokeStyle = RIVER;
  pen.lineCap = pen.lineJoin = "round";
  for (const { line, width } of rivers) {
    pen.lineWidth = width;
    pen.beginPath();
    line.forEach(([x, y], index) => (index ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.stroke();
  }
  pen.restore();
}

function drawLabels(pen, { lines, texts }, size) {
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

function drawScale(pen, { width, text }, right, bottom) {
  pen.fillStyle = INK;
  pen.fillRect(right - width, bottom - 3, width, 3);
  pen.font = `500 13px ${FONT}`;
  pen.textAlign = "left";
  pen.textBaseline = "alphabetic";
  pen.fillText(text, right - width, bottom - 8);
}

function drawBadge(pen, text, x, y) {
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

function drawLegend(pen, { heading, entries, notes }, x, y, width) {
  let at = heading ? write(pen, heading, x, y, width, { size: 16, weight: 600 }) + 8 : y;
  for (const entry of entries) {
    if (entry.way) {
      paintLegendSign(pen, entry.way, x, at);
      at = write(pen, entry.text, x + 38, at - 1, width - 38, { size: 14 }) + 6;
      continue;
    }
    pen.fillStyle = fillOf(pen, entry);
    pen.strokeStyle = entry.outlined ? INK : "#c9c6bc";
    pen.lineWidth = 1.2;
    pen.beginPath();
    pen.roundRect(x, at, 15, 15, 3);
    pen.fill();
    pen.stroke();
    at = write(pen, entry.text, x + 24, at - 1, width - 24, { size: 14 }) + 6;
  }
  for (const note of notes) at = write(pen, note, x, at + 4, width, { size: 12, colour: SECONDARY });
  return at;
}

/**
 * Draw a map as a picture.
 *
 * @param view `width` and `height` of the map in pixels; `wards` (`rings`, `fill` as a class of the palette,
 *   `strong`, `selected`), `rivers` (`line`, `width`), `labels` (`lines`, `texts`), `labelSize`, `ways` (`Ways.picture`), `scale`, `badge`, `legend` (`heading`,
 *   `entries`, `notes`), `title`, `subtitle`, `credit`
 * @returns the canvas
 */
export async function drawPicture(view) {
  await Promise.all([400, 500, 600, 700].map((weight) => document.fonts.load(`${weight} 15px ${FONT}`, "Hải Phòng")));
  const width = view.width + SIDE + 3 * PAD;
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  const draw = () => {
    pen.scale(SCALE, SCALE);
    pen.fillStyle = "#fafaf7";
    pen.fillRect(0, 0, width, canvas.height / SCALE || 4000);
    let top = write(pen, view.title, PAD, PAD, width - 2 * PAD, { size: 24, weight: 700, leading: 1.25 });
    top = write(pen, view.subtitle, PAD, top + 4, width - 2 * PAD, { size: 13, colour: SECONDARY }) + 12;
    const legend = drawLegend(pen, view.legend, PAD + view.width + PAD, top, SIDE);
    pen.save();
    pen.beginPath();
    pen.roundRect(PAD, top, view.width, view.height, 8);
    pen.clip();
    pen.fillStyle = "#e4ebef";
    pen.fillRect(PAD, top, view.width, view.height);
    pen.translate(PAD, top);
    drawShapes(pen, view.wards.map((ward) => ({ ...ward, fill: fillOf(pen, ward.fill) })));
    drawRivers(pen, view.rivers);
    paintLegs(pen, view.ways.legs);
    drawLabels(pen, view.labels, view.labelSize);
    paintStops(pen, view.ways.stops, FONT);
    drawScale(pen, view.scale, view.width - 16, view.height - 14);
    if (view.badge) drawBadge(pen, view.badge, 12, 12);
    pen.restore();
    const bottom = Math.max(top + view.height, legend) + 8;
    return write(pen, view.credit, PAD, bottom, width - 2 * PAD, { size: 12, colour: SECONDARY }) + PAD / 2;
  };
  // Drawn once to learn how high it becomes: setting a canvas's size clears it.
  canvas.width = width * SCALE;
  canvas.height = 10;
  const height = draw();
  canvas.height = Math.ceil(height) * SCALE;
  draw();
  return canvas;
}

/** Let the browser save a canvas as a PNG file. */
export function savePicture(canvas, name) {
  canvas.toBlob((blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  }, "image/png");
}
