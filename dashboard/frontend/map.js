// The map of wards. Geometry comes once, as a file that the browser keeps; a change brings class numbers, and
// only shapes whose class changed are touched. `createMap` knows no host; the default export serves Streamlit.

import * as L from "./leaflet.js";
import { placeLabels } from "./labels.js";
import { drawKey } from "./legend.js";
import { drawPicture, savePicture } from "./picture.js";
import { Player } from "./player.js";
import { unpacked } from "./unpacked.js";
import { drawLegendSign, Ways } from "./ways.js";
import { loadStyles } from "./styles.js";

const SVG = "http://www.w3.org/2000/svg";
const KEPT_GEOMETRIES = 4;
const PAPER_WIDTH = 660;
// Of more shapes than any city has, fading each would take longer than all the rest of a change.
const MOST_FADING = 500;
const LABEL_FONT = '"Be Vietnam Pro"';
const LABEL_PIXELS = 15;
const geometries = new Map();
let maps = 0;
function element(name, className, parent) {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (parent) parent.appendChild(node);
  return node;
}

function shape(name, attributes, parent) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (parent) parent.appendChild(node);
  return node;
}

const toBounds = ([west, south, east, north]) => L.latLngBounds([south, west], [north, east]);

/** Rings are stored as integers, each vertex as its difference from the one before. */
function decodeRing(numbers, scale) {
  const ring = new Array(numbers.length / 2);
  for (let i = 0, x = 0, y = 0; i < numbers.length; i += 2) {
    x += numbers[i];
    y += numbers[i + 1];
    ring[i / 2] = [y / scale, x / scale];
  }
  return ring;
}

function decode(file) {
  const wards = file.wards.map((ward) => ({
    ...ward,
    at: [ward.at[1] / file.scale, ward.at[0] / file.scale],
    polygons: ward.polygons.map((rings) => rings.map((ring) => decodeRing(ring, file.scale))),
  }));
  const water = file.water.map(({ width, line }) => ({ width, line: decodeRing(line, file.scale) }));
  return { vintage: file.vintage, wards, water, bounds: toBounds(file.bounds), main: toBounds(file.main) };
}

/** Fetch the geometry of a vintage, once as long as it is among the last few that were asked for. */
export function loadGeometry(url) {
  if (!geometries.has(url)) {
    const pending = fetch(new URL(url, location.origin))
      .then((answer) => {
        if (!answer.ok) throw new Error(`${url}: HTTP ${answer.status}`);
        return answer.json();
      })
      .then(decode);
    pending.catch(() => geometries.delete(url));
    geometries.set(url, pending);
    if (geometries.size > KEPT_GEOMETRIES) geometries.delete(geometries.keys().next().value);
  }
  return geometries.get(url);
}

/** What is drawn beside the shapes, as text that tells whether it has changed. */
const marksOf = (state) => JSON.stringify([state.labels, state.names, state.ticks, state.badge]);

class WardMap {
  constructor(root, onWard) {
    this.id = `pw${++maps}`;
    this.root = root;
    this.onWard = onWard;
    this.groups = new Map();
    this.classes = [];
    this.paints = 0;
    this.figure = element("figure", "pw-map", root);
    this.stage = element("div", "pw-stage", this.figure);
    this.canvas = element("div", "pw-canvas", this.stage);
    this.patterns = shape("defs", {}, shape("svg", { class: "pw-patterns", width: 0, height: 0, "aria-hidden": "true" }, this.stage));
    this.map = L.map(this.canvas, {
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
    Object.assign(this.map.createPane("pw-water").style, { zIndex: 410, pointerEvents: "none" });
    this.map.createPane("pw-labels").classList.add("leaflet-zoom-hide");
    this.labels = shape("svg", { class: "pw-labels", "aria-hidden": "true" }, this.map.getPane("pw-labels"));
    this.ways = new Ways(this.map, decodeRing);
    this.#addControls();
    this.tip = element("div", "pw-tip", this.stage);
    this.tip.hidden = true;
    this.badge = element("div", "pw-badge", this.stage);
    this.badge.hidden = true;
    this.message = element("p", "pw-message", this.stage);
    this.message.hidden = true;
    const side = element("div", "pw-side", this.figure);
    this.keyTop = element("div", "pw-key", side);
    this.legend = element("ul", "pw-legend", side);
    this.keyNotes = element("div", "pw-key-notes", side);
    this.player = new Player(this.stage, (at) => this.#showMoment(at), () => this.#still);
    this.#listen();
  }

  #addControls() {
    const bar = element("div", "pw-buttons", this.stage);
    this.buttons = {
      zoomIn: this.#button(bar, "M8 3v10M3 8h10", () => this.map.zoomIn()),
      zoomOut: this.#button(bar, "M3 8h10", () => this.map.zoomOut()),
      home: this.#button(bar, "M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3", () => this.#frame()),
      picture: this.#button(bar, "M8 2.5v7M5 7l3 3 3-3M3 13h10", () => this.#savePicture()),
    };
    this.buttons.picture.hidden = true;
    this.inset = element("button", "pw-inset", this.stage);
    this.inset.type = "button";
    this.inset.hidden = true;
    this.inset.addEventListener("click", () => this.#fit(this.geometry.bounds));
    this.scale = element("div", "pw-scale", this.stage);
    this.scaleText = element("span", "", this.scale);
    const north = shape("svg", { class: "pw-north", viewBox: "0 0 14 30", "aria-hidden": "true" }, this.scale);
    shape("path", { d: "M7 12l5 16-5-4-5 4z" }, north);
    this.northText = shape("text", { x: 7, y: 9, "text-anchor": "middle" }, north);
    this.bar = element("div", "pw-scale-bar", this.scale);
  }

  #button(parent, path, act) {
    const button = element("button", "", parent);
    button.type = "button";
    shape("path", { d: path }, shape("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, button));
    button.addEventListener("click", act);
    return button;
  }

  #listen() {
    this.map.on("click", (event) => {
      const ward = this.#wardUnder(event.originalEvent);
      if (ward) this.onWard(ward.code);
    });
    this.map.on("focus", () => this.map.scrollWheelZoom.enable());
    this.map.on("blur", () => this.map.scrollWheelZoom.disable());
    this.map.on("dragstart zoomstart", () => (this.framed &&= this.fitting));
    this.map.on("moveend", () => this.fitting || this.#layout());
    this.canvas.addEventListener("pointermove", (event) => this.#showTip(event));
    this.canvas.addEventListener("pointerleave", () => (this.tip.hidden = true));
    this.map.on("dragstart zoomstart", () => (this.tip.hidden = true));
    // A map is printed as it is framed: paper is as wide as it is, so the whole map becomes smaller.
    this.onPrint = () => {
      const { clientWidth: width, clientHeight: height } = this.stage;
      if (!width || !this.state || this.state.compact || this.state.theme) return;
      Object.assign(this.stage.style, { width: `${width}px`, height: `${height}px`, zoom: Math.min(1, PAPER_WIDTH / width) });
    };
    this.onPrinted = () => Object.assign(this.stage.style, { width: "", height: this.state?.height ?? "", zoom: "" });
    addEventListener("beforeprint", this.onPrint);
    addEventListener("afterprint", this.onPrinted);
    this.resizing = new ResizeObserver(() => this.#resize());
    this.resizing.observe(this.canvas);
    this.onFonts = () => this.#layout();
    document.fonts.addEventListener("loadingdone", this.onFonts);
  }

  #wardUnder(event) {
    const code = event.target instanceof Element && event.target.getAttribute("data-ward");
    return code ? this.geometry.wards.find((ward) => ward.code === code) : null;
  }

  #showTip(event) {
    const ward = event.pointerType === "touch" ? null : this.#wardUnder(event);
    this.tip.hidden = !ward;
    if (!ward) return;
    if (this.tip.dataset.ward !== ward.code) {
      this.tip.dataset.ward = ward.code;
      const state = this.state.palette[this.shown[this.geometry.wards.indexOf(ward)]];
      this.tip.replaceChildren();
      element("strong", "", this.tip).textContent = `${ward.kind} ${ward.name}`;
      if (ward.district) element("span", "", this.tip).textContent = ward.district;
      element("span", "", this.tip).textContent = state.label;
      const value = this.state.values[this.geometry.wards.indexOf(ward)];
      if (value && !state.faded && this.moment === null) {
        const unit = this.state.key?.histogram && this.state.key.unit !== "%" ? ` ${this.state.key.unit}` : "";
        element("span", "pw-value", this.tip).textContent = `${value}${unit}`;
      }
      for (const tick of this.state.ticks) {
        if (tick.codes.includes(ward.code)) element("span", "", this.tip).textContent = tick.label;
      }
    }
    const stage = this.stage.getBoundingClientRect();
    const x = event.clientX - stage.left;
    const y = event.clientY - stage.top;
    const { offsetWidth: width, offsetHeight: height } = this.tip;
    this.tip.style.left = `${x + 16 + width > stage.width ? x - width - 12 : x + 16}px`;
    this.tip.style.top = `${Math.max(4, Math.min(y + 16, stage.height - height - 4))}px`;
  }

  /** Show a state; of two that come in quick succession only the later is painted. */
  async show(state) {
    this.asked = state;
    this.stage.style.height = state.height;
    this.figure.classList.toggle("pw-dark", state.theme === "dark");
    this.figure.classList.toggle("pw-compact", state.compact);
    this.figure.classList.toggle("pw-sided", Boolean(state.key));
    try {
      const [geometry] = await Promise.all([loadGeometry(state.geometry), loadStyles("./leaflet.css", "./map.css")]);
      if (this.asked !== state || this.gone) return;
      this.message.hidden = true;
      this.#paint(state, geometry);
    } catch (error) {
      this.message.textContent = state.texts.failed;
      this.message.hidden = false;
      console.error(error);
    }
  }

  #paint(state, geometry) {
    const before = this.state;
    const switched = geometry !== this.geometry;
    if (state.classes.length !== geometry.wards.length) throw new Error("classes and shapes differ in number");
    this.state = state;
    if (!before) this.#measure();
    this.outlinedCodes = new Set(state.outlined);
    this.moment = null;
    this.shown = state.classes;
    this.tip.dataset.ward = "";
    this.#setTexts(state.texts);
    this.#setPalette(state.palette, state.ticks, state.key, state.ways?.legend ?? []);
    this.badge.textContent = state.badge;
    this.badge.hidden = !state.badge;
    const played = !before?.frames !== !state.frames;
    this.player.box.hidden = !state.frames;
    const reframed = played || String(before?.focus) !== String(state.focus);
    if (reframed) this.focus = toBounds(state.focus);
    if (switched) this.#switchTo(geometry, state);
    this.#repaint();
    const moved = this.ways.set(state.ways, this.zoom);
    this.player.set(state.frames ?? null, state.texts);
    if (state.frames) this.#showMoment(this.player.at);
    if (!switched && reframed) {
      this.#frame();
    } else if (moved || (!switched && marksOf(before) !== marksOf(state))) {
      this.#drawLabels();
    }
    if (state.sought && state.sought !== before?.sought) this.#bringIntoView(state.sought);
    this.figure.dataset.vintage = geometry.vintage;
    this.figure.dataset.paints = ++this.paints;
  }

  #setTexts(texts) {
    this.canvas.setAttribute("role", "region");
    this.canvas.setAttribute("aria-label", texts.map);
    for (const name of ["zoomIn", "zoomOut", "home"]) {
      this.buttons[name].setAttribute("aria-label", texts[name]);
      this.buttons[name].title = texts[name];
    }
    this.buttons.picture.hidden = !this.state.picture;
    this.buttons.picture.setAttribute("aria-label", texts.picture);
    this.buttons.picture.title = texts.picture;
    this.inset.setAttribute("aria-label", texts.city);
    this.inset.title = texts.city;
    this.northText.textContent = texts.north;
  }

  #setPalette(palette, ticks, key, ways) {
    const text = JSON.stringify([palette, ticks, key, ways, this.zoom]);
    if (text === this.paletteText) return;
    this.paletteText = text;
    this.tip.dataset.ward = "";
    this.patterns.replaceChildren();
    this.fills = palette.map((entry, index) => this.#fill(entry, `${this.id}-${index}`));
    drawKey(key, palette, this.keyTop, this.keyNotes);
    this.legend.replaceChildren();
    palette.forEach((entry, index) => {
      // Of two figures the square shows the classes.
      if (key?.rows && index < 9) return;
      const item = element("li", "", this.legend);
      item.dataset.class = index;
      const swatch = shape("svg", { viewBox: "0 0 18 18", "aria-hidden": "true" }, item);
      shape("rect", { x: 1.5, y: 1.5, width: 15, height: 15, rx: 3, fill: this.fills[index], class: `${entry.outlined ? "pw-outlined" : ""} ${entry.faded ? "pw-faded" : ""}` }, swatch);
      element("span", "", item).textContent = entry.count ? `${entry.label} (${entry.count})` : entry.label;
    });
    for (const tick of ticks) {
      const item = element("li", "", this.legend);
      this.#drawTick(9, 9, tick, shape("svg", { viewBox: "0 0 18 18", "aria-hidden": "true" }, item));
      element("span", "", item).textContent = `${tick.label} (${tick.count})`;
    }
    ways.forEach((entry, index) => {
      const item = element("li", "pw-way-entry", this.legend);
      item.dataset.way = index;
      drawLegendSign(entry, shape("svg", { viewBox: "0 0 34 18", "aria-hidden": "true" }, item));
      element("span", "", item).textContent = entry.label;
    });
  }

  #drawTick(x, y, tick, parent, scale = 1) {
    const place = `translate(${x} ${y}) scale(${scale})`;
    const group = shape("g", { class: tick.is_partly ? "pw-tick pw-partly" : "pw-tick", transform: place }, parent);
    shape("circle", { r: 7 }, group);
    shape("path", { d: "M-3.2 0.2l2.3 2.3 4.2-4.6" }, group);
  }

  #fill(entry, id) {
    if (!entry.pattern) return entry.colour;
    const size = entry.pattern === "hatch" ? 7 : 11;
    const pattern = shape("pattern", { id, width: size, height: size, patternUnits: "userSpaceOnUse" }, this.patterns);
    shape("rect", { width: size, height: size, class: "pw-land" }, pattern);
    if (entry.pattern === "hatch") {
      pattern.setAttribute("patternTransform", `rotate(45) scale(${this.zoom})`);
      shape("rect", { width: 4, height: size, fill: entry.colour }, pattern);
    } else {
      pattern.setAttribute("patternTransform", `scale(${this.zoom})`);
      shape("circle", { cx: 5.5, cy: 5.5, r: 0.8, fill: entry.colour }, pattern);
    }
    return `url(#${id})`;
  }

  #switchTo(geometry, state) {
    this.group?.remove();
    this.geometry = geometry;
    this.classes = [];
    this.front = "";
    this.figure.classList.toggle("pw-many", geometry.wards.length > MOST_FADING);
    this.group = this.groups.get(state.geometry);
    if (!this.group) {
      this.group = L.layerGroup(
        geometry.wards.map((ward) => L.polygon(ward.polygons, { className: "pw-ward", interactive: false, smoothFactor: 0, weight: 1 })),
      );
      this.groups.set(state.geometry, this.group);
      if (this.groups.size > KEPT_GEOMETRIES) this.groups.delete(this.groups.keys().next().value);
    }
    this.shapes = this.group.getLayers();
    this.#drawWater();
    this.#drawInset();
    // The view is set before the shapes come, so that they are projected once.
    this.#frame();
    this.group.addTo(this.map);
    this.shapes.forEach((layer, index) => layer.getElement().setAttribute("data-ward", geometry.wards[index].code));
    this.map.getPane("overlayPane").animate([{ opacity: 0 }, { opacity: 1 }], { duration: this.#still ? 0 : 200 });
  }

  #drawWater() {
    this.water?.remove();
    const rivers = this.geometry.water.map(({ line, width }) =>
      L.polyline(line, { className: "pw-river", interactive: false, pane: "pw-water", width }),
    );
    this.water = L.layerGroup(rivers).addTo(this.map);
  }

  /** Rivers are as wide as they are on the ground, and never too narrow to be seen. */
  #widenWater() {
    const metres = this.map.distance(this.map.containerPointToLatLng([0, 0]), this.map.containerPointToLatLng([100, 0]));
    this.water.eachLayer((river) => river.setStyle({ weight: Math.max(1.2 * this.zoom, (100 * river.options.width) / metres) }));
  }

  get #still() {
    return matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  #isOutlined(index) {
    return this.state.palette[this.shown[index]].outlined || this.outlinedCodes.has(this.geometry.wards[index].code);
  }

  /** Paint a moment of those that are played; the legend counts the wards of that moment. */
  #showMoment(at) {
    const { frames } = this.state;
    this.moment = at;
    this.shown = Array.from(frames.classes[at], (digit) => parseInt(digit, 36));
    this.tip.dataset.ward = "";
    this.#repaint();
    for (const item of this.legend.children) {
      const entry = this.state.palette[item.dataset.class];
      if (!entry?.count) continue;
      item.lastChild.textContent = `${entry.label} (${frames.counts[at][item.dataset.class]})`;
    }
    this.figure.dataset.moment = frames.labels[at];
  }

  #bringIntoView(code) {
    const ward = this.geometry.wards.find((one) => one.code === code);
    if (!ward || !this.#visible) return;
    this.framed = false;
    this.map.fitBounds(L.latLngBounds(ward.polygons.flat(2)).pad(0.75), { animate: !this.#still, maxZoom: 15 });
  }

  async #savePicture() {
    const origin = this.map.containerPointToLayerPoint([0, 0]);
    const numbers = (node, names, shift) => names.map((name, index) => Number(node.getAttribute(name)) - shift[index % 2]);
    const at = [origin.x, origin.y];
    const { picture, palette, selected, badge, key } = this.state;
    const size = this.map.getSize();
    const entries = [...this.legend.children].map((item) => ({
      ...(palette[item.dataset.class] ?? { colour: "#14213d" }),
      ...(item.dataset.way ? { way: this.state.ways.legend[item.dataset.way] } : {}),
      text: item.textContent,
    }));
    const square = key?.rows ? palette.slice(0, 9).map((entry) => ({ ...entry, text: `${entry.label} (${entry.count})` })) : [];
    const heading = !key ? "" : key.rows ? "" : key.unit ? `${key.title} (${key.unit})` : key.title;
    const canvas = await drawPicture({
      width: size.x,
      height: size.y,
      wards: this.geometry.wards.map((ward, index) => ({
        rings: ward.polygons.flat(1).map((ring) =>
          ring.map((point) => {
            const { x, y } = this.map.latLngToContainerPoint(point);
            return [x, y];
          }),
        ),
        fill: palette[this.shown[index]],
        strong: this.#isOutlined(index) || ward.code === selected,
        selected: ward.code === selected,
      })),
      rivers: this.water.getLayers().map((river) => ({
        line: river.getLatLngs().map((point) => {
          const { x, y } = this.map.latLngToContainerPoint(point);
          return [x, y];
        }),
        width: river.options.weight,
      })),
      labels: {
        lines: [...this.labels.querySelectorAll(".pw-leaders line")].map((line) => numbers(line, ["x1", "y1", "x2", "y2"], at)),
        texts: [...this.labels.querySelectorAll("text[data-label]")].map((text) => {
          const [x, y] = numbers(text, ["x", "y"], at);
          return { x, y, text: text.textContent };
        }),
      },
      labelSize: this.labelPixels,
      ways: this.ways.picture(),
      scale: { width: this.bar.getBoundingClientRect().width, text: this.scaleText.textContent },
      badge,
      legend: { heading, entries: [...square, ...entries], notes: key?.about ?? [] },
      title: this.moment === null ? picture.title : `${picture.title}: ${this.state.frames.labels[this.moment]}`,
      subtitle: picture.subtitle,
      credit: picture.credit,
    });
    savePicture(canvas, picture.name);
    this.figure.dataset.picture = `${canvas.width}×${canvas.height}`;
  }

  #repaint() {
    const { palette, selected } = this.state;
    const wards = this.geometry.wards;
    this.shown.forEach((number, index) => {
      const outlined = this.#isOutlined(index);
      const look = `${this.fills[number]} ${outlined} ${palette[number].faded}`;
      if (this.classes[index] === look) return;
      this.classes[index] = look;
      const node = this.shapes[index].getElement();
      node.style.fill = this.fills[number];
      node.classList.toggle("pw-outlined", outlined);
      node.classList.toggle("pw-faded", palette[number].faded);
    });
    const outlined = this.shapes.filter((_, index) => this.#isOutlined(index));
    const front = `${outlined.map((layer) => L.stamp(layer))} ${selected}`;
    if (front === this.front) return;
    this.front = front;
    this.selected?.getElement()?.classList.remove("pw-selected");
    outlined.forEach((layer) => layer.bringToFront());
    this.selected = this.shapes[wards.findIndex((ward) => ward.code === selected)];
    this.selected?.bringToFront();
    this.selected?.getElement().classList.add("pw-selected");
    this.#colourInset();
  }

  #fit(bounds) {
    this.framed = this.fitting = bounds === this.focus;
    const size = this.map.getSize();
    const room = this.state.key ? 0.03 : 0.1;
    const [x, y] = this.framed
      ? [Math.max(34 * this.zoom, size.x * room), Math.max(30 * this.zoom, size.y * 0.07)]
      : [12, 12];
    // Of the whole city an island lies where the scale bar stands.
    const below = this.player.box.hidden ? 0 : 56;
    const corner = [x, (this.framed ? y : 70 * this.zoom) + below];
    this.map.fitBounds(bounds, { paddingTopLeft: [x, y], paddingBottomRight: corner, animate: false });
    this.fitting = false;
  }

  /** Take the size of labels from the stylesheet; signs and gaps grow with it. */
  #measure() {
    this.figure.classList.toggle("pw-narrow", this.map.getSize().x < 600);
    this.labelPixels = parseFloat(getComputedStyle(this.labels).fontSize);
    this.zoom = Math.max(1, this.labelPixels / LABEL_PIXELS);
  }

  get #visible() {
    const { x, y } = this.map.getSize();
    return x > 0 && y > 0;
  }

  /** Return to the frame of the state. */
  #frame() {
    this.map.setMaxBounds(null);
    this.map.setMinZoom(0);
    if (!this.#visible) {
      this.map.setView(this.focus.getCenter(), 10, { animate: false });
      return;
    }
    this.#sizeInset();
    this.#fit(this.focus);
    // Limits come after the frame and enclose it, or Leaflet would slide the map away from it.
    const least = Math.min(this.map.getBoundsZoom(this.geometry.bounds) - 0.3, this.map.getZoom());
    this.map.setMinZoom(Math.max(0, least));
    this.map.setMaxBounds(this.geometry.bounds.pad(0.3).extend(this.map.getBounds()));
    this.#placeInset();
    this.#layout();
  }

  #resize() {
    if (!this.geometry) return;
    const framed = this.framed;
    this.map.invalidateSize({ animate: false, pan: false });
    this.#measure();
    if (framed !== false) this.#frame();
  }

  // The inset: the whole city with the frame of the map.

  #drawInset() {
    const { main, wards } = this.geometry;
    const squeeze = Math.cos((main.getCenter().lat * Math.PI) / 180);
    const unit = 1000 / ((main.getEast() - main.getWest()) * squeeze);
    const height = (main.getNorth() - main.getSouth()) * unit;
    const edge = 40;
    this.insetRatio = (height + 2 * edge) / (1000 + 2 * edge);
    this.toInset = ([lat, lng]) => [(lng - main.getWest()) * squeeze * unit, (main.getNorth() - lat) * unit];
    const svg = shape("svg", { "aria-hidden": "true" });
    svg.setAttribute("viewBox", `${-edge} ${-edge} ${1000 + 2 * edge} ${height + 2 * edge}`);
    const far = wards.filter((ward) => !main.contains(ward.at));
    if (far.length) this.#drawFar(far, svg, height);
    this.insetPaths = wards.map((ward) =>
      ward.polygons
        .flatMap((rings) => this.#thin(rings[0]))
        .map((ring) => `M${ring.map(([x, y]) => `${Math.round(x)} ${Math.round(y)}`).join("L")}Z`)
        .join(""),
    );
    shape("path", { d: this.insetPaths.join(""), class: "pw-inset-land" }, svg);
    this.insetMarks = shape("g", {}, svg);
    this.insetFrame = shape("rect", { class: "pw-inset-frame" }, svg);
    this.inset.replaceChildren(svg);
    this.#colourInset();
  }

  /** Islands far off the rest stand in a box of their own in the lower right corner, nearer than they are. */
  #drawFar(far, svg, height) {
    const bounds = L.latLngBounds(far.flatMap((ward) => ward.polygons.flat(2)));
    const [left, top] = this.toInset([bounds.getNorth(), bounds.getWest()]);
    const [right, bottom] = this.toInset([bounds.getSouth(), bounds.getEast()]);
    const box = { width: Math.max(right - left + 50, 190), height: Math.max(bottom - top + 40, 110) };
    const [x, y] = [1000 - box.width, height - box.height - 50];
    shape("rect", { ...box, x, y, class: "pw-inset-far" }, svg);
    const shift = [x + box.width / 2 - (left + right) / 2, y + box.height / 2 - (top + bottom) / 2];
    const plain = this.toInset;
    this.toInset = (point) => {
      const [px, py] = plain(point);
      return bounds.contains(point) ? [px + shift[0], py + shift[1]] : [px, py];
    };
    shape("text", { x: 1020, y: height + 5 }, svg).textContent = far.map((ward) => ward.name).join(", ");
  }

  /** A ring in the inset's units, without the vertices that can't be told apart there. */
  #thin(ring) {
    const kept = [];
    for (const point of ring.map(this.toInset)) {
      const last = kept[kept.length - 1];
      if (!last || Math.abs(point[0] - last[0]) + Math.abs(point[1] - last[1]) > 4) kept.push(point);
    }
    return kept.length > 2 ? [kept] : [];
  }

  #colourInset() {
    if (!this.insetMarks || !this.state) return;
    const { palette } = this.state;
    this.insetMarks.replaceChildren();
    this.shown.forEach((number, index) => {
      if (!this.#isOutlined(index)) return;
      shape("path", { d: this.insetPaths[index], fill: palette[number].colour, class: "pw-inset-mark" }, this.insetMarks);
    });
  }

  #sizeInset() {
    const size = this.map.getSize();
    const most = 250 * this.zoom;
    const width = Math.round(Math.min(Math.max(112, size.x * 0.27), most, (size.y * 0.34) / this.insetRatio));
    this.inset.classList.toggle("pw-small", width < 160);
    this.inset.style.width = `${width}px`;
    this.inset.style.height = `${Math.round(width * this.insetRatio)}px`;
  }

  /** Put the inset into the left corner where it hides fewer of the outlined wards. */
  #placeInset() {
    const anchors = this.geometry.wards
      .filter((_, index) => this.#isOutlined(index))
      .map((ward) => this.map.latLngToContainerPoint(ward.at));
    const { offsetWidth: width, offsetHeight: height } = this.inset;
    const stage = this.map.getSize().y;
    const hidden = (top) => anchors.filter((p) => p.x < width + 40 && p.y > top - 30 && p.y < top + height + 30).length;
    this.inset.classList.toggle("pw-top", hidden(stage - height) > hidden(0));
  }

  #moveInset() {
    const seen = this.map.getBounds();
    const city = this.geometry.main;
    const share = (seen.getEast() - seen.getWest()) / (city.getEast() - city.getWest());
    this.inset.hidden = share > 0.8 || this.state.compact;
    const [left, top] = this.toInset([seen.getNorth(), seen.getWest()]);
    const [right, bottom] = this.toInset([seen.getSouth(), seen.getEast()]);
    const box = { x: left, y: top, width: right - left, height: bottom - top };
    for (const [key, value] of Object.entries(box)) this.insetFrame.setAttribute(key, value.toFixed(1));
  }

  // What is laid out anew whenever the map has moved.

  #layout() {
    if (!this.geometry || !this.#visible) return;
    this.#moveInset();
    this.#widenWater();
    this.#drawScale();
    this.#drawLabels();
  }

  #drawScale() {
    const size = this.map.getSize();
    const middle = size.y / 2;
    const metres = this.map.distance(
      this.map.containerPointToLatLng([0, middle]),
      this.map.containerPointToLatLng([100, middle]),
    );
    const most = (metres / 100) * Math.min(240 * this.zoom, size.x * 0.25);
    const power = 10 ** Math.floor(Math.log10(most));
    const length = [5, 2, 1].map((step) => step * power).find((step) => step <= most);
    this.bar.style.width = `${((length / metres) * 100).toFixed(1)}px`;
    this.scaleText.textContent = length >= 1000 ? `${length / 1000} km` : `${length} m`;
  }

  #blocked() {
    const stage = this.stage.getBoundingClientRect();
    const origin = this.map.containerPointToLayerPoint([0, 0]);
    return [this.inset, this.scale, this.badge, this.buttons.zoomIn.parentElement, this.player.box]
      .filter((node) => !node.hidden)
      .map((node) => node.getBoundingClientRect())
      .map((box) => ({
        left: box.left - stage.left + origin.x,
        right: box.right - stage.left + origin.x,
        top: box.top - stage.top + origin.y,
        bottom: box.bottom - stage.top + origin.y,
      }));
  }

  #drawLabels() {
    const size = this.map.getSize();
    const origin = this.map.containerPointToLayerPoint([0, 0]);
    const rim = 8 * this.zoom;
    const frame = { left: origin.x + rim, top: origin.y + rim, right: origin.x + size.x - rim, bottom: origin.y + size.y - rim };
    const { labelPixels: pixels, zoom } = this;
    const pen = (this.pen ??= document.createElement("canvas").getContext("2d"));
    pen.font = `600 ${pixels}px ${LABEL_FONT}`;
    const wanted = new Set(this.state.labels);
    const items = this.geometry.wards
      .filter((ward) => wanted.has(ward.code))
      .map((ward) => {
        const { x, y } = this.map.latLngToLayerPoint(ward.at);
        const name = this.state.names?.[ward.code] ?? ward.name;
        return { ward: { ...ward, name }, x, y, width: pen.measureText(name).width, height: pixels * 1.25 };
      })
      .filter(({ x, y }) => x > frame.left && x < frame.right && y > frame.top && y < frame.bottom);
    for (const item of items) {
      item.rings = item.ward.polygons.map(([outer]) =>
        outer.map((point) => {
          const { x, y } = this.map.latLngToLayerPoint(point);
          return [x, y];
        }),
      );
    }
    const stops = this.ways.labelled();
    for (const { stop, x, y } of stops) {
      if (x < frame.left || x > frame.right || y < frame.top || y > frame.bottom) continue;
      const size = { width: pen.measureText(stop.label).width, height: pixels * 1.25 };
      items.push({ ward: { code: stop.text, name: stop.label }, x, y, ...size, rings: [], isStop: true });
    }
    const sign = 12 * zoom;
    const signs = stops.map(({ x, y }) => ({ left: x - sign, right: x + sign, top: y - sign, bottom: y + sign }));
    const places = items.length ? placeLabels(items, frame, [...this.#blocked(), ...signs], zoom) : [];
    this.labels.replaceChildren();
    this.ways.drawArrows(shape("g", {}, this.labels), zoom);
    const halos = shape("g", { class: "pw-halos" }, this.labels);
    const leaders = shape("g", { class: "pw-leaders" }, this.labels);
    const texts = shape("g", {}, this.labels);
    const ticks = shape("g", {}, this.labels);
    this.ways.drawStops(ticks, zoom);
    items.forEach((item, index) => {
      const tick = this.state.ticks.find(({ codes }) => codes.includes(item.ward.code));
      if (tick) this.#drawTick(+item.x.toFixed(1), +item.y.toFixed(1), tick, ticks, zoom);
      const { box, start, end, clear } = places[index];
      // A label without a place of its own is left to the tooltip.
      if (!clear) return;
      const line = { x1: start[0].toFixed(1), y1: start[1].toFixed(1), x2: end[0].toFixed(1), y2: end[1].toFixed(1) };
      shape("line", line, halos);
      shape("line", line, leaders);
      if (!item.isStop) shape("circle", { cx: line.x2, cy: line.y2, r: 2.6 * zoom }, leaders);
      const text = shape(
        "text",
        { x: ((box.left + box.right) / 2).toFixed(1), y: (box.bottom - pixels * 0.29).toFixed(1), "data-label": item.ward.code },
        texts,
      );
      text.textContent = item.ward.name;
    });
  }

  destroy() {
    this.gone = true;
    removeEventListener("beforeprint", this.onPrint);
    removeEventListener("afterprint", this.onPrinted);
    this.player.destroy();
    this.resizing.disconnect();
    document.fonts.removeEventListener("loadingdone", this.onFonts);
    this.map.remove();
    this.figure.remove();
  }
}

/**
 * Make a map inside an element.
 *
 * @param root element to fill
 * @param onWard called with the code of a ward that was clicked
 * @returns an object with `show(state)` and `destroy()`; the state is documented in dashboard/maps.py
 */
export function createMap(root, onWard) {
  return new WardMap(root, onWard);
}

const mounted = new WeakMap();

export default function streamlit({ data, parentElement, setTriggerValue }) {
  if (!mounted.has(parentElement)) mounted.set(parentElement, createMap(parentElement, () => {}));
  const map = mounted.get(parentElement);
  map.onWard = (code) => setTriggerValue("ward", code);
  map.newest = data;
  unpacked(data).then((state) => map.newest === data && !map.gone && map.show(state));
  return () => {
    map.destroy();
    mounted.delete(parentElement);
  };
}
