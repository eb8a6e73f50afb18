// Streamlit's own words, which it knows in English alone, in the reader's language. They are looked for when the
// browser is idle after the page has changed; a key that ends in a space stands for a beginning.

const ATTRIBUTES = ["aria-label", "placeholder", "title"];
/** Elements whose text is Streamlit's own. */
const TEXTS = '[data-testid="stSkipToContent"], [id^="react-aria-description"], [role="listbox"] div, [role="dialog"] div';

/** @type {Record<string, string>} */
let words = {};
let isWaiting = false;

/**
 * What is said instead of a text; nothing where it is none of these words.
 *
 * @param {string | null} text @param {Record<string, string>} among
 */
export function instead(text, among) {
  if (!text) return undefined;
  if (among[text]) return among[text];
  const begin = Object.keys(among).find((key) => key.endsWith(" ") && text.startsWith(key));
  return begin && among[begin] + text.slice(begin.length);
}

/** @param {Record<string, string>} among */
function replaceAll(among) {
  for (const name of ATTRIBUTES) {
    for (const node of document.querySelectorAll(`[${name}]`)) {
      const told = instead(node.getAttribute(name), among);
      if (told) node.setAttribute(name, told);
    }
  }
  for (const node of document.querySelectorAll(TEXTS)) {
    const text = node.childNodes.length === 1 ? node.firstChild : null;
    const told = text?.nodeType === Node.TEXT_NODE && instead(text.nodeValue, among);
    // The node stays: React holds it.
    if (text && told) text.nodeValue = told;
  }
}

function waited() {
  isWaiting = false;
  replaceAll(words);
}

function wait() {
  if (isWaiting) return;
  isWaiting = true;
  requestIdleCallback(waited, { timeout: 1000 });
}

/** @type {MutationObserver | undefined} */
let observer;

/** Say Streamlit's words in a language; none for English. @param {Record<string, string>} given */
export function speak(given) {
  if (JSON.stringify(given) === JSON.stringify(words)) return;
  replaceAll(Object.fromEntries(Object.entries(words).map(([english, told]) => [told, english])));
  words = given;
  observer?.disconnect();
  if (!Object.keys(words).length) return;
  observer = new MutationObserver(wait);
  observer.observe(document.body, { childList: true, subtree: true });
  wait();
}
