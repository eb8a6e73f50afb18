// The links to all pages. They carry what the page's address says is shown, so a change of it redraws nothing.

const PHONE = "(max-width: 768px)";

/** The address of a page: what is shown of the frame's choice, and what was last chosen on that page. */
function address(page, { root, frame, current }) {
  if (page.bare) return `${root}${page.path}`;
  const shown = [...new URLSearchParams(location.search)];
  const kept = page.path === current ? shown : shown.filter(([name]) => frame.includes(name));
  const query = new URLSearchParams([...kept, ...new URLSearchParams(page.own)]).toString();
  return `${root}${page.path}${query && `?${query}`}`;
}

/** Go there as the browser's own back and forward do, which Streamlit follows without loading the page anew. */
function go(event) {
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  history.pushState(null, "", event.currentTarget.href);
  dispatchEvent(new PopStateEvent("popstate"));
  if (matchMedia(PHONE).matches) document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
}

function draw(root, state) {
  document.documentElement.lang = state.language;
  const name = document.createElement("p");
  name.className = "hp-name";
  name.append(state.name[0], document.createElement("br"), state.name[1]);
  const nav = document.createElement("nav");
  nav.className = "hp-links";
  nav.ariaLabel = state.label;
  const links = state.pages.map((page) => {
    const link = document.createElement("a");
    link.textContent = page.title;
    if (page.path === state.current) link.ariaCurrent = "page";
    link.addEventListener("click", go);
    nav.append(link);
    return link;
  });
  const refresh = () => links.forEach((link, index) => (link.href = address(state.pages[index], state)));
  // Whatever a reader does with a link, one of these comes first.
  for (const event of ["pointerover", "pointerdown", "focusin", "keydown", "contextmenu"]) {
    nav.addEventListener(event, refresh, { capture: true });
  }
  refresh();
  root.replaceChildren(name, nav);
}

const drawn = new WeakMap();

export default function streamlit({ data, parentElement }) {
  const text = JSON.stringify(data);
  if (drawn.get(parentElement) === text) return;
  drawn.set(parentElement, text);
  draw(parentElement, data);
}
