// What every component of ours is made of: its elements, the stylesheets it waits for, its place in Streamlit.

const SVG = "http://www.w3.org/2000/svg";
/** @type {Map<string, Promise<unknown>>} */
const loading = new Map();

/**
 * Make an element.
 *
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {string} [className]
 * @param {Element | null} [parent] what it is appended to
 * @param {string | number} [text]
 */
export function element(name, className, parent, text) {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = String(text);
  if (node instanceof HTMLButtonElement) node.type = "button";
  parent?.appendChild(node);
  return node;
}

/**
 * Make an element of a drawing.
 *
 * @template {keyof SVGElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | number>} attributes
 * @param {Element | null} [parent] what it is appended to
 */
export function shape(name, attributes, parent) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  parent?.appendChild(node);
  return node;
}

/** Draw a sign that is one path in a square of `size`; return the path. @param {string} path @param {Element} parent */
export function icon(path, parent, size = 16) {
  const svg = shape("svg", { viewBox: `0 0 ${size} ${size}`, "aria-hidden": "true" }, parent);
  return shape("path", { d: path }, svg);
}

/** Make a button that bears a sign. @param {string} path @param {Element} parent @param {() => void} act */
export function iconButton(path, parent, act) {
  const button = element("button", "", parent);
  icon(path, button);
  button.addEventListener("click", act);
  return button;
}

/** Name what bears a sign only, for those who see and those who hear. @param {HTMLElement} node @param {string} text */
export function nameSign(node, text) {
  node.title = text;
  node.setAttribute("aria-label", text);
}

/** @param {string} file */
function load(file) {
  const link = element("link");
  link.rel = "stylesheet";
  link.href = new URL(file, import.meta.url).href;
  const loaded = new Promise((resolve, reject) => {
    link.onload = resolve;
    link.onerror = () => reject(new Error(`${link.href} did not load`));
  });
  document.head.appendChild(link);
  return loaded;
}

/** Load stylesheets that lie beside the modules, each once per document. @param {string[]} files */
export function loadStyles(...files) {
  for (const file of files) if (!loading.has(file)) loading.set(file, load(file));
  return Promise.all(files.map((file) => loading.get(file)));
}

/** The state that dashboard/ui/component.py has packed. @param {BufferSource} data */
export async function unpacked(data) {
  const stream = new DecompressionStream("deflate");
  const writer = stream.writable.getWriter();
  const written = writer.write(data).then(() => writer.close());
  const decoder = new TextDecoder();
  let text = "";
  // Read by hand: a Blob goes by another process, whose answer waits behind all that the page draws.
  for (const reader = stream.readable.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  await written;
  return JSON.parse(text + decoder.decode());
}

/** @typedef {(name: string, value: unknown) => void} Send */
/** @typedef {{ data: any, parentElement: Element, setTriggerValue: Send }} Call  what Streamlit calls a component with */

/**
 * What Streamlit calls for a component: each element that it gives holds one, which shows the newest state.
 *
 * @param {(root: Element, send: Send) => { show: (state: any) => unknown, destroy: () => void }} create
 */
export function hosted(create) {
  const places = new WeakMap();
  return (/** @type {Call} */ { data, parentElement: root, setTriggerValue }) => {
    const place = places.get(root) ?? {};
    places.set(root, Object.assign(place, { send: setTriggerValue, newest: data }));
    place.component ??= create(root, (name, value) => place.send(name, value));
    const state = data instanceof Uint8Array ? unpacked(/** @type {BufferSource} */ (data)) : Promise.resolve(data);
    state.then((read) => place.newest === data && place.component.show(read));
    return () => {
      place.newest = null;
      place.component.destroy();
      places.delete(root);
    };
  };
}
