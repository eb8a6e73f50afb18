// Wards of other boundaries over a map of today's: what was recorded of them is drawn as they were, hatched, over
// rivers and the borders of the wards that hold their ground now.

/** @import { Geometry, LatLng, Ward } from "./geometry.js" */
/** @import { FormerOutline, FormerState, PaletteEntry } from "./state.js" */
/** @typedef {{ outline: FormerOutline, ward: Ward, entry: PaletteEntry }} FormerWard */

import { shape } from "./component.js";
import { contains } from "./label_placement.js";
import * as L from "./leaflet.js";
import { fillOf } from "./shapes.js";

let drawings = 0;

export class Former {
  /** @type {FormerWard[]} */ wards = [];
  /** What each of their classes is filled with. @type {string[]} */ fills = [];
  #text = "";

  /** @param {L.Map} map @param {HTMLElement} stage */
  constructor(map, stage) {
    this.id = `pwf${++drawings}`;
    const svg = shape("svg", { class: "pw-patterns", width: 0, height: 0, "aria-hidden": "true" }, stage);
    this.patterns = shape("defs", {}, svg);
    Object.assign(map.createPane("pw-former").style, { zIndex: 415, pointerEvents: "none" });
    this.group = L.layerGroup().addTo(map);
  }

  /**
   * Draw what a state holds of them; tell whether it is other than before.
   *
   * @param {FormerState | undefined} former @param {Geometry[]} geometries of its vintages @param {number} zoom
   */
  set(former, geometries, zoom) {
    const text = former ? JSON.stringify([former, zoom]) : "";
    if (text === this.#text) return false;
    this.#text = text;
    this.patterns.replaceChildren();
    this.group.clearLayers();
    const palette = former?.palette ?? [];
    this.fills = palette.map((entry, index) => fillOf(entry, `${this.id}-${index}`, zoom, this.patterns, true));
    this.wards = (former?.vintages ?? []).flatMap(({ wards }, at) =>
      wards.map((outline) => {
        const ward = geometries[at].wards.find(({ code }) => code === outline.code);
        if (!ward) throw new Error(`no outline of ${outline.sign}`);
        return { outline, ward, entry: palette[outline.number] };
      }),
    );
    for (const { outline, ward } of this.wards) {
      const look = { fillColor: this.fills[outline.number], fillOpacity: 1, smoothFactor: 0, weight: 1.6 * zoom };
      L.polygon(ward.polygons, {
        ...{ className: "pw-former", pane: "pw-former", interactive: false, bubblingMouseEvents: false },
        ...look,
      }).addTo(this.group);
    }
    return true;
  }

  /** What labels are drawn of: each ward by what stands for it. @returns {Ward[]} */
  labelled() {
    return this.wards.map(({ outline, ward }) => ({ ...ward, code: outline.sign, name: outline.label }));
  }

  /** Those at a place, as drawn over each other. @param {LatLng} place */
  under([lat, lng]) {
    return this.wards.filter(({ ward }) => contains(ward.polygons.flat(1), lat, lng));
  }
}
