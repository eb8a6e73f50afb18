// The shapes of a map: wards in the fills of their classes, and rivers. Of a change only shapes that look
// otherwise are touched. Rivers run over bare land alone: over the fill of a class they would make another colour.

/** @import { Geometry } from "./geometry.js" */
/** @import { MapState, PaletteEntry } from "./state.js" */

import { shape } from "./component.js";
import { keep } from "./geometry.js";
import * as L from "./leaflet.js";

// Of more shapes than any city has, fading each would take longer than all the rest of a change.
const MOST_FADING = 500;
let drawings = 0;

/**
 * What a class is filled with: its colour, or a pattern that is made among `patterns`.
 *
 * @param {PaletteEntry} entry @param {string} id of the pattern @param {number} zoom @param {Element} patterns
 * @param {boolean} isClear what lies below shows through
 */
export function fillOf({ colour, pattern: kind }, id, zoom, patterns, isClear = false) {
  if (!kind) return colour;
  const size = kind === "hatch" ? 7 : 11;
  const patternTransform = `${kind === "hatch" ? "rotate(45) " : ""}scale(${zoom})`;
  const box = { width: size, height: size };
  const pattern = shape("pattern", { id, ...box, patternUnits: "userSpaceOnUse", patternTransform }, patterns);
  if (!isClear) shape("rect", { ...box, class: "pw-land" }, pattern);
  if (kind === "hatch") shape("rect", { width: 4, height: size, fill: colour }, pattern);
  else shape("circle", { cx: 5.5, cy: 5.5, r: 0.8, fill: colour }, pattern);
  return `url(#${id})`;
}

export class Shapes {
  /** @type {Geometry} */ geometry;
  /** @type {MapState} */ state;
  /** @type {number[]} The class of each ward that is shown. */ shown = [];
  /** @type {string[]} What each class is filled with. */ fills = [];
  /** @type {L.LayerGroup | undefined} */ water;
  /** @type {Map<string, L.LayerGroup>} */ #groups = new Map();
  /** @type {L.LayerGroup | undefined} */ #group;
  /** @type {L.Polygon[]} */ #polygons = [];
  /** @type {Set<string>} */ #outlined = new Set();
  /** @type {string[]} */ #looks = [];
  #front = "";
  #land = "";
  /** All rivers as one, so that where two of them meet is no darker. */ #bed = shape("g", { class: "pw-rivers" });
  /** @type {L.Polygon | undefined} */ #selected;

  /** @param {L.Map} map @param {HTMLElement} stage */
  constructor(map, stage) {
    this.map = map;
    this.id = `pw${++drawings}`;
    const svg = shape("svg", { class: "pw-patterns", width: 0, height: 0, "aria-hidden": "true" }, stage);
    this.patterns = shape("defs", {}, svg);
  }

  /** Make the fills of classes, patterns being `zoom` times as large as on a page. @param {PaletteEntry[]} palette @param {number} zoom */
  setPalette(palette, zoom) {
    this.patterns.replaceChildren();
    this.#land = getComputedStyle(this.patterns).getPropertyValue("--land").trim();
    this.fills = palette.map((entry, index) => fillOf(entry, `${this.id}-${index}`, zoom, this.patterns));
  }

  /** Take another vintage, which `add` lays on the map. @param {Geometry} geometry @param {MapState} state */
  take(geometry, state) {
    this.#group?.remove();
    this.geometry = geometry;
    this.#hold(state, state.classes);
    this.#looks = [];
    this.#front = "";
    const made = () =>
      geometry.wards.map(({ polygons }) =>
        L.polygon(polygons, { className: "pw-ward", interactive: false, smoothFactor: 0, weight: 1 }),
      );
    this.#group = this.#groups.get(state.geometry) ?? keep(this.#groups, state.geometry, L.layerGroup(made()));
    this.#polygons = /** @type {L.Polygon[]} */ (this.#group.getLayers());
    this.map.getContainer().closest(".pw-map")?.classList.toggle("pw-many", this.#polygons.length > MOST_FADING);
    this.water?.remove();
    this.water = L.layerGroup(
      geometry.water.map(({ line, width }) =>
        L.polyline(line, { className: "pw-river", interactive: false, metres: width }),
      ),
    ).addTo(this.map);
  }

  /** Lay the wards on the map. @param {boolean} isStill whether they are there at once */
  add(isStill) {
    this.#group?.addTo(this.map);
    this.#bed.replaceChildren(...this.rivers().flatMap((river) => river.getElement() ?? []));
    this.#polygons[0]?.getElement()?.parentNode?.append(this.#bed);
    this.#polygons.forEach((polygon, index) =>
      polygon.getElement()?.setAttribute("data-ward", this.geometry.wards[index].code),
    );
    this.map.getPane("overlayPane")?.animate([{ opacity: 0 }, { opacity: 1 }], { duration: isStill ? 0 : 200 });
  }

  /** The rivers as they are drawn. @returns {L.Polyline[]} */
  rivers() {
    return /** @type {L.Polyline[]} */ (this.water?.getLayers() ?? []);
  }

  /** Make rivers as wide as they are on the ground, and never too narrow to be seen. @param {number} zoom */
  widenRivers(zoom) {
    const metres = this.map.distance(this.map.containerPointToLatLng([0, 0]), this.map.containerPointToLatLng([100, 0]));
    for (const river of this.rivers()) {
      river.setStyle({ weight: Math.max(1.2 * zoom, (100 * (river.options.metres ?? 0)) / metres) });
    }
  }

  /** The number of the ward that the pointer is on; -1 beside all. @param {Event} event */
  under(event) {
    const code = event.target instanceof Element && event.target.getAttribute("data-ward");
    return code ? this.geometry.wards.findIndex((ward) => ward.code === code) : -1;
  }

  /** @param {MapState} state @param {number[]} shown */
  #hold(state, shown) {
    Object.assign(this, { state, shown });
    this.#outlined = new Set(state.outlined);
  }

  /** Whether a ward has a strong outline. @param {number} index */
  isOutlined(index) {
    return this.state.palette[this.shown[index]].outlined || this.#outlined.has(this.geometry.wards[index].code);
  }

  /** Whether a ward is bare land: what nothing is known of, or what is shown for its place only. @param {number} index */
  isBare(index) {
    const { colour, pattern, faded, is_land: isLand } = this.state.palette[this.shown[index]];
    return faded || isLand || pattern === "dots" || (!pattern && colour.toLowerCase() === this.#land);
  }

  /**
   * Paint a state, or a moment of it; tell whether other wards are outlined or selected than before.
   *
   * @param {MapState} state @param {number[]} shown the class of each ward
   */
  paint(state, shown) {
    this.#hold(state, shown);
    shown.forEach((number, index) => this.#paintWard(number, index, state.palette[number].faded));
    const filled = this.#polygons.filter((_, index) => !this.isBare(index) && !this.isOutlined(index));
    const outlined = this.#polygons.filter((_, index) => this.isOutlined(index));
    const front = `${[filled, outlined].map((some) => some.map((polygon) => L.stamp(polygon))).join(" ")} ${state.selected}`;
    if (front === this.#front) return false;
    this.#front = front;
    this.#selected?.getElement()?.classList.remove("pw-selected");
    this.#bed.parentNode?.append(this.#bed);
    for (const polygon of [...filled, ...outlined]) polygon.bringToFront();
    this.#selected = this.#polygons[this.geometry.wards.findIndex(({ code }) => code === state.selected)];
    this.#selected?.bringToFront();
    this.#selected?.getElement()?.classList.add("pw-selected");
    return true;
  }

  /** @param {number} number @param {number} index @param {boolean} isFaded */
  #paintWard(number, index, isFaded) {
    const isOutlined = this.isOutlined(index);
    const look = `${this.fills[number]} ${isOutlined} ${isFaded}`;
    if (this.#looks[index] === look) return;
    this.#looks[index] = look;
    const node = /** @type {SVGElement} */ (this.#polygons[index].getElement());
    node.style.fill = this.fills[number];
    node.classList.toggle("pw-outlined", isOutlined);
    node.classList.toggle("pw-faded", isFaded);
  }
}
