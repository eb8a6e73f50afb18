// The map of wards. Geometry comes once, as a file that the browser keeps; a change brings class numbers, and
// only shapes whose class changed are touched. `WardMap` knows no host; the default export serves Streamlit.

/** @import { Basemap } from "./basemap.js" */
/** @import { Geometry } from "./geometry.js" */
/** @import { MapState as SentState } from "./state.js" */
/** @typedef {SentState & { theme?: "dark" | "light" }} MapState  the wall's maps have its theme */

import { Ahead } from "./ahead.js";
import { Circles } from "./circles.js";
import { element, hosted, iconButton, loadStyles, nameSign } from "./component.js";
import { Former } from "./former.js";
import { Frame } from "./frame.js";
import { corners, loadGeometry } from "./geometry.js";
import { shifted } from "./label_placement.js";
import { Labels } from "./labels.js";
import * as L from "./leaflet.js";
import { Legend } from "./legend.js";
import { Inset, Scale } from "./orientation.js";
import { Player, showMoment } from "./player.js";
import { Shapes } from "./shapes.js";
import { linesOf, Tooltip } from "./tooltip.js";
import { Ways } from "./ways.js";

/** Pixels across a sheet of A4 within its margins. */
const PAPER_WIDTH = 660;

/** What is drawn beside the shapes, as text that tells whether it has changed. @param {MapState | undefined} state */
const marksOf = (state) => JSON.stringify([state?.labels, state?.names, state?.ticks, state?.badge, state?.schematic]);

/** What it is framed on, likewise, and whether a player takes a part of it. @param {MapState | undefined} state */
const frameOf = (state) => JSON.stringify([state?.focus, Boolean(state?.frames)]);

const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** @param {HTMLElement} canvas */
function leafletOn(canvas) {
  const map = L.map(canvas, {
    attributionControl: false,
    // One finger scrolls the page; two move the map.
    dragging: !matchMedia("(pointer: coarse)").matches,
    maxBoundsViscosity: 1,
    maxZoom: 17,
    renderer: L.svg({ padding: 0.3 }),
    scrollWheelZoom: false,
    zoomControl: false,
    zoomDelta: 0.5,
    zoomSnap: 0.05,
  });
  // What nothing is drawn in.
  for (const name of ["tile", "shadow", "marker", "tooltip", "popup"]) map.getPane(`${name}Pane`)?.remove();
  canvas.querySelector(".leaflet-control-container")?.remove();
  return map;
}

export class WardMap {
  /** What is shown. @type {MapState} */ state;
  /** @type {MapState | undefined} What is to be shown next. */ #asked;
  /** @type {number | null} The moment shown of those that are played. */ moment = null;
  /** How much larger than on a page labels and signs are. */
  zoom = 1;
  /** @type {Promise<Basemap> | undefined} Only where there is one. */ basemap;
  #paints = 0;
  #paletteText = "";
  #looks = "";
  #ending = new AbortController();

  /** @param {Element} root element to fill @param {(code: string) => void} onWard called with the code of a ward that was clicked */
  constructor(root, onWard) {
    this.onWard = onWard;
    this.figure = element("figure", "pw-map", root);
    this.stage = element("div", "pw-stage", this.figure);
    this.canvas = element("div", "pw-canvas", this.stage);
    this.canvas.setAttribute("role", "region");
    this.map = leafletOn(this.canvas);
    this.shapes = new Shapes(this.map, this.stage);
    this.former = new Former(this.map, this.stage);
    this.circles = new Circles(this.map);
    this.labels = new Labels(this.map);
    this.ways = new Ways(this.map);
    this.frame = new Frame(this.map, () => this.#room(), () => this.#layout());
    this.bar = element("div", "pw-buttons", this.stage);
    this.buttons = {
      zoomIn: iconButton("M8 3v10M3 8h10", this.bar, () => this.map.zoomIn()),
      zoomOut: iconButton("M3 8h10", this.bar, () => this.map.zoomOut()),
      home: iconButton("M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3", this.bar, () => this.#reframe()),
      picture: iconButton("M8 2.5v7M5 7l3 3 3-3M3 13h10", this.bar, () => this.#savePicture()),
    };
    this.inset = new Inset(this.map, this.stage, () => this.frame.showCity());
    this.scale = new Scale(this.map, this.stage);
    this.tooltip = new Tooltip(this.stage);
    this.badges = element("div", "pw-badges", this.stage);
    this.badge = element("div", "pw-badge", this.badges);
    this.schematic = element("div", "pw-schematic", this.badges);
    this.message = element("p", "pw-message", this.stage);
    this.badges.hidden = this.message.hidden = true;
    this.legend = new Legend(this.figure);
    this.player = new Player(this.stage, (at) => this.#showMoment(at), isStill);
    this.#listen();
  }

  #listen() {
    const { signal } = this.#ending;
    this.map.on("click", ({ originalEvent }) => {
      const ward = this.shapes.geometry?.wards[this.shapes.under(originalEvent)];
      if (ward) this.onWard(ward.code);
    });
    this.map.on("focus", () => this.map.scrollWheelZoom.enable());
    this.map.on("blur", () => this.map.scrollWheelZoom.disable());
    this.map.on("dragstart zoomstart", () => this.tooltip.hide());
    this.canvas.addEventListener("pointermove", (event) => this.#showTip(event));
    this.canvas.addEventListener("pointerleave", () => this.tooltip.hide());
    addEventListener("beforeprint", () => this.#print(), { signal });
    addEventListener("afterprint", () => this.#printed(), { signal });
    document.fonts.addEventListener("loadingdone", () => this.#layout(), { signal });
    this.resizing = new ResizeObserver(() => this.#resize());
    this.resizing.observe(this.canvas);
  }

  /** @param {PointerEvent} event */
  #showTip(event) {
    const index = event.pointerType === "touch" ? -1 : this.shapes.under(event);
    if (index < 0) {
      this.tooltip.hide();
      return;
    }
    const ward = this.shapes.geometry.wards[index];
    const value = this.moment === null ? this.state.values[index] : undefined;
    const { lat, lng } = this.map.mouseEventToLatLng(event);
    const former = this.former.under([lat, lng]);
    this.tooltip.show(event, ward, former, () => linesOf(this.state, ward, this.shapes.shown[index], value, former));
  }

  /** Show a state; of two that come in quick succession only the later is painted. @param {MapState} state */
  async show(state) {
    this.#asked = state;
    this.stage.style.height = state.height;
    this.figure.classList.toggle("pw-dark", state.theme === "dark");
    this.figure.classList.toggle("pw-compact", state.compact);
    this.figure.classList.toggle("pw-sided", Boolean(state.key));
    try {
      const addresses = [state.geometry, ...(state.former?.vintages ?? []).map((vintage) => vintage.geometry)];
      const outlines = addresses.map(loadGeometry);
      await loadStyles("./leaflet.css", "./map.css");
      const [geometry, ...former] = await Promise.all(outlines);
      if (this.#asked !== state || this.#ending.signal.aborted) return;
      this.message.hidden = true;
      this.#paint(state, geometry, former);
      // Nobody waits for streets who waits for the map.
      requestAnimationFrame(() => setTimeout(() => this.#layBasemap(state)));
    } catch (error) {
      this.message.textContent = state.texts.failed;
      this.message.hidden = false;
      console.error(error);
    }
  }

  /** @param {MapState} state @param {Geometry} geometry @param {Geometry[]} former of wards of other boundaries */
  #paint(state, geometry, former) {
    if (state.classes.length !== geometry.wards.length) throw new Error("classes and shapes differ in number");
    const before = this.state;
    const isSwitched = geometry !== this.shapes.geometry;
    this.state = state;
    if (!before) this.#measure();
    this.moment = null;
    this.tooltip.forget();
    this.#setTexts(state);
    const hasOtherFormer = this.former.set(state.former, former, this.zoom);
    this.#drawPalette();
    this.player.box.hidden = !state.frames;
    const isReframed = frameOf(before) !== frameOf(state);
    if (isReframed) this.frame.focus = L.latLngBounds(corners(state.focus));
    if (isSwitched) this.#switchTo(geometry);
    this.#repaint(state.classes, hasOtherFormer);
    const hasOtherWays = this.ways.set(state.ways, this.zoom);
    this.player.set(state.frames, state.texts);
    this.#showMoment(this.player.at);
    const hasOtherMarks = hasOtherWays || hasOtherFormer;
    if (!isSwitched) this.#arrange(isReframed, hasOtherMarks || marksOf(before) !== marksOf(state));
    else if (hasOtherWays) this.#drawLabels();
    this.#drawCircles();
    if (state.sought !== before?.sought) this.#seek(state.sought);
    this.figure.dataset.vintage = geometry.vintage;
    this.figure.dataset.paints = String(++this.#paints);
  }

  /** Lay a basemap over the wards: on no small map, and not on the wall, which is read from afar. @param {MapState} state */
  #layBasemap({ basemap, compact, theme }) {
    const wanted = compact || theme ? undefined : basemap;
    if (this.#ending.signal.aborted || !(wanted || this.basemap)) return;
    this.basemap ??= import("./basemap.js").then((module) => new module.Basemap(this.map, this.stage));
    this.basemap.then((one) => one.show(wanted)).catch((error) => {
      this.basemap = undefined;
      console.error(error);
    });
  }

  /** Set anew what stands over the same shapes. @param {boolean} isReframed @param {boolean} hasOtherMarks */
  #arrange(isReframed, hasOtherMarks) {
    if (isReframed) this.#reframe();
    else if (hasOtherMarks) this.#drawLabels();
  }

  /** @param {MapState} state */
  #setTexts({ texts, badge, schematic, picture }) {
    this.canvas.setAttribute("aria-label", texts.map);
    for (const name of /** @type {(keyof typeof this.buttons)[]} */ (Object.keys(this.buttons))) {
      nameSign(this.buttons[name], texts[name]);
    }
    this.buttons.picture.hidden = !picture;
    nameSign(this.inset.box, texts.city);
    this.scale.north.textContent = texts.north;
    this.badge.textContent = badge;
    this.badge.hidden = !badge;
    this.schematic.textContent = schematic;
    this.schematic.hidden = !schematic;
    this.badges.hidden = !badge && !schematic;
  }

  #drawPalette() {
    const { palette, ticks, key, ways, former, circles, theme } = this.state;
    const text = JSON.stringify([palette, ticks, key, ways?.legend, former?.palette, circles?.sizes, this.zoom]);
    if (text === this.#paletteText) return;
    this.#paletteText = text;
    // Of other months only the counts are others.
    const looks = JSON.stringify([palette.map(({ colour, pattern }) => [colour, pattern]), theme, this.zoom]);
    if (looks !== this.#looks) this.shapes.setPalette(palette, this.zoom);
    this.#looks = looks;
    this.legend.draw(this.state, this.shapes.fills, this.former.fills);
  }

  /** @param {Geometry} geometry */
  #switchTo(geometry) {
    this.shapes.take(geometry, this.state);
    this.inset.take(geometry);
    this.frame.city = L.latLngBounds(geometry.bounds);
    // The view is set before the shapes come, so that they are projected once.
    this.#reframe();
    this.shapes.add(isStill());
  }

  /** @param {number[]} classes */
  #repaint(classes, hasOtherMarks = false) {
    const isOtherwise = this.shapes.paint(this.state, classes);
    if (isOtherwise || hasOtherMarks) this.inset.colour(this.shapes, this.former);
  }

  /** @param {number} at */
  #showMoment(at) {
    showMoment(this, at, (classes) => this.#repaint(classes));
    if (this.state.frames) this.#drawCircles();
  }

  /** Bring a ward into view. @param {string | null} code */
  #seek(code) {
    const ward = this.shapes.geometry.wards.find((one) => one.code === code);
    if (ward) this.frame.bringIntoView(ward.polygons, isStill());
  }

  async #savePicture() {
    if (!this.state.picture) return;
    const { savePicture } = await import("./picture.js");
    this.figure.dataset.picture = await savePicture(this, this.state.picture, await this.basemap);
  }

  // Where things stand: laid out anew whenever the map has moved or its size has changed.

  /** Take the size of labels from the stylesheet; signs and gaps grow with it. */
  #measure() {
    this.figure.classList.toggle("pw-narrow", this.map.getSize().x < 600);
    this.zoom = this.labels.measure();
  }

  #room() {
    const head = this.badges.hidden ? 0 : this.badges.offsetTop + this.badges.offsetHeight + 6;
    return { zoom: this.zoom, isSided: Boolean(this.state.key), head, foot: this.player.box.hidden ? 0 : 56 };
  }

  #reframe() {
    this.inset.size(this.zoom);
    if (!this.frame.show()) return;
    this.inset.place(this.shapes, this.former);
    this.#layout();
  }

  #resize() {
    if (!this.shapes.geometry) return;
    const { isHeld } = this.frame;
    this.map.invalidateSize({ animate: false, pan: false });
    this.#measure();
    if (isHeld) this.#reframe();
  }

  #layout() {
    if (!this.shapes.geometry || !this.frame.isVisible) return;
    this.inset.move(this.state.compact);
    this.shapes.widenRivers(this.zoom);
    this.scale.draw(this.zoom);
    this.#drawCircles();
    this.#drawLabels();
  }

  #drawCircles() {
    this.circles.draw(this.shapes.geometry.wards, this.state.circles, this.moment, this.zoom);
  }

  #drawLabels() {
    const wanted = new Set(this.state.labels);
    const wards = this.shapes.geometry.wards.filter(({ code }) => wanted.has(code));
    const labelled = [...wards, ...this.former.labelled()];
    this.labels.draw(labelled, this.state, this.ways, this.#blocked(), this.zoom);
  }

  /** What lies over the map, in pixels of the stage. */
  #blocked() {
    const { left, top } = this.stage.getBoundingClientRect();
    return [this.inset.box, this.scale.box, this.badges, this.bar, this.player.box]
      .filter((node) => !node.hidden)
      .map((node) => shifted(node.getBoundingClientRect(), -left, -top));
  }

  /** A map is printed as it is framed: paper is as wide as it is, so the whole map becomes smaller. */
  #print() {
    const { clientWidth: width, clientHeight: height } = this.stage;
    if (!width || !this.state || this.state.compact || this.state.theme) return;
    const zoom = String(Math.min(1, PAPER_WIDTH / width));
    Object.assign(this.stage.style, { width: `${width}px`, height: `${height}px`, zoom });
  }

  #printed() {
    Object.assign(this.stage.style, { width: "", height: this.state?.height ?? "", zoom: "" });
  }

  destroy() {
    this.#ending.abort();
    this.player.destroy();
    this.resizing?.disconnect();
    this.map.remove();
    this.figure.remove();
  }
}

export default hosted((root, send) => {
  const map = new WardMap(root, (code) => send("ward", code));
  return new Ahead(map, (period) => send("period", period));
});
