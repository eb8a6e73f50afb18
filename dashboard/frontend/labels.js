// Names over the map: the labels of wards and stops with their leader lines, and the signs that stand among them.

/** @import * as L from "./leaflet.js" */
/** @import { Ward } from "./geometry.js" */
/** @import { Box, Item } from "./label_placement.js" */
/** @import { MapState, TickEntry } from "./state.js" */
/** @import { Ways } from "./ways.js" */
/** @typedef {Item & { code: string, name: string, isStop: boolean }} Label */

import { element, shape } from "./component.js";
import { around, placeLabels, shifted } from "./label_placement.js";

const FONT = '"Be Vietnam Pro"';
/** How large labels are on a page, in pixels; on the wall they are larger. */
const PIXELS = 15;

/** Draw the sign of what was inspected. @param {TickEntry} tick @param {number} x @param {number} y @param {Element} parent */
export function drawTick(tick, x, y, parent, zoom = 1) {
  const place = `translate(${x} ${y}) scale(${zoom})`;
  const group = shape("g", { class: tick.is_partly ? "pw-tick pw-partly" : "pw-tick", transform: place }, parent);
  shape("circle", { r: 7 }, group);
  shape("path", { d: "M-3.2 0.2l2.3 2.3 4.2-4.6" }, group);
}

export class Labels {
  /** @param {L.Map} map */
  constructor(map) {
    this.map = map;
    const pane = map.createPane("pw-labels");
    pane.classList.add("leaflet-zoom-hide");
    this.svg = shape("svg", { class: "pw-labels", "aria-hidden": "true" }, pane);
    this.pen = /** @type {CanvasRenderingContext2D} */ (element("canvas").getContext("2d"));
    this.pixels = PIXELS;
    /** @type {[number, number][][]} where leader lines begin and end */
    this.leaders = [];
  }

  /** Take the size of labels from the stylesheet; return how much larger than on a page it is. */
  measure() {
    this.pixels = parseFloat(getComputedStyle(this.svg).fontSize);
    return Math.max(1, this.pixels / PIXELS);
  }

  /**
   * Draw what a state labels, anew.
   *
   * @param {Ward[]} wards those that bear a label @param {MapState} state @param {Ways} ways
   * @param {Box[]} blocked what lies over the map, in pixels of its frame
   * @param {number} zoom how much larger than on a page it is drawn
   */
  draw(wards, state, ways, blocked, zoom) {
    const { x: width, y: height } = this.map.getSize();
    const origin = this.map.containerPointToLayerPoint([0, 0]);
    const onLayer = (/** @type {Box} */ box) => shifted(box, origin.x, origin.y);
    const rim = 8 * zoom;
    const frame = onLayer({ left: rim, top: rim, right: width - rim, bottom: height - rim });
    const labels = this.#labels(wards, state, ways).filter(
      ({ x, y }) => x > frame.left && x < frame.right && y > frame.top && y < frame.bottom,
    );
    for (const label of labels) if (!label.isStop) this.#outline(label, wards);
    const signs = ways.placed().map(({ x, y }) => around(x, y, 24 * zoom, 24 * zoom));
    const places = labels.length ? placeLabels(labels, frame, [...blocked.map(onLayer), ...signs], zoom) : [];
    this.svg.replaceChildren();
    ways.drawArrows(shape("g", {}, this.svg), zoom);
    const halos = shape("g", { class: "pw-halos" }, this.svg);
    const leaders = shape("g", { class: "pw-leaders" }, this.svg);
    const texts = shape("g", {}, this.svg);
    const ticks = shape("g", {}, this.svg);
    ways.drawStops(ticks, zoom);
    this.leaders = [];
    let [lines, dots] = ["", ""];
    const radius = 2.6 * zoom;
    labels.forEach(({ code, name, x, y, isStop }, index) => {
      const tick = state.ticks.find(({ codes }) => codes.includes(code));
      if (tick) drawTick(tick, +x.toFixed(1), +y.toFixed(1), ticks, zoom);
      const { box, start, end, clear } = places[index];
      // A label without a place of its own is left to the tooltip.
      if (!clear) return;
      const [from, to] = [start, end].map(([at, down]) => `${at.toFixed(1)} ${down.toFixed(1)}`);
      lines += `M${from}L${to}`;
      if (!isStop) dots += `M${to}m${-radius} 0a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0`;
      this.leaders.push([start, end]);
      const at = { x: ((box.left + box.right) / 2).toFixed(1), y: (box.bottom - this.pixels * 0.29).toFixed(1) };
      shape("text", { ...at, "data-label": code }, texts).textContent = name;
    });
    shape("path", { d: lines }, halos);
    shape("path", { d: lines, class: "pw-lines" }, leaders);
    shape("path", { d: dots }, leaders);
  }

  /**
   * The labels of wards, in their order, and then of stops, where they are anchored.
   *
   * @param {Ward[]} wards @param {MapState} state @param {Ways} ways
   * @returns {Label[]}
   */
  #labels(wards, state, ways) {
    this.pen.font = `600 ${this.pixels}px ${FONT}`;
    const sized = (/** @type {string} */ name) => ({
      name,
      width: this.pen.measureText(name).width,
      height: this.pixels * 1.25,
      rings: [],
    });
    return [
      ...wards.map(({ code, name, at }) => {
        const { x, y } = this.map.latLngToLayerPoint(at);
        return { code, x, y, ...sized(state.names?.[code] ?? name), isStop: false };
      }),
      ...ways.placed().map(({ stop, x, y }) => ({ code: stop.text, x, y, ...sized(stop.label), isStop: true })),
    ];
  }

  /** Give a label the outline of its ward, which other labels keep away from. @param {Label} label @param {Ward[]} wards */
  #outline(label, wards) {
    const ward = wards.find(({ code }) => code === label.code);
    label.rings = (ward?.polygons ?? []).map(([outer]) =>
      outer.map((point) => {
        const { x, y } = this.map.latLngToLayerPoint(point);
        return [x, y];
      }),
    );
  }
}
