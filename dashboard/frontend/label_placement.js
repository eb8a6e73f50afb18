// Places labels of wards beside their shapes: pure geometry in pixels, the same result for the same input.
//
// A label is a box that a leader line ties to its ward's anchor. It stays inside the frame, never lies on
// another label, on a control, on another ward's anchor or on a labelled shape that it doesn't name; among the
// places left, short leaders that point away from the middle of the group win.

/** @typedef {[number, number]} Point */
/** @typedef {{ left: number, top: number, right: number, bottom: number }} Box */
/** @typedef {{ rings: Point[][], bounds: Box }} Outline */
/** @typedef {{ x: number, y: number, width: number, height: number, rings: Point[][] }} Item */

const DISTANCES = [16, 30, 46, 64, 86, 112, 144, 182];
const ANGLES = Array.from({ length: 24 }, (_, i) => (i * Math.PI) / 12);
const PASSES = 4;
const NEVER = 1e5;

/** @param {Box} b @param {number} by @returns {Box} */
const grow = (b, by) => ({ left: b.left - by, top: b.top - by, right: b.right + by, bottom: b.bottom + by });
/** @param {Box} b @param {number} x @param {number} y @returns {Box} */
export const shifted = (b, x, y) => ({ left: b.left + x, top: b.top + y, right: b.right + x, bottom: b.bottom + y });
/** The box of a size around a point. @param {number} x @param {number} y @param {number} width @param {number} height */
export const around = (x, y, width, height) =>
  shifted({ left: -width / 2, top: -height / 2, right: width / 2, bottom: height / 2 }, x, y);
/** @param {Box} a @param {Box} b */
const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
/** @param {Box} b @param {number} x @param {number} y */
const holds = (b, x, y) => x > b.left && x < b.right && y > b.top && y < b.bottom;

/** @param {Point[][]} rings */
function boundsOf(rings) {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const ring of rings) {
    for (const [x, y] of ring) {
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x);
      box.top = Math.min(box.top, y);
      box.bottom = Math.max(box.bottom, y);
    }
  }
  return box;
}

/** Whether a point lies within rings less their holes. @param {Point[][]} rings @param {number} x @param {number} y */
export function contains(rings, x, y) {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i];
      const [xj, yj] = ring[j];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
  }
  return inside;
}

/** Positive where c lies on one side of the line from a to b, negative on the other. @param {Point} a @param {Point} b @param {Point} c */
const side = (a, b, c) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

/** Whether a line from a to b crosses one from c to d. @param {Point} a @param {Point} b @param {Point} c @param {Point} d */
const cross = (a, b, c, d) => side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;

/** @param {Point} a @param {Point} b @param {Box} box */
function lineMeetsBox(a, b, box) {
  if (Math.max(a[0], b[0]) < box.left || Math.min(a[0], b[0]) > box.right) return false;
  if (Math.max(a[1], b[1]) < box.top || Math.min(a[1], b[1]) > box.bottom) return false;
  if (holds(box, ...a) || holds(box, ...b)) return true;
  const { left, top, right, bottom } = box;
  /** @type {Point[]} */
  const corners = [[left, top], [right, top], [right, bottom], [left, bottom]];
  return corners.some((corner, i) => cross(a, b, corner, corners[(i + 1) % 4]));
}

/** @param {Outline} shape @param {Box} box */
function ringsMeetBox(shape, box) {
  if (!meet(shape.bounds, box)) return false;
  for (const ring of shape.rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      if (lineMeetsBox(ring[j], ring[i], box)) return true;
    }
  }
  return contains(shape.rings, (box.left + box.right) / 2, (box.top + box.bottom) / 2);
}

/** @param {Point} a @param {Point} b @param {Outline} shape */
function lineMeetsRings(a, b, shape) {
  if (!meet(shape.bounds, grow(boundsOf([[a, b]]), 1))) return false;
  return shape.rings.some((ring) => ring.some((point, i) => cross(a, b, ring[(i || ring.length) - 1], point)));
}

/**
 * The point of a label's box where its leader starts: on the edge that faces the anchor.
 *
 * @param {Box} box @param {number} x @param {number} y
 * @returns {Point}
 */
function leaderStart(box, x, y) {
  const cx = (box.left + box.right) / 2;
  const reach = (box.right - box.left) * 0.3;
  if (y > box.bottom || y < box.top) {
    return [Math.min(Math.max(x, cx - reach), cx + reach), y > box.bottom ? box.bottom : box.top];
  }
  return [x > cx ? box.right : box.left, (box.top + box.bottom) / 2];
}

/** @param {Item} item @param {number} zoom */
function candidates(item, zoom) {
  return DISTANCES.flatMap((step) =>
    ANGLES.map((angle) => {
      const distance = step * zoom;
      const dx = Math.cos(angle);
      const dy = Math.sin(angle);
      const cx = item.x + dx * (distance + item.width / 2);
      const cy = item.y + dy * (distance + item.height / 2);
      const box = around(cx, cy, item.width, item.height);
      const start = leaderStart(box, item.x, item.y);
      const length = Math.hypot(start[0] - item.x, start[1] - item.y);
      return { box, start, end: /** @type {Point} */ ([item.x, item.y]), length, dx, dy };
    }),
  );
}

/** Price what doesn't depend on the other labels. @param {Item[]} items @param {Box} frame @param {Box[]} blocked @param {number} zoom */
function pricedCandidates(items, frame, blocked, zoom) {
  const shapes = items.map((item) => ({ rings: item.rings, bounds: boundsOf(item.rings) }));
  const middle = {
    x: items.reduce((sum, item) => sum + item.x, 0) / items.length,
    y: items.reduce((sum, item) => sum + item.y, 0) / items.length,
  };
  return items.map((item, own) => {
    const [east, south] = [item.x - middle.x, item.y - middle.y];
    const away = Math.hypot(east, south) || 1;
    return candidates(item, zoom).map((option) => {
      const { box } = option;
      let price = option.length - (14 * zoom * (option.dx * east + option.dy * south)) / away;
      if (box.left < frame.left || box.right > frame.right || box.top < frame.top || box.bottom > frame.bottom) {
        price += 3 * NEVER;
      }
      for (const control of blocked) if (meet(grow(box, 4 * zoom), control)) price += 2 * NEVER;
      shapes.forEach((shape, index) => {
        if (index === own) {
          if (ringsMeetBox(shape, grow(box, 2 * zoom))) price += 90 * zoom;
          return;
        }
        if (ringsMeetBox(shape, grow(box, 3 * zoom))) price += NEVER;
        if (lineMeetsRings(option.start, option.end, shape)) price += 70 * zoom;
        if (holds(grow(box, 5 * zoom), items[index].x, items[index].y)) price += NEVER;
      });
      return { ...option, price };
    });
  });
}

/**
 * Place labels.
 *
 * @param {Item[]} items one per label: `x`, `y` of the anchor, `width`, `height` of the text, `rings` of its shape
 * @param {Box} frame in which labels must stay
 * @param {Box[]} blocked what no label may touch
 * @param {number} zoom how much larger than on a page labels are drawn; gaps and leaders grow with them
 * @returns one per item: `box` of the text, `start` and `end` of the leader, and `clear`, false where no
 *   place without a collision was found
 */
export function placeLabels(items, frame, blocked, zoom = 1) {
  const options = pricedCandidates(items, frame, blocked, zoom);
  /** @type {(typeof options)[number]} */
  const chosen = [];
  /** @param {number} index @param {(typeof chosen)[number]} option */
  const cost = (index, option) => {
    let price = option.price;
    chosen.forEach((other, at) => {
      if (at === index) return;
      if (meet(grow(option.box, 5 * zoom), other.box)) price += NEVER;
      if (lineMeetsBox(option.start, option.end, grow(other.box, 2 * zoom))) price += NEVER / 10;
      if (lineMeetsBox(other.start, other.end, grow(option.box, 2 * zoom))) price += NEVER / 10;
      if (cross(option.start, option.end, other.start, other.end)) price += 400 * zoom;
    });
    return price;
  };
  for (let pass = 0, moved = true; moved && pass < PASSES; pass++) {
    moved = false;
    options.forEach((own, index) => {
      const prices = own.map((option) => cost(index, option));
      const cheapest = own[prices.indexOf(Math.min(...prices))];
      moved ||= cheapest !== chosen[index];
      chosen[index] = cheapest;
    });
  }
  return chosen.map((option, index) => ({ ...option, clear: cost(index, option) < NEVER / 10 }));
}
