// npm run check:size: compares the size of bundles for browsers, minified and gzipped, with their budgets.
// --explain lists the bytes of each source file.
import { build } from "esbuild";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { root, setup, turbo } from "./steps.mjs";

/** In kB of 1000 bytes. */
const budgets = [
  { title: "training a perceptron, compiled with the features that it needs", entry: "tests/size/train.ts", budget: 78.5 },
  { title: "the same with all features", entry: "tests/size/train-with-everything.ts", budget: 100.3 },
  { title: "predicting only", entry: "tests/size/predict.ts", budget: 24 },
];

/** The bundle of an entry as a user's bundler makes it: from the built packages, through their `exports`. */
async function bundle(entry, options = {}) {
  const { outputFiles, metafile } = await build({
    entryPoints: [resolve(root, entry)],
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    write: false,
    metafile: true,
    ...options,
  });
  const code = outputFiles[0].contents;
  return { code, minified: code.length, gzipped: gzipSync(code, { level: 9 }).length, inputs: Object.values(metafile.outputs)[0].inputs };
}

/** The minified bytes of each source file: the same bundle, from the sources. */
async function explain(entry) {
  const { inputs } = await bundle(entry, { conditions: ["@nn/source"] });
  const files = Object.entries(inputs).toSorted(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput);
  for (const [file, { bytesInOutput }] of files) console.log(`${String(bytesInOutput).padStart(8)}  ${file}`);
}

/** Runs a bundle, so that a bundle that lost needed code does not pass as small. */
async function tryOut(code) {
  const folder = mkdtempSync(join(tmpdir(), "nn-size-"));
  const file = join(folder, "bundle.mjs");
  try {
    writeFileSync(file, code);
    const { run } = await import(pathToFileURL(file).href);
    const [first] = run(new Float32Array(784));
    if (!Number.isFinite(first)) throw new Error(`the bundle gave ${first}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The page of the dashboard, as the package brings it. In kB of 1000 bytes, each file gzipped. */
const pageBudget = 60;

function checkPage() {
  const files = ["index.html", "page.js", "page.css"].map((name) => readFileSync(resolve(root, "packages/dashboard/dist/page", name)));
  const minified = files.reduce((sum, { length }) => sum + length, 0);
  const gzipped = files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0);
  const over = gzipped > pageBudget * 1000;
  if (over) process.exitCode = 1;
  console.log(`  ${kilobytes(minified)}  ${kilobytes(gzipped)}  ${kilobytes(pageBudget * 1000)}  the page of the dashboard${over ? ": over budget" : ""}`);
}

const kilobytes = (bytes) => (bytes / 1000).toFixed(1).padStart(8);

await setup();
if (!(await turbo("build", ["build"], "--filter=./packages/*"))) process.exit(1);

console.log("  minified   gzipped    budget  kB");
for (const { title, entry, budget } of budgets) {
  const { code, minified, gzipped } = await bundle(entry);
  await tryOut(code);
  const over = gzipped > budget * 1000;
  if (over) process.exitCode = 1;
  console.log(`  ${kilobytes(minified)}  ${kilobytes(gzipped)}  ${kilobytes(budget * 1000)}  ${title}${over ? ": over budget" : ""}`);
  if (process.argv.includes("--explain")) await explain(entry);
}
checkPage();
