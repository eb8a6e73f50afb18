// Plays moments of a map one after the other: a button, a slider and the moment's name. The slider is a
// range of the browser, so arrow keys, Home and End step through the moments.

const SVG = "http://www.w3.org/2000/svg";
const MOMENT_MS = 900;
const PLAY = "M4 2.5v11l9-5.5z";
const PAUSE = "M4 3h3v10H4zM9 3h3v10H9z";

export class Player {
  /**
   * @param parent element to stand in
   * @param onMoment called with the number of the moment to show
   * @param isStill whether the reader wants no motion: then nothing plays by itself
   */
  constructor(parent, onMoment, isStill) {
    this.onMoment = onMoment;
    this.isStill = isStill;
    this.box = parent.appendChild(document.createElement("div"));
    this.box.className = "pw-player";
    this.box.hidden = true;
    this.button = this.box.appendChild(document.createElement("button"));
    this.button.type = "button";
    const svg = this.button.appendChild(document.createElementNS(SVG, "svg"));
    svg.setAttribute("viewBox", "0 0 16 16");
    svg.setAttribute("aria-hidden", "true");
    this.sign = svg.appendChild(document.createElementNS(SVG, "path"));
    this.slider = this.box.appendChild(document.createElement("input"));
    this.slider.type = "range";
    this.slider.min = 0;
    this.name = this.box.appendChild(document.createElement("output"));
    this.button.addEventListener("click", () => (this.timer ? this.pause() : this.play()));
    this.slider.addEventListener("input", () => {
      this.pause();
      this.#show(Number(this.slider.value));
    });
  }

  /** Take moments; the same ones go on from where they are. */
  set(frames, texts) {
    this.texts = texts;
    const text = JSON.stringify(frames);
    if (text !== this.text) {
      this.text = text;
      this.pause();
      this.frames = frames;
      this.box.hidden = !frames;
      if (!frames) return;
      this.slider.max = frames.labels.length - 1;
      this.#show(this.isStill() ? frames.labels.length - 1 : 0);
      if (!this.isStill()) this.play();
    }
    this.slider.setAttribute("aria-label", texts.moment);
    this.#mark();
  }

  get at() {
    return Number(this.slider.value);
  }

  play() {
    if (this.at === this.frames.labels.length - 1) this.#show(0);
    this.timer = setInterval(() => {
      if (this.at >= this.frames.labels.length - 1) this.pause();
      else this.#show(this.at + 1);
    }, MOMENT_MS);
    this.#mark();
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    this.#mark();
  }

  #mark() {
    this.sign.setAttribute("d", this.timer ? PAUSE : PLAY);
    if (this.texts) this.button.setAttribute("aria-label", this.timer ? this.texts.pause : this.texts.play);
  }

  #show(at) {
    this.slider.value = at;
    const name = this.frames.labels[at];
    this.slider.setAttribute("aria-valuetext", name);
    this.name.textContent = name;
    this.onMoment(at);
  }

  destroy() {
    clearInterval(this.timer);
  }
}
