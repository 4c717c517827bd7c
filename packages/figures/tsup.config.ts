import { cp } from "node:fs/promises";
import { defineConfig } from "tsup";
import base from "../../tsup.base.ts";

export default defineConfig({
  ...base,
  entry: { index: "src/index.ts", worker: "src/worker/worker.ts" },
  splitting: true,
  plugins: [
    ...(base as { readonly plugins?: [] }).plugins ?? [],
    {
      // The worker is a file of its own, and beside every other file of the build.
      name: "address-of-worker",
      renderChunk: (code) => ({ code: code.replaceAll('new URL("./worker.ts", import.meta.url)', 'new URL("./worker.js", import.meta.url)') }),
    },
  ],
  onSuccess: async () => {
    for (const name of ["tokens.css", "tokens.css.d.ts"]) await cp(`src/${name}`, `dist/${name}`);
  },
});
