// The wall display: scenes that rotate in the browser, with one map for all of them. The whole wall comes as one
// state, so that neither a change of scene nor a cut network needs the server. The default export serves
// Streamlit; wall_beat.js tells that the server lives.

/** @import { Call } from "./component.js" */
/** @import { SentWall, WallScene } from "./state.js" */

import { element, icon, loadStyles, unpacked } from "./component.js";
import { loadGeometry } from "./geometry.js";
import { WardMap } from "./map.js";
import { clock, isNight } from "./wall_clock.js";
import { Connection } from "./wall_connection.js";

const IDLE_MS = 3_000;
/** The ground that the server writes into the page, see `screens/wall/first.py`. */
const GROUND = "wall-ground";
/** Sizes of a headline that takes one line, and of one that takes two, in pixels of a screen 1080 high. */
const ONE_LINE = [58, 55, 52, 49];
const TWO_LINES = [53, 51, 49, 46, 43, 40, 37, 34, 31, 28, 25, 22];
const LINE_HEIGHT = 1.16;
/** Pixels across a sheet of A4 within its margins. */
const PAPER_WIDTH = 1040;
/** Where the scene that a tab showed last is kept: when its page is loaded anew, it goes on from there. */
const PLACE = "wall-scene";
const SIGNS = {
  age: "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 7v5l3.5 2",
  failed: "M12 3L22 20.5H2ZM12 9.5v5M12 17.2v.6",
  illustrative: "M4 20l1-4.5L16.5 4l3.5 3.5L8.5 19ZM14 6.5l3.5 3.5",
  lost: "M3 9a13 13 0 0 1 18 0M6.5 13a8 8 0 0 1 11 0M12 18v.5M4 3l16 18",
  paused: "M8 5v14M16 5v14",
};

/** A badge: a sign and words in an outline, so that it needs no colour. @param {keyof typeof SIGNS} kind @param {string} text */
function badge(kind, text) {
  const node = element("span", `hw-badge hw-${kind}`);
  icon(SIGNS[kind], node, 24);
  element("span", "", node, text);
  return node;
}

/**
 * A scene on dark ground in the colours of a light one, by a table of these.
 *
 * @param {WallScene} scene @param {Record<string, string>} lights
 * @returns {WallScene}
 */
export function lightened(scene, lights) {
  return JSON.parse(JSON.stringify(scene).replace(/#[0-9a-f]{6}/gi, (dark) => lights[dark.toUpperCase()] ?? dark));
}

class Wall {
  /** @type {SentWall} */ wall;
  /** @type {SentWall | undefined} What is to be shown next. */ #newest;
  /** The number of the scene that is shown, and how often another one was. */
  at = 0;
  turns = 0;
  isPaused = false;
  isNight = false;
  /** @type {HTMLStyleElement | null} What makes a sheet of paper of it. */ #sheet = null;
  #drawnBody = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #resting;
  #ending = new AbortController();

  constructor() {
    this.root = element("div", "hw-wall", document.body);
    // Until it has its theme: one frame in that of a page would be a flash.
    this.root.style.visibility = "hidden";
    this.show = element("main", "hw-show", this.root);
    this.scene = element("div", "hw-scene", this.show);
    this.headline = element("h1", "hw-headline", element("header", "hw-head", this.scene));
    this.stage = element("div", "hw-stage", this.scene);
    this.mapBox = element("div", "hw-map", this.stage);
    // Nobody stands at the wall: the map takes neither keys nor pointers.
    this.mapBox.inert = true;
    this.body = element("section", "hw-body", this.stage);
    const foot = element("footer", "hw-foot", this.show);
    this.remarks = element("div", "hw-remarks", foot);
    this.badges = element("div", "hw-badges", this.remarks);
    this.notice = element("p", "hw-notice", this.remarks);
    const line = element("div", "hw-line", foot);
    this.facts = element("p", "hw-facts", line);
    this.boundaries = element("span");
    this.dots = element("ol", "hw-dots", line);
    this.dots.setAttribute("aria-hidden", "true");
    this.signs = element("div", "hw-signs", line);
    this.time = element("time", "hw-clock", line);
    this.help = element("aside", "hw-help", this.root);
    this.help.hidden = true;
    this.night = element("div", "hw-night", this.root);
    this.nightTime = element("time", "", this.night);
    this.nightDay = element("p", "", this.night);
    this.map = new WardMap(this.mapBox, () => {});
    this.connection = new Connection(() => this.#drawSigns());
    this.#listen();
  }

  #listen() {
    const { signal } = this.#ending;
    addEventListener("keydown", (event) => this.#key(event), { signal });
    addEventListener("pointermove", () => this.#wake(), { signal });
    addEventListener("hw-beat", () => this.connection.hear(), { signal });
    addEventListener("resize", () => this.#fitHeadline(), { signal });
    addEventListener("beforeprint", () => this.#print(), { signal });
    addEventListener("afterprint", () => this.#printed(), { signal });
    document.fonts.addEventListener("loadingdone", () => this.#fitHeadline(), { signal });
    this.ticking = setInterval(() => this.#tick(), 1000);
    this.#wake();
  }

  /** Take a wall: the scene that is shown stays where it is, and only what differs is drawn. @param {SentWall} wall */
  async take(wall) {
    if (wall.key === this.wall?.key) return;
    this.#newest = wall;
    await loadStyles("./wall.css", "./wall_scenes.css");
    if (this.#newest !== wall) return;
    const isFirst = !this.wall;
    const shown = isFirst ? sessionStorage.getItem(PLACE) : this.wall.scenes[this.at].id;
    const place = wall.scenes.findIndex(({ id }) => id === shown);
    this.wall = wall;
    for (const scene of wall.scenes) if (scene.map) loadGeometry(scene.map.geometry).catch(() => {});
    this.root.lang = wall.lang;
    document.documentElement.lang = wall.lang;
    this.root.classList.toggle("hw-dark", wall.theme === "dark");
    document.documentElement.classList.toggle("hw-on-dark", wall.theme === "dark");
    this.root.style.visibility = "";
    this.#drawRemarks();
    this.#drawSigns();
    this.#drawHelp();
    this.#tick();
    if (isFirst) {
      await this.#turn(Math.max(0, place), true);
    } else if (place < 0) {
      await this.#turn(Math.min(this.at, wall.scenes.length - 1));
    } else {
      this.at = place;
      await this.#draw();
    }
    this.root.dataset.key = wall.key;
  }

  #drawRemarks() {
    const { badges, notices, footer, scenes } = this.wall;
    this.badges.replaceChildren(...badges.map(({ kind, text }) => badge(kind, text)));
    this.remarks.hidden = !badges.length && !notices.length;
    this.facts.replaceChildren(...footer.map((text) => element("span", "", null, text)), this.boundaries);
    this.dots.replaceChildren(...(scenes.length > 1 ? scenes.map(() => element("li")) : []));
  }

  #drawSigns() {
    const { texts } = this.wall;
    this.signs.replaceChildren(
      ...(this.connection.isLost ? [badge("lost", texts.lost)] : []),
      ...(this.isPaused ? [badge("paused", texts.paused)] : []),
    );
    this.root.classList.toggle("hw-is-paused", this.isPaused);
  }

  #drawHelp() {
    const list = element("dl");
    for (const { key, does } of this.wall.keys) {
      element("kbd", "", element("dt", "", list), key);
      element("dd", "", list, does);
    }
    this.help.replaceChildren(element("h2", "", null, this.wall.texts.keys), list);
  }

  /** Draw the scene that is due into what is there. */
  async #draw() {
    const { scenes, notices } = this.wall;
    const isLightened = this.#sheet !== null && this.wall.theme === "dark";
    const scene = isLightened ? lightened(scenes[this.at], this.wall.lights) : scenes[this.at];
    const theme = isLightened ? "light" : this.wall.theme;
    if (this.headline.textContent !== scene.headline) {
      this.headline.textContent = scene.headline;
      this.#fitHeadline();
    }
    this.boundaries.textContent = scene.boundaries;
    if (this.#drawnBody !== scene.body) this.body.innerHTML = this.#drawnBody = scene.body;
    this.stage.classList.toggle("hw-full", scene.layout === "full" || !scene.map);
    const notice = notices.length ? this.turns % notices.length : 0;
    const count = notices.length > 1 ? `${notice + 1}/${notices.length} ` : "";
    this.notice.textContent = notices.length ? `${count}${notices[notice]}` : "";
    [...this.dots.children].forEach((dot, index) => dot.classList.toggle("hw-here", index === this.at));
    this.root.dataset.scene = scene.id;
    sessionStorage.setItem(PLACE, scene.id);
    if (scene.map) await this.map.show({ ...scene.map, theme });
  }

  /** Show another scene; the clock for the next one starts when it is drawn. @param {number} at */
  async #turn(at, isFirst = false) {
    clearTimeout(this.#timer);
    const turn = ++this.turns;
    this.at = at;
    const isStill = isFirst || matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (isStill || !document.startViewTransition) {
      await this.#draw();
    } else {
      this.root.classList.add("hw-turning");
      const fading = document.startViewTransition(() => this.#draw());
      // A change that overtakes this one breaks its fading off.
      fading.ready.catch(() => {});
      fading.finished.catch(() => {}).then(() => turn === this.turns && this.root.classList.remove("hw-turning"));
      await fading.updateCallbackDone;
    }
    if (turn !== this.turns || this.#ending.signal.aborted) return;
    this.root.dataset.shown = String(turn);
    this.#schedule();
  }

  #schedule() {
    clearTimeout(this.#timer);
    const { scenes } = this.wall;
    if (this.isPaused || this.isNight || scenes.length < 2) return;
    this.#timer = setTimeout(() => this.#step(1), scenes[this.at].seconds * 1000);
  }

  /** @param {number} by */
  #step(by) {
    const { length } = this.wall.scenes;
    return this.#turn((this.at + by + length) % length);
  }

  /** Give the headline the largest size in which one line, or else two, hold it. */
  #fitHeadline() {
    const { style } = this.headline;
    const fits = (/** @type {number} */ size, /** @type {number} */ lines) => {
      style.setProperty("--size", String(size));
      const height = size * LINE_HEIGHT * (this.show.clientHeight / 1080);
      return this.headline.offsetHeight < height * (lines + 0.5);
    };
    if (!ONE_LINE.some((size) => fits(size, 1))) TWO_LINES.some((size) => fits(size, 2));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!this.wall || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    /** @type {Record<string, () => unknown>} */
    const acts = {
      " ": () => this.#pause(),
      ArrowLeft: () => this.#step(-1),
      ArrowRight: () => this.#step(1),
      Home: () => this.#turn(0),
      f: () => this.#fullScreen(),
      "?": () => (this.help.hidden = !this.help.hidden),
      Escape: () => this.#leave(),
    };
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  #pause() {
    this.isPaused = !this.isPaused;
    this.#drawSigns();
    this.#schedule();
  }

  /** Close the list of keys, or else leave for the pages, with what the wall shows of them. */
  #leave() {
    if (this.help.hidden) location.assign(`./${this.wall.exit}`);
    else this.help.hidden = true;
  }

  #fullScreen() {
    const change = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
    change.catch(() => {});
  }

  #wake() {
    this.root.classList.remove("hw-idle");
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => this.root.classList.add("hw-idle"), IDLE_MS);
  }

  /** Once a second: the clock, the hours, and whether the server still speaks. */
  #tick() {
    if (!this.wall) return;
    const { day, time } = clock(new Date(), this.wall.lang, this.wall.zone);
    const text = `${day} · ${time}`;
    if (this.time.textContent !== text) {
      this.time.textContent = text;
      this.nightTime.textContent = time;
      this.nightDay.textContent = day;
      // The clock of the night wanders, so that it does not burn into the screen.
      this.night.style.setProperty("--drift", String(Number(time.slice(3)) % 12));
    }
    const isNightNow = isNight(time, this.wall.hours);
    if (isNightNow !== this.isNight) {
      this.isNight = isNightNow;
      this.root.classList.toggle("hw-at-night", isNightNow);
      this.#schedule();
    }
    this.connection.check();
  }

  /** Paper shows what the screen shows, in light: laid out as on the screen, and made smaller as a whole. */
  #print() {
    if (!this.wall || this.#sheet) return;
    const { clientWidth: width, clientHeight: height } = this.root;
    this.#sheet = element("style", "", this.root, "@page { size: A4 landscape; margin: 10mm; }");
    this.root.classList.add("hw-printing");
    this.root.classList.remove("hw-dark");
    Object.assign(this.root.style, { width: `${width}px`, height: `${height}px`, zoom: String(PAPER_WIDTH / width) });
    this.root.style.setProperty("--u", `${height / 1080}px`);
    this.#draw();
  }

  #printed() {
    if (!this.#sheet) return;
    this.#sheet.remove();
    this.#sheet = null;
    this.root.removeAttribute("style");
    this.root.classList.remove("hw-printing");
    this.root.classList.toggle("hw-dark", this.wall.theme === "dark");
    this.#draw();
  }

  destroy() {
    this.#ending.abort();
    clearInterval(this.ticking);
    clearTimeout(this.#timer);
    clearTimeout(this.#resting);
    this.map.destroy();
    this.root.remove();
    document.getElementById(GROUND)?.remove();
  }
}

/** @type {Wall | null} */ let wall = null;
/** @type {unknown} */ let newest;
/** @type {ReturnType<typeof setTimeout> | undefined} */ let leaving;

/** @param {Call} call */
export default function streamlit({ data }) {
  clearTimeout(leaving);
  if (!wall && document.querySelector(".hw-wall:not(#pw-first)")) {
    // The program was renewed while the wall ran: its older script still draws.
    location.reload();
    return () => {};
  }
  wall ??= new Wall();
  newest = data;
  unpacked(data).then((state) => (newest === data ? wall?.take(state) : undefined));
  return () => {
    // Streamlit may draw the page anew when it connects again; the wall stays meanwhile.
    leaving = setTimeout(() => {
      wall?.destroy();
      wall = null;
      document.documentElement.classList.remove("hw-on-dark");
    }, 500);
  };
}
