// The outlines of a vintage: fetched once, and decoded from whole numbers to degrees.

/** @import { GeometryFile } from "./state.js" */
/** @typedef {[number, number]} LatLng  latitude and longitude in degrees */
/** @typedef {ReturnType<typeof decode>} Geometry */
/** @typedef {Geometry["wards"][number]} Ward */

const KEPT = 4;
/** @type {Map<string, Promise<Geometry>>} */
const geometries = new Map();

/**
 * A line or a ring: lon, lat, lon, lat … in units of which `scale` make a degree, each vertex as its difference
 * from the one before.
 *
 * @param {number[]} steps @param {number} scale
 */
export function decodeLine(steps, scale) {
  /** @type {LatLng[]} */
  const line = new Array(steps.length / 2);
  for (let i = 0, x = 0, y = 0; i < steps.length; i += 2) {
    x += steps[i];
    y += steps[i + 1];
    line[i / 2] = [y / scale, x / scale];
  }
  return line;
}

/** The corners of west, south, east and north. @param {number[]} sides @returns {[LatLng, LatLng]} */
export const corners = ([west, south, east, north]) => [[south, west], [north, east]];

/** @param {GeometryFile} file */
export function decode({ vintage, scale, bounds, main, wards, water }) {
  return {
    vintage,
    bounds: corners(bounds),
    main: corners(main),
    wards: wards.map((ward) => ({
      ...ward,
      at: decodeLine(ward.at, scale)[0],
      polygons: ward.polygons.map((rings) => rings.map((ring) => decodeLine(ring, scale))),
    })),
    water: water.map(({ width, line }) => ({ width, line: decodeLine(line, scale) })),
  };
}

/**
 * Put a value into a map of few: the one that came first goes.
 *
 * @template Value
 * @param {Map<string, Value>} values @param {string} key @param {Value} value
 */
export function keep(values, key, value) {
  values.set(key, value);
  if (values.size > KEPT) values.delete(/** @type {string} */ (values.keys().next().value));
  return value;
}

/** Fetch the geometry of a vintage, once as long as it is among the last few that were asked for. @param {string} url */
export function loadGeometry(url) {
  const known = geometries.get(url);
  if (known) return known;
  const pending = fetch(new URL(url, location.origin))
    .then((answer) => {
      if (!answer.ok) throw new Error(`${url}: HTTP ${answer.status}`);
      return answer.json();
    })
    .then(decode);
  pending.catch(() => geometries.delete(url));
  return keep(geometries, url, pending);
}
