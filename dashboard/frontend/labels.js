// Places labels of wards beside their shapes: pure geometry in pixels, the same result for the same input.
//
// A label is a box that a leader line ties to its ward's anchor. It stays inside the frame, never lies on
// another label, on a control, on another ward's anchor or on a labelled shape that it doesn't name; among the
// places left, short leaders that point away from the middle of the group win.

const DISTANCES = [16, 30, 46, 64, 86, 112, 144, 182];
const ANGLES = Array.from({ length: 24 }, (_, i) => (i * Math.PI) / 12);
const PASSES = 4;
const NEVER = 1e5;

const grow = (b, by) => ({ left: b.left - by, top: b.top - by, right: b.right + by, bottom: b.bottom + by });
const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
const holds = (b, x, y) => x > b.left && x < b.right && y > b.top && y < b.bottom;

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

function contains(rings, x, y) {
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

const side = (ax, ay, bx, by, cx, cy) => (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);

function cross(a, b, c, d) {
  return (
    side(a[0], a[1], b[0], b[1], c[0], c[1]) * side(a[0], a[1], b[0], b[1], d[0], d[1]) < 0 &&
    side(c[0], c[1], d[0], d[1], a[0], a[1]) * side(c[0], c[1], d[0], d[1], b[0], b[1]) < 0
  );
}

function lineMeetsBox(a, b, box) {
  if (Math.max(a[0], b[0]) < box.left || Math.min(a[0], b[0]) > box.right) return false;
  if (Math.max(a[1], b[1]) < box.top || Math.min(a[1], b[1]) > box.bottom) return false;
  if (holds(box, ...a) || holds(box, ...b)) return true;
  const corners = [
    [box.left, box.top],
    [box.right, box.top],
    [box.right, box.bottom],
    [box.left, box.bottom],
  ];
  return corners.some((corner, i) => cross(a, b, corner, corners[(i + 1) % 4]));
}

function ringsMeetBox(shape, box) {
  if (!meet(shape.bounds, box)) return false;
  for (const ring of shape.rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      if (lineMeetsBox(ring[j], ring[i], box)) return true;
    }
  }
  return contains(shape.rings, (box.left + box.right) / 2, (box.top + box.bottom) / 2);
}

function lineMeetsRings(a, b, shape) {
  const box = {
    left: Math.min(a[0], b[0]) - 1,
    right: Math.max(a[0], b[0]) + 1,
    top: Math.min(a[1], b[1]) - 1,
    bottom: Math.max(a[1], b[1]) + 1,
  };
  if (!meet(shape.bounds, box)) return false;
  return shape.rings.some((ring) => ring.some((point, i) => cross(a, b, ring[(i || ring.length) - 1], point)));
}

/** The point of a label's box where its leader starts: on the edge that faces the anchor. */
function leaderStart(box, x, y) {
  const cx = (box.left + box.right) / 2;
  const reach = (box.right - box.left) * 0.3;
  if (y > box.bottom || y < box.top) {
    return [Math.min(Math.max(x, cx - reach), cx + reach), y > box.bottom ? box.bottom : box.top];
  }
  return [x > cx ? box.right : box.left, (box.top + box.bottom) / 2];
}

function candidates(item, zoom) {
  return DISTANCES.flatMap((step) =>
    ANGLES.map((angle) => {
      const distance = step * zoom;
      const dx = Math.cos(angle);
      const dy = Math.sin(angle);
      const cx = item.x + dx * (distance + item.width / 2);
      const cy = item.y + dy * (distance + item.height / 2);
      const box = {
        left: cx - item.width / 2,
        right: cx + item.width / 2,
        top: cy - item.height / 2,
        bottom: cy + item.height / 2,
      };
      const start = leaderStart(box, item.x, item.y);
      const length = Math.hypot(start[0] - item.x, start[1] - item.y);
      return { box, start, end: [item.x, item.y], length, dx, dy };
    }),
  );
}

/**
 * Place labels.
 *
 * @param items one per label: `x`, `y` of the anchor, `width`, `height` of the text, `rings` of its shape
 * @param frame box in which labels must stay
 * @param blocked boxes that no label may touch
 * @param zoom how much larger than on a page labels are drawn; gaps and leaders grow with them
 * @returns one per item: `box` of the text, `start` and `end` of the leader, and `clear`, false where no
 *   place without a collision was found
 */
export function placeLabels(items, frame, blocked, zoom = 1) {
  const shapes = items.map((item) => ({ rings: item.rings, bounds: boundsOf(item.rings) }));
  const middle = [
    items.reduce((sum, item) => sum + item.x, 0) / items.length,
    items.reduce((sum, item) => sum + item.y, 0) / items.length,
  ];
  // What doesn't depend on the other labels is priced once.
  const options = items.map((item, own) => {
    const away = Math.hypot(item.x - middle[0], item.y - middle[1]) || 1;
    return candidates(item, zoom).map((option) => {
      const { box } = option;
      let price = option.length;
      price -= (14 * (option.dx * (item.x - middle[0]) + option.dy * (item.y - middle[1]))) / away;
      if (box.left < frame.left || box.right > frame.right || box.top < frame.top || box.bottom > frame.bottom) {
        price += 3 * NEVER;
      }
      for (const control of blocked) if (meet(grow(box, 4 * zoom), control)) price += 2 * NEVER;
      shapes.forEach((shape, index) => {
        if (index === own) {
          if (ringsMeetBox(shape, grow(box, 2 * zoom))) price += 90;
        } else {
          if (ringsMeetBox(shape, grow(box, 3 * zoom))) price += NEVER;
          if (lineMeetsRings(option.start, option.end, shape)) price += 70;
        }
      });
      items.forEach((other, index) => {
        if (index !== own && holds(grow(box, 5 * zoom), other.x, other.y)) price += NEVER;
      });
      return { ...option, price };
    });
  });

  const chosen = items.map(() => null);
  const cost = (index, option) => {
    let price = option.price;
    chosen.forEach((other, at) => {
      if (other === null || at === index) return;
      if (meet(grow(option.box, 5 * zoom), other.box)) price += NEVER;
      if (lineMeetsBox(option.start, option.end, grow(other.box, 2 * zoom))) price += NEVER / 10;
      if (lineMeetsBox(other.start, other.end, grow(option.box, 2 * zoom))) price += NEVER / 10;
      if (cross(option.start, option.end, other.start, other.end)) price += 400;
    });
    return price;
  };
  const best = (index) =>
    options[index].reduce(
      (winner, option) => {
        const price = cost(index, option);
        return price < winner.price ? { option, price } : winner;
      },
      { option: null, price: Infinity },
    );

  for (let pass = 0; pass < PASSES; pass++) {
    let moved = false;
    items.forEach((_, index) => {
      const { option } = best(index);
      moved ||= option !== chosen[index];
      chosen[index] = option;
    });
    if (!moved) break;
  }
  return chosen.map((option, index) => ({
    box: option.box,
    start: option.start,
    end: option.end,
    clear: cost(index, option) < NEVER / 10,
  }));
}
