// Where the map lies and how large it is: the whole city in a corner with the map's frame, the scale, and north.

/** @import { Geometry, LatLng, Ward } from "./geometry.js" */
/** @import { Former } from "./former.js" */
/** @import { Shapes } from "./shapes.js" */
/** @typedef {[number, number]} Point */

import { element, shape } from "./component.js";
import * as L from "./leaflet.js";

/** Across the city, in the inset's units, and what stands around it. */
const WIDTH = 1000;
const EDGE = 40;

export class Inset {
  /** @type {Geometry} */ geometry;
  /** @type {string[]} The outline of each ward, as a path. */ #paths = [];
  #ratio = 1;
  /** @type {(point: LatLng) => Point} */ #place = ([lat, lng]) => [lng, lat];

  /** @param {L.Map} map @param {HTMLElement} stage @param {() => void} onClick */
  constructor(map, stage, onClick) {
    this.map = map;
    this.box = element("button", "pw-inset", stage);
    this.box.hidden = true;
    this.box.addEventListener("click", onClick);
    this.marks = shape("g", {});
    this.frame = shape("rect", { class: "pw-inset-frame" });
  }

  /** Draw another vintage. @param {Geometry} geometry */
  take(geometry) {
    this.geometry = geometry;
    const main = L.latLngBounds(geometry.main);
    const squeeze = Math.cos((main.getCenter().lat * Math.PI) / 180);
    const unit = WIDTH / ((main.getEast() - main.getWest()) * squeeze);
    const height = (main.getNorth() - main.getSouth()) * unit;
    this.#ratio = (height + 2 * EDGE) / (WIDTH + 2 * EDGE);
    this.#place = ([lat, lng]) => [(lng - main.getWest()) * squeeze * unit, (main.getNorth() - lat) * unit];
    const viewBox = `${-EDGE} ${-EDGE} ${WIDTH + 2 * EDGE} ${height + 2 * EDGE}`;
    const svg = shape("svg", { "aria-hidden": "true", viewBox });
    const far = geometry.wards.filter((ward) => !main.contains(ward.at));
    if (far.length) this.#drawFar(far, svg, height);
    this.#paths = geometry.wards.map(({ polygons }) => polygons.map(([outer]) => this.#pathOf(outer)).join(""));
    shape("path", { d: this.#paths.join(""), class: "pw-inset-land" }, svg);
    svg.append(this.marks, this.frame);
    this.box.replaceChildren(svg);
  }

  /**
   * Islands far off the rest stand in a box of their own in the lower right corner, nearer than they are.
   *
   * @param {Ward[]} far @param {SVGElement} svg @param {number} height of the city
   */
  #drawFar(far, svg, height) {
    const bounds = L.latLngBounds(far.flatMap((ward) => ward.polygons.flat(2)));
    const plain = this.#place;
    const [left, top] = plain([bounds.getNorth(), bounds.getWest()]);
    const [right, bottom] = plain([bounds.getSouth(), bounds.getEast()]);
    const box = { width: Math.max(right - left + 50, 190), height: Math.max(bottom - top + 40, 110) };
    const [x, y] = [WIDTH - box.width, height - box.height - 50];
    shape("rect", { ...box, x, y, class: "pw-inset-far" }, svg);
    const shift = [x + box.width / 2 - (left + right) / 2, y + box.height / 2 - (top + bottom) / 2];
    this.#place = (point) => {
      const [px, py] = plain(point);
      return bounds.contains(point) ? [px + shift[0], py + shift[1]] : [px, py];
    };
    shape("text", { x: 1020, y: height + 5 }, svg).textContent = far.map((ward) => ward.name).join(", ");
  }

  /** A ring without the vertices that can't be told apart in the inset; nothing where few are left. @param {LatLng[]} ring */
  #pathOf(ring) {
    /** @type {Point[]} */
    const kept = [];
    for (const point of ring.map(this.#place)) {
      const last = kept[kept.length - 1];
      if (!last || Math.abs(point[0] - last[0]) + Math.abs(point[1] - last[1]) > 4) kept.push(point);
    }
    if (kept.length < 3) return "";
    return `M${kept.map(([x, y]) => `${Math.round(x)} ${Math.round(y)}`).join("L")}Z`;
  }

  /**
   * Mark the outlined wards in the colours of their classes, and those of other boundaries.
   *
   * @param {Shapes} shapes @param {Former} former
   */
  colour(shapes, former) {
    /** @type {Record<string, string>} One path for each colour. */
    const drawn = {};
    shapes.shown.forEach((number, index) => {
      if (!shapes.isOutlined(index)) return;
      const fill = shapes.state.palette[number].colour;
      drawn[fill] = (drawn[fill] ?? "") + this.#paths[index];
    });
    for (const { ward, entry } of former.wards) {
      drawn[entry.colour] = (drawn[entry.colour] ?? "") + ward.polygons.map(([outer]) => this.#pathOf(outer)).join("");
    }
    this.marks.replaceChildren();
    for (const [fill, d] of Object.entries(drawn)) shape("path", { d, fill, class: "pw-inset-mark" }, this.marks);
  }

  /** @param {number} zoom how much larger than on a page it is drawn at most */
  size(zoom) {
    const { x, y } = this.map.getSize();
    const width = Math.round(Math.min(Math.max(112, x * 0.27), 250 * zoom, (y * 0.34) / this.#ratio));
    this.box.classList.toggle("pw-small", width < 160);
    this.box.style.width = `${width}px`;
    this.box.style.height = `${Math.round(width * this.#ratio)}px`;
  }

  /**
   * Put it into the left corner where it hides fewer of the wards that it marks.
   *
   * @param {Shapes} shapes @param {Former} former
   */
  place(shapes, former) {
    const anchors = this.geometry.wards
      .filter((_, index) => shapes.isOutlined(index))
      .concat(former.labelled())
      .map((ward) => this.map.latLngToContainerPoint(ward.at));
    const { offsetWidth: width, offsetHeight: height } = this.box;
    const stage = this.map.getSize().y;
    const hidden = (/** @type {number} */ top) =>
      anchors.filter((p) => p.x < width + 40 && p.y > top - 30 && p.y < top + height + 30).length;
    this.box.classList.toggle("pw-top", hidden(stage - height) > hidden(0));
  }

  /** Frame what the map shows; without need for it, of a small map or nearly all of the city, it goes. @param {boolean} isCompact */
  move(isCompact) {
    const seen = this.map.getBounds();
    const [[, west], [, east]] = this.geometry.main;
    this.box.hidden = isCompact || (seen.getEast() - seen.getWest()) / (east - west) > 0.8;
    const [x, y] = this.#place([seen.getNorth(), seen.getWest()]);
    const [right, bottom] = this.#place([seen.getSouth(), seen.getEast()]);
    const box = { x, y, width: right - x, height: bottom - y };
    for (const [key, value] of Object.entries(box)) this.frame.setAttribute(key, value.toFixed(1));
  }
}

/** The longest round length that is no longer than `most`, in metres. @param {number} most */
export function roundLength(most) {
  const power = 10 ** Math.floor(Math.log10(most));
  return ([5, 2].find((step) => step * power <= most) ?? 1) * power;
}

export class Scale {
  /** @param {L.Map} map @param {HTMLElement} stage */
  constructor(map, stage) {
    this.map = map;
    this.box = element("div", "pw-scale", stage);
    this.text = element("span", "", this.box);
    const sign = shape("svg", { class: "pw-north", viewBox: "0 0 14 30", "aria-hidden": "true" }, this.box);
    shape("path", { d: "M7 12l5 16-5-4-5 4z" }, sign);
    this.north = shape("text", { x: 7, y: 9, "text-anchor": "middle" }, sign);
    this.bar = element("div", "pw-scale-bar", this.box);
  }

  /** @param {number} zoom how much larger than on a page it is drawn at most */
  draw(zoom) {
    const { x: width, y: height } = this.map.getSize();
    const [from, to] = [0, 100].map((x) => this.map.containerPointToLatLng([x, height / 2]));
    const metres = this.map.distance(from, to);
    const length = roundLength((metres / 100) * Math.min(240 * zoom, width * 0.25));
    this.bar.style.width = `${((length / metres) * 100).toFixed(1)}px`;
    this.text.textContent = length >= 1000 ? `${length / 1000} km` : `${length} m`;
  }
}
