// node scripts/build-page.mjs FOLDER: builds the page into a folder: index.html, page.js and page.css.
import { build } from "esbuild";
import { copyFileSync, mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const sources = fileURLToPath(new URL("../src/page/", import.meta.url));

/** Builds the page. Resolves when its three files are in the folder. */
export async function buildPage(folder) {
  mkdirSync(folder, { recursive: true });
  await build({
    absWorkingDir: sources,
    entryPoints: { page: "main.ts" },
    outdir: folder,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: ["chrome110", "firefox115", "safari16.4"],
    conditions: ["@nn/source"],
    legalComments: "none",
    logLevel: "warning",
  });
  copyFileSync(resolve(sources, "index.html"), resolve(folder, "index.html"));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await buildPage(resolve(process.argv[2] ?? "dist/page"));
