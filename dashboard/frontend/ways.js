// Ways over the map: the legs of teams as lines, their numbered stops, where they start and end.

/** @import { LatLng } from "./geometry.js" */
/** @import { Leg, LineEntry, SignEntry, Stop, WaysState } from "./state.js" */
/** @typedef {{ path: string, fill: string }} Part  of a sign, around 0, 0 */

import { shape } from "./component.js";
import { decodeLine } from "./geometry.js";
import * as L from "./leaflet.js";

export const INK = "#14213d";
const RADIUS = 11;
/** Widths of lines, and the dashes of an estimated one, in pixels. */
export const LINE = 4;
export const CASING = 7.5;
export const DASHES = [10, 8];

/** Outlines of the signs of stops by their form, around 0, 0. */
export const FORMS = {
  circle: "M-11 0A11 11 0 1 1 11 0A11 11 0 1 1 -11 0Z",
  square: "M-10 -7A3 3 0 0 1 -7 -10H7A3 3 0 0 1 10 -7V7A3 3 0 0 1 7 10H-7A3 3 0 0 1 -10 7Z",
  diamond: "M0 -14L14 0L0 14L-14 0Z",
  hexagon: "M-6.5 -11.2H6.5L13 0L6.5 11.2H-6.5L-13 0Z",
};
export const START = "M-3.5 -5.5L6 0L-3.5 5.5Z";
export const END = "M-4.5 -4.5H4.5V4.5H-4.5Z";
export const ARROW = "M-4 -4.5L5 0L-4 4.5Z";

/** What the sign of a stop consists of. @param {Stop | SignEntry} stop @returns {Part[]} */
export function signOf(stop) {
  if (stop.kind === "visit") return [{ path: FORMS[stop.form], fill: stop.colour }];
  const parts = [{ path: FORMS.circle, fill: INK }];
  if (stop.kind === "both") {
    parts.push({ path: "M-7.5 -5L0.5 0L-7.5 5Z", fill: "#fff" }, { path: "M1.5 -3.5H8V3.5H1.5Z", fill: "#fff" });
  } else {
    parts.push({ path: stop.kind === "start" ? START : END, fill: "#fff" });
  }
  return parts;
}

/** @param {Stop | SignEntry} stop @param {number} x @param {number} y @param {Element} parent */
function drawSign(stop, x, y, parent, zoom = 1) {
  const place = `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${zoom})`;
  const group = shape("g", { class: "pw-stop", transform: place }, parent);
  for (const { path, fill } of signOf(stop)) shape("path", { d: path, fill }, group);
  if ("text" in stop && stop.text) shape("text", { y: 4.6, "data-stop": stop.text }, group).textContent = stop.text;
}

/**
 * The point half way along a line in pixels, and the direction there in degrees; null where it is too short.
 *
 * @param {{ x: number, y: number }[]} points
 */
export function halfWay(points) {
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
  /** @type {(Omit<Leg, "points"> & { points: LatLng[] })[]} */ legs = [];
  /** @type {Stop[]} */ stops = [];
  /** @type {L.LayerGroup | undefined} */ group;
  #text = "";

  /** @param {L.Map} map */
  constructor(map) {
    this.map = map;
    Object.assign(map.createPane("pw-ways").style, { zIndex: 450, pointerEvents: "none" });
  }

  /**
   * Show other ways, or none, in lines `zoom` times as thick; tell whether they differ from those shown.
   *
   * @param {WaysState | undefined} ways @param {number} zoom
   */
  set(ways, zoom) {
    const text = ways ? JSON.stringify([ways, zoom]) : "";
    if (text === this.#text) return false;
    this.#text = text;
    this.group?.remove();
    this.stops = ways?.stops ?? [];
    this.legs = ways?.legs.map((leg) => ({ ...leg, points: decodeLine(leg.points, ways.scale) })) ?? [];
    /** @type {L.PolylineOptions} */
    const line = { pane: "pw-ways", interactive: false, lineCap: "round", lineJoin: "round", opacity: 1 };
    // All casings lie below all lines, so that none is cut where ways cross.
    const casings = this.legs.map((leg) => L.polyline(leg.points, { ...line, color: "#fff", weight: CASING * zoom }));
    const lines = this.legs.map((leg) =>
      L.polyline(leg.points, {
        ...line,
        className: leg.dashed ? "pw-leg pw-estimate" : "pw-leg",
        color: leg.colour,
        dashArray: leg.dashed ? DASHES.map((length) => length * zoom) : undefined,
        lineCap: leg.dashed ? "butt" : "round",
        weight: LINE * zoom,
      }),
    );
    this.group = L.layerGroup([...casings, ...lines]).addTo(this.map);
    return true;
  }

  /**
   * Draw arrows half way on the legs; like the signs they keep their size when the map is zoomed.
   *
   * @param {Element} parent @param {number} zoom
   */
  drawArrows(parent, zoom) {
    for (const leg of this.legs) {
      const half = halfWay(leg.points.map((point) => this.map.latLngToLayerPoint(point)));
      if (!half) continue;
      const transform = `translate(${half.x.toFixed(1)} ${half.y.toFixed(1)}) rotate(${half.turn.toFixed(0)}) scale(${zoom})`;
      shape("path", { d: ARROW, transform, class: "pw-arrow", fill: leg.colour }, parent);
    }
  }

  /** Draw the signs of the stops. @param {Element} parent @param {number} zoom */
  drawStops(parent, zoom) {
    // The first of a way come last, so that they lie on top.
    for (const stop of [...this.stops].reverse()) {
      const { x, y } = this.map.latLngToLayerPoint(/** @type {LatLng} */ (stop.at));
      drawSign(stop, x, y, parent, zoom);
    }
  }

  /** The stops with where they are, in pixels of the map's layer. */
  placed() {
    return this.stops.map((stop) => ({ stop, ...this.map.latLngToLayerPoint(/** @type {LatLng} */ (stop.at)) }));
  }
}

/**
 * Draw the entry of the legend for a kind of line or of stop into a box of 34 × 18.
 *
 * @param {LineEntry | SignEntry} entry @param {Element} parent
 */
export function drawLegendSign(entry, parent) {
  if ("kind" in entry) {
    drawSign(entry, 17, 9, parent, 0.72);
    return;
  }
  const line = { x1: 2, x2: 32, y1: 9, y2: 9, stroke: entry.colour, "stroke-width": LINE };
  shape("line", entry.dashed ? { ...line, "stroke-dasharray": DASHES.join(" ") } : line, parent);
}
