// The legend of figures that stands beside a map: a histogram in the classes' colours, or the square of two.

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 240;
const HEIGHT = 54;

function node(name, className, parent, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  parent?.appendChild(made);
  return made;
}

function shape(name, attributes, parent) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent.appendChild(made);
  return made;
}

/** Black or white, whichever is read more easily on a colour. */
export function inkOn(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
  const linear = [red, green, blue].map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  const light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  return light > 0.19 ? "#14213d" : "#ffffff";
}

function drawHistogram({ histogram, histogramLabel }, palette, parent) {
  const { counts, classes, places, ends } = histogram;
  if (!counts.length) return;
  const box = node("div", "pw-histogram", parent);
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", histogramLabel);
  box.appendChild(svg);
  const most = Math.max(...counts);
  const step = WIDTH / counts.length;
  counts.forEach((count, index) => {
    if (!count) return;
    const height = Math.max(1.5, (count / most) * (HEIGHT - 4));
    const bar = { x: index * step + 0.5, y: HEIGHT - height, width: Math.max(step - 1, 1), height };
    shape("rect", { ...bar, fill: palette[classes[index]].colour, class: "pw-bar" }, svg);
  });
  for (const place of places) {
    shape("line", { x1: place * WIDTH, x2: place * WIDTH, y1: 0, y2: HEIGHT, class: "pw-bound" }, svg);
  }
  const axis = node("div", "pw-ends", box);
  node("span", "", axis, ends[0]);
  if (ends[1] !== ends[0]) node("span", "", axis, ends[1]);
}

function drawSquare({ rows, columns }, palette, parent) {
  const table = node("table", "pw-square", parent);
  const caption = node("caption", "", table);
  node("b", "", caption, `${rows.title} ↓`);
  node("span", "", caption, rows.unit && ` (${rows.unit})`);
  node("br", "", caption);
  node("b", "", caption, `${columns.title} →`);
  node("span", "", caption, columns.unit && ` (${columns.unit})`);
  const head = node("tr", "", node("thead", "", table));
  node("td", "", head);
  for (const label of columns.labels) node("th", "", head, label).scope = "col";
  const body = node("tbody", "", table);
  rows.labels.forEach((label, row) => {
    const line = node("tr", "", body);
    node("th", "", line, label).scope = "row";
    columns.labels.forEach((_, column) => {
      const entry = palette[3 * row + column];
      const cell = node("td", "pw-cell", line, entry.count);
      cell.style.background = entry.colour;
      cell.style.color = inkOn(entry.colour);
    });
  });
}

/**
 * Draw what stands above the list of classes; `top` and `bottom` are elements to fill.
 *
 * @param key see `legend_key` and `bivariate_key` in dashboard/ward_map/legends.py
 */
export function drawKey(key, palette, top, bottom) {
  top.replaceChildren();
  bottom.replaceChildren();
  if (!key) return;
  if (key.rows) {
    drawSquare(key, palette, top);
  } else {
    const heading = node("p", "pw-key-title", top, key.title);
    if (key.hint) heading.title = key.hint;
    if (key.unit) node("span", "", heading, ` (${key.unit})`);
    if (key.histogram) drawHistogram(key, palette, top);
  }
  for (const line of key.about) node("p", "", bottom, line);
}
