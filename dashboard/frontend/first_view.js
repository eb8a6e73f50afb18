// Frames the first view of a page as Leaflet frames the live map, and takes it away when that stands. Written into the
// page, so it imports nothing.
{
  const first = /** @type {HTMLElement} */ (document.getElementById("pw-first"));
  const { pathname } = location;
  /** How long it stays over a live map that stands elsewhere. */
  const PATIENCE_MS = 1500;
  /** The live map or wall is there; or there is none, and the page tells why. */
  const LIVE = `figure[data-paints], .hw-wall[data-shown], .pw-message:not([hidden]),
    [data-testid="stAlertContentError"], [data-testid="stException"]`;

  /** Lay the map where frame.js and Leaflet's fitBounds put it. @param {SVGSVGElement} svg @param {HTMLElement} stage */
  const frame = (svg, stage) => {
    const { clientWidth: width, clientHeight: height } = stage;
    const badges = /** @type {HTMLElement} */ (stage.querySelector(".pw-badges"));
    const figure = /** @type {HTMLElement} */ (stage.parentElement);
    figure.classList.toggle("pw-narrow", width < 600);
    const zoom = Math.max(1, parseFloat(getComputedStyle(/** @type {Element} */ (stage.querySelector(".pw-labels"))).fontSize) / 15);
    const [left, top, step] = (svg.dataset.place ?? "").split(" ").map(Number);
    const { width: across, height: down } = svg.viewBox.baseVal;
    const isSided = figure.classList.contains("pw-sided");
    const [x, y] = [Math.max(34 * zoom, width * (isSided ? 0.03 : 0.1)), Math.max(30 * zoom, height * 0.07)];
    const above = Math.max(y, badges.hidden ? 0 : badges.offsetTop + badges.offsetHeight + 6);
    const below = y + Number(svg.dataset.foot);
    const fitting = Math.log2(Math.min((width - 2 * x) / (across * step), (height - above - below) / (down * step)));
    // To a hundredth of a snap first, as Leaflet does it, then down to a snap.
    const snapped = Math.floor((Math.round(fitting / 0.0005) * 0.0005) / 0.05) * 0.05;
    const scale = 2 ** (Math.round(Math.max(0, Math.min(17, snapped)) / 0.05) * 0.05);
    const originX = Math.round((left + (across * step) / 2) * scale - width / 2);
    const originY = Math.round((top + (down * step) / 2) * scale + (below - above) / 2 - height / 2);
    const drawing = /** @type {SVGGElement} */ (svg.querySelector("g"));
    Object.assign(svg.style, { inset: "0", width: "100%", height: "100%" });
    svg.setAttribute("preserveAspectRatio", "none");
    const place = [scale * step, 0, 0, scale * step, left * scale - originX, top * scale - originY];
    drawing.setAttribute("transform", `matrix(${place.join(" ")})`);
    for (const pattern of svg.querySelectorAll("pattern")) {
      const turned = pattern.getAttribute("patternTransform") ?? "";
      pattern.setAttribute("patternTransform", turned.replace(/scale.*/, `scale(${zoom / (scale * step)})`));
    }
  };

  /** Give the wall's headline the size that wall.js gives it. @param {HTMLElement} headline */
  const fitHeadline = (headline) => {
    const fits = (/** @type {number} */ size, /** @type {number} */ lines) => {
      headline.style.setProperty("--size", String(size));
      return headline.offsetHeight < ((size * 1.16 * innerHeight) / 1080) * (lines + 0.5);
    };
    const two = [53, 51, 49, 46, 43, 40, 37, 34, 31, 28, 25, 22];
    if (![58, 55, 52, 49].some((size) => fits(size, 1))) two.some((size) => fits(size, 2));
  };

  const svg = first.querySelector("svg.pw-first-map");
  const across = svg?.getAttribute("viewBox");
  const draw = () => {
    const headline = first.querySelector(".hw-headline");
    if (headline instanceof HTMLElement) fitHeadline(headline);
    if (svg instanceof SVGSVGElement && across) {
      svg.setAttribute("viewBox", across);
      frame(svg, /** @type {HTMLElement} */ (svg.parentElement));
      svg.removeAttribute("viewBox");
    }
  };
  const ending = new AbortController();
  const { signal } = ending;
  const place = (/** @type {ParentNode | null} */ root) => root?.querySelector(".pw-stage")?.getBoundingClientRect();
  /** When the live map was there. */
  let since = 0;
  /** Frames in which it stood where the first view stands. */
  let rested = 0;
  const arrive = () => {
    if (since || (location.pathname === pathname && !document.querySelector(LIVE))) return;
    since = performance.now();
    leave();
  };
  const leave = () => {
    if (signal.aborted) return;
    const [ours, its] = [place(first), place(document.getElementById("root"))];
    // What stands above or beside the live map may not have come yet, and would move it.
    const isAway = ours && its && Math.max(Math.abs(ours.top - its.top), Math.abs(ours.left - its.left)) > 1;
    // A map whose place has just changed is framed anew only once that was laid out: it rests for two frames.
    rested = isAway ? 0 : rested + 1;
    if (rested < 3 && performance.now() < since + PATIENCE_MS) {
      requestAnimationFrame(leave);
      return;
    }
    ending.abort();
    watch.disconnect();
    first.remove();
  };
  const watch = new MutationObserver(arrive);
  watch.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-paints", "data-shown", "hidden"] });

  const side = Number(localStorage.getItem("sidebarWidth"));
  if (side) first.style.setProperty("--side", `${side}px`);
  // The wall goes on from the scene that its tab showed last.
  const scene = sessionStorage.getItem("wall-scene");
  if (first.dataset.scene && scene && scene !== first.dataset.scene) first.querySelector(".hw-show")?.remove();
  draw();
  // Streamlit, and the files that it will ask for, once this stands on the screen.
  const files = /** @type {HTMLTemplateElement} */ (document.getElementById("pw-files"));
  const begin = () => document.head.append(files.content);
  if (document.hidden) begin();
  else requestAnimationFrame(() => setTimeout(begin));
  addEventListener("resize", draw, { signal });
  document.fonts.addEventListener("loadingdone", draw, { signal });
  const scrolled = (/** @type {Event} */ { target }) => {
    if (target instanceof HTMLElement && target.dataset.testid === "stMain") first.scrollTop = target.scrollTop;
  };
  addEventListener("scroll", scrolled, { signal, capture: true });
}
