import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "tsup";
import type * as items from "./slow-items.js";

/** The module of the data sets, as JavaScript that workers can import, with the package in it. */
export async function bundledItems(): Promise<{ readonly items: typeof items; readonly address: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "workers-"));
  await build({
    config: false, entry: [fileURLToPath(new URL("slow-items.ts", import.meta.url))], outDir: folder, format: "esm", platform: "node", silent: true, splitting: false,
    tsconfig: fileURLToPath(new URL("../../tsconfig.json", import.meta.url)), noExternal: [/.*/], outExtension: () => ({ js: ".mjs" }),
    // The CSV parser is CommonJS, which asks for modules of Node.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    esbuildOptions: (options) => {
      options.conditions = ["@nn/source"];
    },
  });
  const address = pathToFileURL(join(folder, "slow-items.mjs")).href;
  return { items: (await import(/* @vite-ignore */ address)) as typeof items, address, remove: () => rm(folder, { recursive: true }) };
}
