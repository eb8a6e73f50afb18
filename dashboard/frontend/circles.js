// Circles over the wards of a map: their area grows with a number. The wards below them stay neutral.

/** @import * as L from "./leaflet.js" */
/** @import { Ward } from "./geometry.js" */
/** @import { Circles as Sent } from "./state.js" */

import { shape } from "./component.js";

/** Pixels from the middle of the largest circle to its rim. */
export const LARGEST = 34;

/** Pixels from the middle to the rim of a number's circle. @param {number} value @param {number} most of the largest one */
export const radiusOf = (value, most) => (most > 0 && value > 0 ? Math.max(1.5, LARGEST * Math.sqrt(value / most)) : 0);

/** The numbers that are shown at a moment; `null` while nothing is played. @param {Sent} circles @param {number | null} moment */
const shownOf = (circles, moment) => (moment === null ? circles.values : (circles.frames[moment] ?? circles.values));

export class Circles {
  /** @param {L.Map} map */
  constructor(map) {
    this.map = map;
    const pane = map.createPane("pw-circles");
    pane.classList.add("leaflet-zoom-hide");
    this.svg = shape("svg", { class: "pw-circles", "aria-hidden": "true" }, pane);
  }

  /**
   * Draw the circle of each ward anew, the largest first, so that none is hidden.
   *
   * @param {Ward[]} wards @param {Sent | undefined} circles @param {number | null} moment
   * @param {number} zoom how much larger than on a page it is drawn
   */
  draw(wards, circles, moment, zoom) {
    this.svg.replaceChildren();
    if (!circles) return;
    const values = shownOf(circles, moment);
    const order = [...wards.keys()].filter((index) => values[index] > 0).sort((a, b) => values[b] - values[a]);
    for (const index of order) {
      const { x, y } = this.map.latLngToLayerPoint(wards[index].at);
      const r = (zoom * radiusOf(values[index], circles.most)).toFixed(1);
      shape("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r, "data-circle": wards[index].code }, this.svg);
    }
  }
}

/** Draw circles of three sizes within each other, with what they stand for. @param {Sent} circles @param {Element} parent */
export function drawSizes({ sizes, most }, parent) {
  if (!sizes.length) return;
  const gap = 18;
  const height = Math.max(2 * LARGEST + 4, gap * sizes.length);
  const svg = shape("svg", { class: "pw-sizes", viewBox: `0 0 240 ${height}`, width: 240, height }, parent);
  sizes.forEach(({ value, label }, index) => {
    const r = radiusOf(value, most);
    const y = height - 2 - 2 * r;
    const at = Math.min(height - 6, 12 + index * gap);
    shape("circle", { cx: LARGEST + 2, cy: height - 2 - r, r }, svg);
    shape("path", { d: `M${LARGEST + 2} ${y}L${2 * LARGEST + 14} ${at - 4}H${2 * LARGEST + 22}` }, svg);
    shape("text", { x: 2 * LARGEST + 26, y: at }, svg).textContent = label;
  });
}
