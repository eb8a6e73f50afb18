import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: [".venv/", "dashboard/static/", "node_modules/"] },
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      complexity: ["error", 12],
      curly: ["error", "multi-line"],
      eqeqeq: "error",
      "max-lines": ["error", 400],
      "max-len": ["error", { code: 140 }],
      "max-params": ["error", 6],
      "no-shadow": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
      "sort-imports": ["error", { ignoreDeclarationSort: true, ignoreCase: true }],
    },
  },
  { files: ["dashboard/frontend/**"], languageOptions: { globals: globals.browser } },
  { files: ["tests/frontend/**"], languageOptions: { globals: globals.node } },
];
