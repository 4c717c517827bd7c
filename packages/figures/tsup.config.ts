import { cp } from "node:fs/promises";
import { defineConfig } from "tsup";
import base from "../../tsup.base.ts";

export default defineConfig({
  ...base,
  entry: { index: "src/index.ts", worker: "src/worker/worker.ts", "playground-worker": "src/worker/playground-worker.ts" },
  splitting: true,
  plugins: [
    ...(base as { readonly plugins?: [] }).plugins ?? [],
    {
      // A worker is a file of its own, and beside every other file of the build.
      name: "addresses-of-workers",
      renderChunk: (code) => ({ code: code.replaceAll(/new URL\("(\.\/[a-z-]*worker)\.ts", import\.meta\.url\)/g, 'new URL("$1.js", import.meta.url)') }),
    },
  ],
  onSuccess: async () => {
    for (const name of ["tokens.css", "tokens.css.d.ts"]) await cp(`src/${name}`, `dist/${name}`);
  },
});
