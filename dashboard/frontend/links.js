// The links to all pages. They carry what the page's address says is shown, so a change of it redraws nothing.

const ASK_AFTER_MS = 1_000;
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

/** Who is signed in, with the pages about that. @param {LinksState} state */
function signedIn({ root, account }) {
  if (!account) return [];
  const foot = element("nav", "hp-account");
  foot.ariaLabel = account.label;
  element("p", "", foot, account.name);
  for (const [path, title] of account.links) element("a", "", foot, title).href = `${root}${path}${account.query}`;
  const form = element("form", "", foot);
  form.method = "post";
  form.action = `${root}sign-out${account.query}`;
  element("button", "", form, account.leave).type = "submit";
  return [foot];
}

/** @type {AbortController | undefined} */ let watching;
const APP = '[data-testid="stApp"]';

/**
 * Once the server has closed the page because its session has ended, go to sign in, and back here after it. A server
 * that is away tells nothing: Streamlit waits for it.
 *
 * @param {LinksState} state
 */
function watchSession({ root, account, language }) {
  watching?.abort();
  const app = document.querySelector(APP);
  if (!account || !app) return;
  watching = new AbortController();
  const { signal } = watching;
  const look = async () => {
    if (signal.aborted || app.getAttribute("data-test-connection-state") === "CONNECTED") return;
    const status = await fetch(`${root}_stcore/health`, { cache: "no-store", signal }).then(
      (answer) => answer.status,
      () => 0,
    );
    if (signal.aborted) return;
    // 403: another password or a second factor has to come first.
    if (status === 401 || status === 403) {
      const next = encodeURIComponent(location.pathname + location.search);
      location.assign(`${root}sign-in?lang=${language}&next=${next}`);
    } else setTimeout(look, ASK_AFTER_MS);
  };
  const observer = new MutationObserver(look);
  observer.observe(app, { attributeFilter: ["data-test-connection-state"] });
  signal.addEventListener("abort", () => observer.disconnect());
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
  document.querySelectorAll(".hp-account").forEach((one) => one.remove());
  (document.querySelector('[data-testid="stSidebarUserContent"]') ?? root).append(...signedIn(state));
  watchSession(state);
}

const drawn = new WeakMap();

/** @param {Call} call */
export default function streamlit({ data, parentElement }) {
  const text = JSON.stringify(data);
  if (drawn.get(parentElement) === text) return;
  drawn.set(parentElement, text);
  draw(parentElement, data);
}
