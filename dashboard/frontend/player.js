// Plays moments of a map one after the other: a button, a slider and the moment's name. The slider is a
// range of the browser, so arrow keys, Home and End step through the moments.

/** @import { Legend } from "./legend.js" */
/** @import { Frames, MapState, MapTexts } from "./state.js" */
/** @import { Tooltip } from "./tooltip.js" */

import { element, icon } from "./component.js";

const MOMENT_MS = 900;
const PLAY = "M4 2.5v11l9-5.5z";
const PAUSE = "M4 3h3v10H4zM9 3h3v10H9z";

/** Where a series of moments stands, and whether it goes on by itself. */
export class Playback {
  at = 0;
  last = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */ #timer;

  /** @param {() => void} onMoment called when another moment is due @param {() => void} onTurn called when it begins or ends to play */
  constructor(onMoment, onTurn) {
    this.onMoment = onMoment;
    this.onTurn = onTurn;
  }

  /** @param {number} at */
  goTo(at) {
    this.at = at;
    this.onMoment();
  }

  /** Play from where it stands, from the end anew. */
  play() {
    if (this.at === this.last) this.goTo(0);
    this.#timer = setInterval(() => (this.at < this.last ? this.goTo(this.at + 1) : this.pause()), MOMENT_MS);
    this.onTurn();
  }

  pause() {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.onTurn();
  }

  get isPlaying() {
    return this.#timer !== undefined;
  }
}

/**
 * Paint a moment of those that are played; the legend counts the wards of that moment.
 *
 * @param {{ state: MapState, moment: number | null, tooltip: Tooltip, legend: Legend, figure: HTMLElement }} map
 * @param {number} at @param {(classes: number[]) => void} paint
 */
export function showMoment(map, at, paint) {
  const { frames, palette } = map.state;
  if (!frames) return;
  map.moment = at;
  map.tooltip.forget();
  paint(Array.from(frames.classes[at], (digit) => parseInt(digit, 36)));
  map.legend.count(palette, frames, at);
  map.figure.dataset.moment = frames.labels[at];
}

export class Player {
  /** @type {Frames | null} */ #frames = null;
  /** @type {MapTexts | undefined} */ #texts;
  #text = "null";

  /**
   * @param {Element} parent
   * @param {(at: number) => void} onMoment called with the number of the moment to show
   * @param {() => boolean} isStill whether the reader wants no motion: then nothing plays by itself
   */
  constructor(parent, onMoment, isStill) {
    this.onMoment = onMoment;
    this.isStill = isStill;
    this.playback = new Playback(() => this.#show(), () => this.#mark());
    this.box = element("div", "pw-player", parent);
    this.box.hidden = true;
    this.button = element("button");
    this.sign = icon(PLAY, this.button);
    this.slider = element("input");
    this.slider.type = "range";
    this.slider.min = "0";
    this.name = element("output");
    this.about = element("span", "pw-player-about");
    this.button.addEventListener("click", () => (this.playback.isPlaying ? this.playback.pause() : this.playback.play()));
    this.slider.addEventListener("input", () => {
      this.playback.pause();
      this.playback.goTo(Number(this.slider.value));
    });
  }

  get at() {
    return this.playback.at;
  }

  /** Take moments; the same ones go on from where they are. @param {Frames | null} frames @param {MapTexts} texts */
  set(frames, texts) {
    this.#texts = texts;
    const text = JSON.stringify(frames);
    if (text !== this.#text) {
      this.#text = text;
      this.playback.pause();
      this.#frames = frames;
      this.box.hidden = !frames;
      this.box.replaceChildren(...(frames ? [this.button, this.slider, this.name, this.about] : []));
      if (!frames) return;
      this.playback.last = frames.labels.length - 1;
      this.slider.max = String(this.playback.last);
      this.playback.goTo(this.isStill() ? this.playback.last : 0);
      if (!this.isStill()) this.playback.play();
    }
    this.slider.setAttribute("aria-label", texts.moment);
    this.#mark();
  }

  #mark() {
    this.sign.setAttribute("d", this.playback.isPlaying ? PAUSE : PLAY);
    const name = this.playback.isPlaying ? this.#texts?.pause : this.#texts?.play;
    if (name) this.button.setAttribute("aria-label", name);
  }

  #show() {
    const name = this.#frames?.labels[this.at] ?? "";
    this.slider.value = String(this.at);
    this.slider.setAttribute("aria-valuetext", name);
    this.name.textContent = name;
    this.about.textContent = this.#frames?.about[this.at] ?? "";
    this.onMoment(this.at);
  }

  destroy() {
    this.playback.pause();
  }
}
