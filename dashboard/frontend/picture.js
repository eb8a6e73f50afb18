// A map as a picture to save: what is on the screen with its title, legend, filters, scale and badge. The module
// comes only when a reader asks for a picture.

/** @import { Basemap } from "./basemap.js" */
/** @import { WardMap } from "./map.js" */
/** @import { PictureTexts } from "./state.js" */

import * as canvas from "./canvas.js";
import { radiusOf } from "./circles.js";
import { element } from "./component.js";
import { SQUARE } from "./legend.js";
import { halfWay, INK, signOf } from "./ways.js";

const PAD = 24;
const SIDE = 300;
/** The looks of the badges of what is illustrative, and of outlines that are schematic. */
const MARKED = { colour: "#7a2b16", fill: "#fdf1e4", stroke: "#b9482f" };
const CALM = { colour: INK, fill: "#fff", stroke: INK };

/** The circles over wards, in pixels of the map's frame. @param {WardMap["circles"]} circles @param {canvas.Point} origin */
function circlesOf({ svg }, origin) {
  return [...svg.querySelectorAll("circle")].map((node) => ({
    x: Number(node.getAttribute("cx")) - origin.x,
    y: Number(node.getAttribute("cy")) - origin.y,
    r: Number(node.getAttribute("r")),
  }));
}

/** The circles of the legend. @param {WardMap["state"]} state */
function sizesOf({ circles }) {
  if (!circles) return [];
  return circles.sizes.map(({ value, label }) => ({ colour: INK, text: label, radius: radiusOf(value, circles.most) }));
}

/** What is said of a moment that is played. @param {WardMap["state"]} state @param {number | null} moment */
function aboutOf({ frames }, moment) {
  return frames && moment !== null ? frames.about[moment] : "";
}

/** What a picture shows, in pixels of the map's frame. @param {WardMap} wardMap @param {PictureTexts} texts */
function viewOf(wardMap, { title, subtitle, credit }) {
  const { map, shapes, former, circles, labels, ways, scale, legend, state, moment } = wardMap;
  const { palette, selected, badge, schematic, key, frames } = state;
  const origin = map.containerPointToLayerPoint([0, 0]);
  const place = (/** @type {any} */ point) => map.latLngToContainerPoint(point);
  const placed = (/** @type {Element} */ node) => ({
    x: Number(node.getAttribute("x")) - origin.x,
    y: Number(node.getAttribute("y")) - origin.y,
  });
  const square = key && "rows" in key ? palette.slice(0, SQUARE) : [];
  return {
    ...{ width: map.getSize().x, height: map.getSize().y, subtitle, credit, badge, schematic },
    title: moment === null ? title : `${title}: ${frames?.labels[moment]}`,
    about: aboutOf(state, moment),
    wards: shapes.geometry.wards.map(({ code, polygons }, index) => ({
      rings: polygons.flat(1).map((ring) => ring.map(place)),
      fill: palette[shapes.shown[index]],
      isBare: shapes.isBare(index),
      isStrong: shapes.isOutlined(index) || code === selected,
      isSelected: code === selected,
    })),
    former: former.wards.map(({ ward, entry }) => ({
      rings: ward.polygons.flat(1).map((ring) => ring.map(place)),
      fill: entry,
      isStrong: true,
      isSelected: false,
      isClear: true,
    })),
    circles: circlesOf(circles, origin),
    rivers: shapes.rivers().map((river) => ({
      line: river.getLatLngs().map(place),
      width: river.options.weight ?? 1,
    })),
    leaders: labels.leaders.map((ends) =>
      /** @type {[canvas.Point, canvas.Point]} */ (ends.map(([x, y]) => ({ x: x - origin.x, y: y - origin.y }))),
    ),
    names: [...labels.svg.querySelectorAll("text[data-label]")].map((text) => ({ ...placed(text), text: text.textContent })),
    nameSize: labels.pixels,
    legs: ways.legs.map(({ colour, dashed, points: ends }) => {
      const points = ends.map(place);
      return { colour, dashed, points, half: halfWay(points) };
    }),
    stops: ways.stops.map((stop) => ({ ...place(stop.at), text: stop.text, parts: signOf(stop) })),
    scale: { width: scale.bar.getBoundingClientRect().width, text: scale.text.textContent },
    legend: {
      heading: !key || "rows" in key ? "" : key.unit ? `${key.title} (${key.unit})` : key.title,
      entries: [
        ...square.map((entry) => ({ ...entry, text: `${entry.label} (${entry.count})` })),
        ...sizesOf(state),
        ...legend.items().map((item) => ({
          ...(palette[Number(item.dataset.class)] ?? state.former?.palette[Number(item.dataset.former)] ?? { colour: INK }),
          way: state.ways?.legend[Number(item.dataset.way)],
          text: item.textContent,
        })),
      ],
      notes: key?.about ?? [],
    },
  };
}

/**
 * Draw a view with what stands around it on a sheet of a height; return how high it is.
 *
 * @param {canvas.Pen} pen @param {ReturnType<typeof viewOf>} view @param {number} height
 * @param {Basemap} [basemap]
 */
function draw(pen, view, height, basemap) {
  const width = view.width + SIDE + 3 * PAD;
  const room = width - 2 * PAD;
  pen.scale(canvas.SCALE, canvas.SCALE);
  pen.fillStyle = "#fafaf7";
  pen.fillRect(0, 0, width, height);
  let top = canvas.write(pen, view.title, PAD, PAD, room, { size: 24, weight: 700, leading: 1.25 });
  if (view.about) top = canvas.write(pen, view.about, PAD, top + 4, room, { size: 14 });
  top = canvas.write(pen, view.subtitle, PAD, top + 4, room, { size: 13, colour: canvas.SECONDARY }) + 12;
  const legend = canvas.drawLegend(pen, view.legend, PAD + view.width + PAD, top, SIDE);
  pen.save();
  pen.clip(canvas.box(PAD, top, view.width, view.height, 8));
  pen.fillStyle = "#e4ebef";
  pen.fillRect(PAD, top, view.width, view.height);
  pen.translate(PAD, top);
  canvas.drawShapes(pen, view.wards.filter((ward) => ward.isBare));
  canvas.drawRivers(pen, view.rivers);
  canvas.drawShapes(pen, view.wards.filter((ward) => !ward.isBare));
  canvas.drawShapes(pen, view.former);
  basemap?.drawOn(pen);
  canvas.drawCircles(pen, view.circles);
  canvas.drawLegs(pen, view.legs);
  canvas.drawLabels(pen, view.leaders, view.names, view.nameSize);
  canvas.drawStops(pen, view.stops);
  canvas.drawScale(pen, view.scale, view.width - 16, view.height - 14);
  const next = view.badge ? 12 + canvas.drawBadge(pen, view.badge, 12, 12, MARKED) + 5 : 12;
  if (view.schematic) canvas.drawBadge(pen, view.schematic, next, 12, CALM);
  pen.restore();
  const foot = Math.max(top + view.height, legend) + 8;
  const credit = [view.credit, basemap?.credit.textContent].filter(Boolean).join(" · ");
  return canvas.write(pen, credit, PAD, foot, room, { size: 12, colour: canvas.SECONDARY }) + PAD / 2;
}

/**
 * Let the browser save a map as a PNG file.
 *
 * @param {WardMap} wardMap @param {PictureTexts} texts @param {Basemap} [basemap] @returns how many pixels it has
 */
export async function savePicture(wardMap, texts, basemap) {
  const view = viewOf(wardMap, texts);
  const { FONT, SCALE } = canvas;
  await Promise.all([400, 500, 600, 700].map((weight) => document.fonts.load(`${weight} 15px ${FONT}`, "Hải Phòng")));
  const width = (view.width + SIDE + 3 * PAD) * SCALE;
  // Drawn once to learn how high it becomes.
  const height = Math.ceil(draw(canvas.canvasOf(width, 1).pen, view, 1, basemap)) * SCALE;
  const { canvas: sheet, pen } = canvas.canvasOf(width, height);
  draw(pen, view, height / SCALE, basemap);
  sheet.toBlob((blob) => {
    const link = element("a");
    link.href = URL.createObjectURL(/** @type {Blob} */ (blob));
    link.download = texts.name;
    link.click();
    URL.revokeObjectURL(link.href);
  });
  return `${width}×${height}`;
}
