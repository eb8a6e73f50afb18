// What part of the city the map shows: the frame of its state, until the reader moves it.

/** @import { LatLng } from "./geometry.js" */
/** @typedef {{ zoom: number, isSided: boolean, head: number, foot: number }} Room  how much larger than on a page the
 *   map's signs are, whether a legend stands beside it, and how many pixels badges take at its head, a player at its foot */

import * as L from "./leaflet.js";

export class Frame {
  /** The map shows its frame, not what a reader has moved it to. */
  isHeld = true;
  #isFitting = false;
  /** What the map is framed on. */
  focus = L.latLngBounds([]);
  /** The whole city. */
  city = L.latLngBounds([]);

  /** @param {L.Map} map @param {() => Room} room @param {() => void} onMove called when a reader has moved the map */
  constructor(map, room, onMove) {
    this.map = map;
    this.room = room;
    map.on("dragstart zoomstart", () => (this.isHeld &&= this.#isFitting));
    map.on("moveend", () => this.#isFitting || onMove());
  }

  get isVisible() {
    const { x, y } = this.map.getSize();
    return x > 0 && y > 0;
  }

  /** Return to the frame of the state; tell whether there is room to show it. */
  show() {
    const { map, focus } = this;
    map.setMaxBounds();
    map.setMinZoom(0);
    this.isHeld = this.#isFitting = true;
    if (!this.isVisible) {
      map.setView(focus.getCenter(), 10, { animate: false });
      this.#isFitting = false;
      return false;
    }
    const { zoom, isSided, head, foot } = this.room();
    const size = map.getSize();
    const [x, y] = [Math.max(34 * zoom, size.x * (isSided ? 0.03 : 0.1)), Math.max(30 * zoom, size.y * 0.07)];
    map.fitBounds(focus, { paddingTopLeft: [x, Math.max(y, head)], paddingBottomRight: [x, y + foot], animate: false });
    this.#isFitting = false;
    // Limits come after the frame and enclose it, or Leaflet would slide the map away from it.
    const least = Math.min(map.getBoundsZoom(this.city) - 0.3, map.getZoom());
    map.setMinZoom(Math.max(0, least));
    map.setMaxBounds(this.city.pad(0.3).extend(map.getBounds()));
    return true;
  }

  /** Show the whole city, of which an island lies where the scale bar stands. */
  showCity() {
    const { zoom, foot } = this.room();
    this.isHeld = false;
    const corner = L.point(12, 70 * zoom + foot);
    this.map.fitBounds(this.city, { paddingTopLeft: [12, 12], paddingBottomRight: corner, animate: false });
  }

  /** Show a ward from near. @param {LatLng[][][]} polygons @param {boolean} isStill whether nothing may slide */
  bringIntoView(polygons, isStill) {
    if (!this.isVisible) return;
    this.isHeld = false;
    this.map.fitBounds(L.latLngBounds(polygons.flat(2)).pad(0.75), { animate: !isStill, maxZoom: 15 });
  }
}
