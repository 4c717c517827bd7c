import { transformSync } from "esbuild";
import { expect, it } from "vitest";
import { workerSource } from "../../src/threads/worker-source.js";

it("is the source of the worker, minified; run this test with `--update` where that changed", async () => {
  const { code } = transformSync(workerSource, { minify: true, format: "iife" });
  const lines = [
    "/** The program in `worker-source.ts`, minified here because bundlers do not minify strings. A test keeps it up to date. */",
    `export const workerText =\n  ${JSON.stringify(code.trim())};`,
    "",
  ];
  await expect(lines.join("\n")).toMatchFileSnapshot("../../src/threads/prebuilt-worker.ts");
});
