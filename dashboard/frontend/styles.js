// Loads stylesheets that lie beside the modules, for whatever is laid out only when they are there.

const loading = new Map();

function load(file) {
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL(file, import.meta.url).href;
    link.onload = resolve;
    link.onerror = () => reject(new Error(`${link.href} did not load`));
    document.head.appendChild(link);
  });
}

/** Load stylesheets, each once per document. */
export function loadStyles(...files) {
  for (const file of files) if (!loading.has(file)) loading.set(file, load(file));
  return Promise.all(files.map((file) => loading.get(file)));
}
