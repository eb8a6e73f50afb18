// Ways over the map: the legs of teams as lines, their numbered stops, where they start and end.

import * as L from "./leaflet.js";

const SVG = "http://www.w3.org/2000/svg";
const INK = "#14213d";
const RADIUS = 11;
const LINE = 4;
const CASING = 7.5;
export const DASHES = [10, 8];

/** Outlines of the signs of stops by their form, around 0, 0. */
const FORMS = {
  circle: "M-11 0A11 11 0 1 1 11 0A11 11 0 1 1 -11 0Z",
  square: "M-10 -7A3 3 0 0 1 -7 -10H7A3 3 0 0 1 10 -7V7A3 3 0 0 1 7 10H-7A3 3 0 0 1 -10 7Z",
  diamond: "M0 -14L14 0L0 14L-14 0Z",
  hexagon: "M-6.5 -11.2H6.5L13 0L6.5 11.2H-6.5L-13 0Z",
};
const START = "M-3.5 -5.5L6 0L-3.5 5.5Z";
const END = "M-4.5 -4.5H4.5V4.5H-4.5Z";
const ARROW = "M-4 -4.5L5 0L-4 4.5Z";

function shape(name, attributes, parent) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  parent.appendChild(node);
  return node;
}

/** What the sign of a stop consists of: paths around 0, 0, each with its fill. */
function signOf(stop) {
  if (stop.kind === "visit") return [{ path: FORMS[stop.form], fill: stop.colour }];
  const parts = [{ path: FORMS.circle, fill: INK }];
  if (stop.kind === "both") {
    parts.push({ path: "M-7.5 -5L0.5 0L-7.5 5Z", fill: "#fff" }, { path: "M1.5 -3.5H8V3.5H1.5Z", fill: "#fff" });
  } else {
    parts.push({ path: stop.kind === "start" ? START : END, fill: "#fff" });
  }
  return parts;
}

function drawSign(stop, x, y, parent, zoom = 1) {
  const place = `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${zoom})`;
  const group = shape("g", { class: "pw-stop", transform: place }, parent);
  for (const { path, fill } of signOf(stop)) shape("path", { d: path, fill }, group);
  if (stop.text) shape("text", { y: 4.6, "data-stop": stop.text }, group).textContent = stop.text;
  return group;
}

/** The point half way along a line in pixels, and the direction there in degrees; null where it is too short. */
function halfWay(points) {
  const steps = points.slice(1).map((point, index) => Math.hypot(point.x - points[index].x, point.y - points[index].y));
  let left = steps.reduce((sum, step) => sum + step, 0) / 2;
  if (left < RADIUS + 12) return null;
  const at = steps.findIndex((step) => (left -= step) <= 0);
  const [from, to] = [points[at], points[at + 1]];
  const share = 1 + left / steps[at];
  return {
    x: from.x + (to.x - from.x) * share,
    y: from.y + (to.y - from.y) * share,
    turn: (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI,
  };
}

export class Ways {
  /**
   * @param map of Leaflet
   * @param decode turns stored numbers into a list of latitudes and longitudes
   */
  constructor(map, decode) {
    this.map = map;
    this.decode = decode;
    this.text = "null";
    this.legs = [];
    this.stops = [];
    const pane = map.createPane("pw-ways");
    pane.style.zIndex = 450;
    pane.style.pointerEvents = "none";
  }

  /** Show other ways, or none, in lines `zoom` times as thick; tell whether they differ from those shown. */
  set(ways, zoom) {
    const text = JSON.stringify(ways ? [ways, zoom] : null);
    if (text === this.text) return false;
    this.text = text;
    this.group?.remove();
    this.group = null;
    this.stops = ways?.stops ?? [];
    this.legs = (ways?.legs ?? []).map((leg) => ({ ...leg, points: this.decode(leg.points, ways.scale) }));
    if (!this.legs.length) return true;
    const line = { pane: "pw-ways", interactive: false, lineCap: "round", lineJoin: "round", opacity: 1 };
    // All casings lie below all lines, so that none is cut where ways cross.
    const casings = this.legs.map((leg) => L.polyline(leg.points, { ...line, color: "#fff", weight: CASING * zoom }));
    const lines = this.legs.map((leg) =>
      L.polyline(leg.points, {
        ...line,
        className: leg.dashed ? "pw-leg pw-estimate" : "pw-leg",
        color: leg.colour,
        dashArray: leg.dashed ? DASHES.map((length) => length * zoom).join(" ") : null,
        lineCap: leg.dashed ? "butt" : "round",
        weight: LINE * zoom,
      }),
    );
    this.group = L.layerGroup([...casings, ...lines]).addTo(this.map);
    return true;
  }

  /** Draw arrows half way on the legs; like the signs they keep their size when the map is zoomed. */
  drawArrows(parent, zoom) {
    for (const leg of this.legs) {
      const half = halfWay(leg.points.map((point) => this.map.latLngToLayerPoint(point)));
      if (!half) continue;
      const transform = `translate(${half.x.toFixed(1)} ${half.y.toFixed(1)}) rotate(${half.turn.toFixed(0)}) scale(${zoom})`;
      shape("path", { d: ARROW, transform, class: "pw-arrow", fill: leg.colour }, parent);
    }
  }

  /** Draw the signs of the stops. */
  drawStops(parent, zoom) {
    // The first of a way come last, so that they lie on top.
    for (const stop of [...this.stops].reverse()) {
      const { x, y } = this.map.latLngToLayerPoint(stop.at);
      drawSign(stop, x, y, parent, zoom);
    }
  }

  /** What labels are placed for: the stops in pixels, and boxes that no label may cover. */
  labelled() {
    return this.stops.map((stop) => ({ stop, ...this.map.latLngToLayerPoint(stop.at) }));
  }

  /** What a picture of the map draws of them, in pixels of the frame. */
  picture() {
    const place = (point) => this.map.latLngToContainerPoint(point);
    return {
      legs: this.legs.map((leg) => {
        const points = leg.points.map(place);
        return { colour: leg.colour, dashed: leg.dashed, points, half: halfWay(points) };
      }),
      stops: this.stops.map((stop) => ({ ...place(stop.at), text: stop.text, parts: signOf(stop) })),
    };
  }
}

/** Draw the entry of the legend for a kind of line or of stop into a box of 34 × 18. */
export function drawLegendSign(entry, parent) {
  if (entry.kind) {
    drawSign({ ...entry, text: "" }, 17, 9, parent).setAttribute("transform", "translate(17 9) scale(0.72)");
    return;
  }
  const line = { x1: 2, x2: 32, y1: 9, y2: 9, stroke: entry.colour, "stroke-width": LINE };
  if (entry.dashed) line["stroke-dasharray"] = DASHES.join(" ");
  shape("line", line, parent);
}

/** Draw the sign of an entry of the legend on a canvas. */
export function paintLegendSign(pen, entry, x, y) {
  if (entry.kind) {
    pen.save();
    pen.translate(x + 14, y + 8);
    pen.scale(0.72, 0.72);
    paintParts(pen, signOf(entry));
    pen.restore();
    return;
  }
  pen.strokeStyle = entry.colour;
  pen.lineWidth = LINE;
  pen.setLineDash(entry.dashed ? DASHES : []);
  pen.beginPath();
  pen.moveTo(x, y + 8);
  pen.lineTo(x + 28, y + 8);
  pen.stroke();
  pen.setLineDash([]);
}

function paintParts(pen, parts) {
  for (const [index, { path, fill }] of parts.entries()) {
    const outline = new Path2D(path);
    pen.fillStyle = fill;
    pen.fill(outline);
    if (index > 0) continue;
    pen.strokeStyle = "#fff";
    pen.lineWidth = 1.6;
    pen.stroke(outline);
  }
}

/** Draw the legs of `Ways.picture` on a canvas. */
export function paintLegs(pen, legs) {
  const draw = (leg, colour, width, dashes) => {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.setLineDash(dashes);
    pen.beginPath();
    leg.points.forEach(({ x, y }, index) => (index ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.stroke();
  };
  pen.lineJoin = "round";
  for (const leg of legs) draw(leg, "#fff", CASING, []);
  for (const leg of legs) draw(leg, leg.colour, LINE, leg.dashed ? DASHES : []);
  pen.setLineDash([]);
  for (const { colour, half } of legs.filter((leg) => leg.half)) {
    pen.save();
    pen.translate(half.x, half.y);
    pen.rotate((half.turn * Math.PI) / 180);
    paintParts(pen, [{ path: ARROW, fill: colour }]);
    pen.restore();
  }
}

/** Draw the stops of `Ways.picture` on a canvas. */
export function paintStops(pen, stops, font) {
  for (const { x, y, text, parts } of [...stops].reverse()) {
    pen.save();
    pen.translate(x, y);
    paintParts(pen, parts);
    pen.fillStyle = "#fff";
    pen.font = `700 13px ${font}`;
    pen.textAlign = "center";
    pen.textBaseline = "alphabetic";
    pen.fillText(text, 0, 4.6);
    pen.restore();
  }
}
