// Streets and names of places, in grey between the wards and their labels, from a file that the office has brought.
// This module comes only where there is one, after the map has painted, and what draws them after it.

/** @import { BasemapState } from "./state.js" */
/** @typedef {typeof import("protomaps-leaflet")} Protomaps */
/** @typedef {import("protomaps-leaflet").Feature} Feature */

import { element } from "./component.js";
import * as L from "./leaflet.js";

const FONT = '"Be Vietnam Pro", sans-serif';
const LINE = "#6f7a8b";
const INK = "#14213d";
const HALO = "#fafaf7";
const MAJOR = ["highway", "major_road"];
const MINOR = ["minor_road"];
const TOWNS = ["locality"];
const QUARTERS = ["macrohood", "neighbourhood"];

/** @type {Promise<Protomaps> | undefined} */
let loading;

/** Load what draws tiles; it is written for pages in which Leaflet is a global. @returns {Promise<Protomaps>} */
function library() {
  loading ??= new Promise((resolve, reject) => {
    Object.assign(globalThis, { L });
    const script = element("script");
    script.src = new URL("./protomaps-leaflet.js", import.meta.url).href;
    script.onload = () => resolve(/** @type {any} */ (globalThis).protomapsL);
    script.onerror = () => reject(new Error(`${script.src} did not load`));
    document.head.append(script);
  });
  return loading;
}

/**
 * How everything is drawn, by the zoom.
 *
 * @param {Protomaps} protomaps @param {() => number} scale how many pixels one of a tile takes on the screen
 */
function rulesOf({ CenteredTextSymbolizer, exp, LineLabelSymbolizer, LineSymbolizer }, scale) {
  const rule = (/** @type {string} */ dataLayer, /** @type {string[]} */ kinds, minzoom = 0) => ({
    ...{ dataLayer, minzoom },
    filter: (/** @type {number} */ _, /** @type {Feature} [feature] */ feature) => kinds.includes(String(feature?.props.kind)),
  });
  const line = (/** @type {number[][]} */ widths) =>
    new LineSymbolizer({ color: LINE, width: (zoom) => exp(1.6, widths)(zoom) / scale() });
  const font = (/** @type {number} */ size) => () => `500 ${size / scale()}px ${FONT}`;
  const text = { labelProps: ["name"], fill: INK, stroke: HALO, width: 2, lineHeight: 1.2 };
  const street = new LineLabelSymbolizer({ ...text, font: font(11) });
  const place = new CenteredTextSymbolizer({ ...text, font: font(12) });
  return {
    paintRules: [
      { ...rule("roads", MINOR, 12), symbolizer: line([[12, 0.4], [14, 0.8], [17, 4]]) },
      { ...rule("roads", MAJOR), symbolizer: line([[8, 0.5], [12, 1.2], [17, 6]]) },
    ],
    labelRules: [
      { ...rule("places", TOWNS), symbolizer: place },
      { ...rule("places", QUARTERS, 12), symbolizer: place },
      { ...rule("roads", MAJOR, 13), symbolizer: street },
      { ...rule("roads", MINOR, 15), symbolizer: street },
    ],
  };
}

export class Basemap {
  #address = "";
  /** @type {(L.GridLayer & { clearLayout: () => void }) | undefined} */ #layer;

  /** @param {L.Map} map @param {HTMLElement} stage */
  constructor(map, stage) {
    this.map = map;
    this.pane = map.createPane("pw-basemap");
    this.credit = element("p", "pw-credit", stage);
    map.on("zoomend", () => this.#redraw());
  }

  /** Between whole zooms the browser scales tiles; lines and letters keep their size. */
  #scale = () => 2 ** (this.map.getZoom() - Math.round(this.map.getZoom()));

  /** Draw anew; Leaflet's own way to do so takes no zoom but whole ones. */
  #redraw() {
    this.#layer?.clearLayout();
    this.#layer?.remove().addTo(this.map);
  }

  /** Lay a basemap, or none, over the wards. @param {BasemapState} [state] */
  async show(state) {
    this.credit.textContent = state?.credit ?? "";
    if (this.#address === (state?.address ?? "")) return;
    this.#address = state?.address ?? "";
    this.#layer?.remove();
    this.#layer = undefined;
    if (!state) return;
    const protomaps = await library();
    if (this.#address !== state.address) return;
    this.#layer = /** @type {any} */ (protomaps.leafletLayer({
      ...rulesOf(protomaps, this.#scale),
      url: new URL(state.address, location.origin).href,
      maxDataZoom: state.zoom,
      pane: "pw-basemap",
      attribution: "",
      devicePixelRatio: Math.max(2, devicePixelRatio),
      tasks: [/** @type {any} */ (document.fonts.load(`500 12px ${FONT}`, "Hải Phòng"))],
    }));
    this.#layer?.addTo(this.map);
  }

  /** Draw what is shown on a picture of the map. @param {CanvasRenderingContext2D} pen */
  drawOn(pen) {
    const origin = this.map.getContainer().getBoundingClientRect();
    pen.save();
    pen.globalAlpha = Number(getComputedStyle(this.pane).opacity);
    for (const tile of this.pane.querySelectorAll("canvas")) {
      const { left, top, width, height } = tile.getBoundingClientRect();
      if (tile.width) pen.drawImage(tile, left - origin.left, top - origin.top, width, height);
    }
    pen.restore();
  }
}
