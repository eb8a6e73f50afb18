// The links to all pages. They carry what the page's address says is shown, so a change of it redraws nothing.

const PHONE = "(max-width: 768px)";

/** @import { LinkedPage, LinksState } from "./state.js" */
/** @import { Call } from "./component.js" */

import { element } from "./component.js";
import { speak } from "./host_words.js";

/**
 * The address of a page: what is shown of the frame's choice, and what was last chosen on that page.
 *
 * @param {LinkedPage} page @param {LinksState} state @param {string} search the query of the page that is shown
 */
export function address(page, { root, current }, search) {
  const shown = [...new URLSearchParams(search)];
  const own = [...new URLSearchParams(page.own)];
  const kept = page.path === current ? shown : shown.filter(([name]) => page.frame.includes(name));
  // What a page has of its own goes before what the frame has.
  const query = new URLSearchParams([...kept.filter(([name]) => !own.some(([one]) => one === name)), ...own]).toString();
  return `${root}${page.path}${query && `?${query}`}`;
}

/** Go there as the browser's own back and forward do, which Streamlit follows without loading the page anew. @param {MouseEvent} event */
function go(event) {
  const target = /** @type {Element} */ (event.target);
  // A page may hold no script of its own.
  if (target.closest(".hp-print")) print();
  const link = target.closest(".hp-links a, a.hp-go");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  history.pushState(null, "", /** @type {HTMLAnchorElement} */ (link).href);
  dispatchEvent(new PopStateEvent("popstate"));
  if (!matchMedia(PHONE).matches) return;
  /** @type {HTMLElement | null} */ (document.querySelector('[data-testid="stSidebarCollapseButton"] button'))?.click();
}

/** @param {Element} root @param {LinksState} state */
function draw(root, state) {
  document.documentElement.lang = state.language;
  speak(state.words);
  const name = element("p", "hp-name");
  name.append(state.name[0], element("br"), state.name[1]);
  const nav = element("nav", "hp-links");
  nav.ariaLabel = state.label;
  const links = state.pages.map((page) => {
    const link = element("a", "", nav, page.title);
    if (page.path === state.current) link.ariaCurrent = "page";
    return link;
  });
  const refresh = () => links.forEach((link, index) => (link.href = address(state.pages[index], state, location.search)));
  // Whatever a reader does with a link, one of these comes first.
  for (const event of ["pointerover", "pointerdown", "focusin", "keydown", "contextmenu"]) {
    nav.addEventListener(event, refresh, { capture: true });
  }
  document.addEventListener("click", go);
  // They have done their work, and each is an element of the page.
  requestIdleCallback(() => document.querySelectorAll("link[rel$=preload]").forEach((link) => link.remove()));
  refresh();
  root.replaceChildren(name, nav);
}

const drawn = new WeakMap();

/** @param {Call} call */
export default function streamlit({ data, parentElement }) {
  const text = JSON.stringify(data);
  if (drawn.get(parentElement) === text) return;
  drawn.set(parentElement, text);
  draw(parentElement, data);
}
