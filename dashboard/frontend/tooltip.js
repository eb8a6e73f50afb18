// What stands beside the pointer: the ward that it is on, its class, and its figure.

/** @import { Ward } from "./geometry.js" */
/** @import { FormerWard } from "./former.js" */
/** @import { MapState } from "./state.js" */

import { element } from "./component.js";

/**
 * What is said of a ward below its name.
 *
 * @param {MapState} state @param {Ward} ward
 * @param {number} number of its class
 * @param {string | undefined} value its figure; none at a moment that is played
 * @param {FormerWard[]} former wards of other boundaries at the pointer
 */
export function linesOf({ palette, key, ticks }, ward, number, value, former = []) {
  const signs = [ward.code, ...former.map(({ outline }) => outline.sign)];
  const { label, faded } = palette[number];
  const unit = key && "histogram" in key && key.unit !== "%" ? ` ${key.unit}` : "";
  return [
    ...(ward.district ? [{ text: ward.district, look: "" }] : []),
    { text: label, look: "" },
    ...(value && !faded ? [{ text: `${value}${unit}`, look: "pw-value" }] : []),
    ...former.map(({ entry, ward: { name } }) => ({ text: `${entry.label}: ${name}`, look: "" })),
    ...ticks.filter(({ codes }) => signs.some((sign) => codes.includes(sign))).map((tick) => ({ text: tick.label, look: "" })),
  ];
}

export class Tooltip {
  /** @type {string | null} What it tells of. */ #told = null;

  /** @param {HTMLElement} stage */
  constructor(stage) {
    this.stage = stage;
    this.box = element("div", "pw-tip", stage);
    this.box.hidden = true;
  }

  hide() {
    this.box.hidden = true;
  }

  /** Tell anew of the ward when the pointer next moves: something has changed. */
  forget() {
    this.#told = null;
  }

  /**
   * Stand beside the pointer.
   *
   * @param {PointerEvent} event @param {Ward} ward @param {FormerWard[]} former
   * @param {() => ReturnType<typeof linesOf>} lines
   */
  show(event, ward, former, lines) {
    this.box.hidden = false;
    const told = [ward.code, ...former.map(({ outline }) => outline.sign)].join(" ");
    if (this.#told !== told) {
      this.#told = told;
      this.box.replaceChildren();
      element("strong", "", this.box, `${ward.kind} ${ward.name}`);
      for (const { text, look } of lines()) element("span", look, this.box, text);
    }
    const stage = this.stage.getBoundingClientRect();
    const [x, y] = [event.clientX - stage.left, event.clientY - stage.top];
    const { offsetWidth: width, offsetHeight: height } = this.box;
    this.box.style.left = `${x + 16 + width > stage.width ? x - width - 12 : x + 16}px`;
    this.box.style.top = `${Math.max(4, Math.min(y + 16, stage.height - height - 4))}px`;
  }
}
