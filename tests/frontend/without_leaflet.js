// Leaflet wants a browser as it is loaded; what is tested here does without both.

import { registerHooks } from "node:module";

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "./leaflet.js" ? { url: "data:text/javascript,", shortCircuit: true } : next(specifier, context),
});
