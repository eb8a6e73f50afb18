// A map as one file: folium has laid wards, rivers and former wards on it; what it has no layers for comes from
// the modules of the live map, which are written into the file, and what folium laid is painted as there.

/** @import { MapState } from "./state.js" */
/** @import { LatLng } from "./geometry.js" */
/** @typedef {import("./geometry.js").Ward & { layer: L.Polygon, rings: LatLng[][] }} Ward  with its rings as lon, lat */
/**
 * @typedef {object} Layers
 * @property {L.GeoJSON} wards
 * @property {L.GeoJSON} rivers
 * @property {L.GeoJSON} [former]
 * @property {L.FeatureGroup} names  empty, as the next two: a switch of what is drawn here
 * @property {L.FeatureGroup} [circles]
 * @property {L.FeatureGroup} [ways]
 */

import { Circles } from "./circles.js";
import { element, iconButton, nameSign, shape } from "./component.js";
import { Frame } from "./frame.js";
import { corners } from "./geometry.js";
import { contains, shifted } from "./label_placement.js";
import { Labels } from "./labels.js";
import * as L from "./leaflet.js";
import { Legend } from "./legend.js";
import { Scale } from "./orientation.js";
import { Player, showMoment } from "./player.js";
import { fillOf } from "./shapes.js";
import { linesOf, Tooltip } from "./tooltip.js";
import { Ways } from "./ways.js";

/** Pixels of a sheet of A4, across, beside the legend and within its margins. */
const PAPER = { width: 765, height: 540 };

/** The wards of a layer, in their order. @param {L.GeoJSON | undefined} group @returns {Ward[]} */
const wardsOf = (group) =>
  /** @type {any[]} */ (group?.getLayers() ?? []).map((layer) => {
    const { properties, geometry } = layer.feature;
    return { ...properties, layer, polygons: layer.getLatLngs(), rings: geometry.coordinates.flat(1) };
  });

class OneFile {
  /** @type {number[]} The class of each ward. */ shown = [];
  /** @type {number | null} */ moment = null;
  zoom = 1;
  #bed = shape("g", { class: "pw-rivers" });

  /** @param {L.Map} map @param {Layers} layers @param {MapState} state */
  constructor(map, layers, state) {
    this.map = map;
    this.layers = layers;
    this.state = state;
    this.wards = wardsOf(layers.wards);
    this.formerWards = wardsOf(layers.former);
    this.canvas = map.getContainer();
    this.stage = /** @type {HTMLElement} */ (this.canvas.parentElement);
    this.figure = /** @type {HTMLElement} */ (this.stage.parentElement);
    this.badges = /** @type {HTMLElement} */ (this.stage.querySelector(".pw-badges"));
    this.land = getComputedStyle(this.stage).getPropertyValue("--land").trim();
    const defs = shape("defs", {}, shape("svg", { class: "pw-patterns", width: 0, height: 0, "aria-hidden": "true" }, this.stage));
    this.fills = state.palette.map((entry, index) => fillOf(entry, `${this.canvas.id}-w${index}`, 1, defs));
    const former = state.former?.palette ?? [];
    const formerFills = former.map((entry, index) => fillOf(entry, `${this.canvas.id}-f${index}`, 1, defs, true));
    this.circles = new Circles(map);
    this.labels = new Labels(map);
    this.ways = new Ways(map);
    this.frame = new Frame(map, () => this.#room(), () => this.#layout());
    this.bar = element("div", "pw-buttons", this.stage);
    const { texts } = state;
    nameSign(iconButton("M8 3v10M3 8h10", this.bar, () => map.zoomIn()), texts.zoomIn);
    nameSign(iconButton("M3 8h10", this.bar, () => map.zoomOut()), texts.zoomOut);
    nameSign(iconButton("M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3", this.bar, () => this.#reframe()), texts.home);
    this.scale = new Scale(map, this.stage);
    this.scale.north.textContent = texts.north;
    this.tooltip = new Tooltip(this.stage);
    this.legend = new Legend(this.figure);
    this.legend.draw(state, this.fills, formerFills);
    const switches = this.canvas.querySelector(".leaflet-control-layers");
    if (switches) this.figure.querySelector(".pw-side")?.append(switches);
    // What is played stands still at its last moment: a file is opened to be read.
    this.player = new Player(this.stage, (at) => this.#showMoment(at), () => true);
    this.frame.focus = L.latLngBounds(corners(state.focus));
    this.frame.city = layers.wards.getBounds();
    this.#measure();
    this.#reframe();
    this.#paint([...state.classes]);
    this.player.set(state.frames, texts);
    this.#layout();
    this.#listen();
    this.figure.dataset.paints = "1";
  }

  #listen() {
    const { map, canvas } = this;
    if (matchMedia("(pointer: coarse)").matches) map.dragging.disable();
    map.on("focus", () => map.scrollWheelZoom.enable());
    map.on("blur", () => map.scrollWheelZoom.disable());
    map.on("dragstart zoomstart", () => this.tooltip.hide());
    map.on("overlayadd overlayremove", () => {
      this.#paint(this.shown);
      this.#layout();
    });
    for (const kind of /** @type {const} */ (["pointermove", "click"])) {
      canvas.addEventListener(kind, (event) => this.#showTip(/** @type {PointerEvent} */ (event)));
    }
    canvas.addEventListener("pointerleave", () => this.tooltip.hide());
    addEventListener("beforeprint", () => this.#print());
    addEventListener("afterprint", () => Object.assign(this.stage.style, { width: "", height: "", zoom: "" }));
    document.fonts.addEventListener("loadingdone", () => this.#layout());
    new ResizeObserver(() => this.#resize()).observe(canvas);
  }

  /** @param {keyof Layers} name */
  #isOn(name) {
    const layer = this.layers[name];
    return layer !== undefined && this.map.hasLayer(layer);
  }

  /** @param {PointerEvent} event */
  #showTip(event) {
    const code = event.target instanceof Element && event.target.getAttribute("data-ward");
    const index = this.wards.findIndex((ward) => ward.code === code);
    if (index < 0 || (event.type === "pointermove" && event.pointerType === "touch")) {
      this.tooltip.hide();
      return;
    }
    const { lat, lng } = this.map.mouseEventToLatLng(event);
    const { state, moment } = this;
    const former = !this.#isOn("former") ? [] : this.#former().filter(({ ward }) => contains(ward.rings, lng, lat));
    const value = moment === null ? state.values[index] : undefined;
    const ward = this.wards[index];
    this.tooltip.show(event, ward, former, () => linesOf(state, ward, this.shown[index], value, former));
  }

  #former() {
    const { former } = this.state;
    const outlines = (former?.vintages ?? []).flatMap(({ wards }) => wards);
    return outlines.map((outline, at) => ({
      outline,
      ward: this.formerWards[at],
      entry: /** @type {NonNullable<typeof former>} */ (former).palette[outline.number],
    }));
  }

  /** @param {number[]} shown the class of each ward */
  #paint(shown) {
    const { palette, outlined, selected } = this.state;
    this.shown = shown;
    /** @type {Ward[][]} */
    const [filled, strong] = [[], []];
    this.wards.forEach((ward, index) => {
      const entry = palette[shown[index]];
      const isOutlined = entry.outlined || outlined.includes(ward.code);
      const isLand = !entry.pattern && entry.colour.toLowerCase() === this.land;
      if (isOutlined) strong.push(ward);
      else if (!(entry.faded || entry.is_land || entry.pattern === "dots" || isLand)) filled.push(ward);
      const fillColor = this.fills[shown[index]];
      if (ward.layer.options.fillColor !== fillColor) ward.layer.setStyle({ fillColor });
      const node = /** @type {SVGElement} */ (ward.layer.getElement());
      node.setAttribute("data-ward", ward.code);
      node.classList.toggle("pw-outlined", isOutlined);
      node.classList.toggle("pw-faded", entry.faded);
      node.classList.toggle("pw-selected", ward.code === selected);
    });
    const chosen = this.wards.filter(({ code }) => code === selected);
    this.#stack([...filled, ...strong, ...chosen]);
  }

  /** Lay rivers over bare land, and wards that are filled over rivers. @param {Ward[]} front */
  #stack(front) {
    const root = this.canvas.querySelector(".leaflet-overlay-pane > svg > g");
    const rivers = this.#isOn("rivers") ? this.layers.rivers.getLayers() : [];
    this.#bed.replaceChildren(...rivers.map((one) => /** @type {SVGElement} */ (/** @type {L.Path} */ (one).getElement())));
    root?.append(this.#bed);
    for (const { layer } of front) layer.bringToFront();
  }

  /** @param {number} at */
  #showMoment(at) {
    showMoment(this, at, (classes) => this.#paint(classes));
    this.#drawCircles();
  }

  // Where things stand: as on the live map.

  #measure() {
    this.figure.classList.toggle("pw-narrow", this.map.getSize().x < 600);
    this.zoom = this.labels.measure();
  }

  #room() {
    const head = this.badges.hidden ? 0 : this.badges.offsetTop + this.badges.offsetHeight + 6;
    return { zoom: this.zoom, isSided: true, head, foot: this.state.frames ? 56 : 0 };
  }

  #reframe() {
    if (this.frame.show()) this.#layout();
  }

  #resize() {
    const { isHeld } = this.frame;
    this.map.invalidateSize({ animate: false, pan: false });
    this.#measure();
    if (isHeld) this.#reframe();
  }

  #layout() {
    const { map, state, zoom } = this;
    if (!this.frame.isVisible) return;
    const metres = map.distance(map.containerPointToLatLng([0, 0]), map.containerPointToLatLng([100, 0]));
    for (const river of /** @type {any[]} */ (this.layers.rivers.getLayers())) {
      river.setStyle({ weight: Math.max(1.2 * zoom, (100 * river.feature.properties.metres) / metres) });
    }
    this.scale.draw(zoom);
    this.#drawCircles();
    this.ways.set(this.#isOn("ways") ? state.ways : undefined, zoom);
    const wanted = new Set(this.#isOn("names") ? state.labels : []);
    const former = this.#isOn("names") && this.#isOn("former") ? this.#former() : [];
    const labelled = [
      ...this.wards.filter(({ code }) => wanted.has(code)),
      ...former.map(({ outline, ward }) => ({ ...ward, code: outline.sign, name: outline.label })),
    ];
    this.labels.draw(labelled, state, this.ways, this.#blocked(), zoom);
  }

  #drawCircles() {
    this.circles.draw(this.wards, this.#isOn("circles") ? this.state.circles : undefined, this.moment, this.zoom);
  }

  #blocked() {
    const { left, top } = this.stage.getBoundingClientRect();
    return [this.scale.box, this.badges, this.bar, this.player.box]
      .filter((node) => !node.hidden)
      .map((node) => shifted(node.getBoundingClientRect(), -left, -top));
  }

  /** The map becomes smaller as a whole, so that it is printed as it is framed. */
  #print() {
    const { clientWidth: width, clientHeight: height } = this.stage;
    const zoom = String(Math.min(1, PAPER.width / width, PAPER.height / height));
    Object.assign(this.stage.style, { width: `${width}px`, height: `${height}px`, zoom });
  }
}

/** Complete what folium has drawn. @param {L.Map} map @param {Layers} layers @param {MapState} state */
export function complete(map, layers, state) {
  return new OneFile(map, layers, state);
}
