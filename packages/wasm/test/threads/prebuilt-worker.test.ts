import { transformSync } from "esbuild";
import { expect, it } from "vitest";
import { workerSource } from "../../src/threads/worker-source.js";

it("is the minified source of the worker; run this test with `--update` if that has changed", async () => {
  const { code } = transformSync(workerSource, { minify: true, format: "iife" });
  const lines = [
    "/** The program in `worker-source.ts`, minified here because bundlers do not minify strings. A test keeps it up to date. */",
    `export const workerText =\n  ${JSON.stringify(code.trim())};`,
    "",
  ];
  await expect(lines.join("\n")).toMatchFileSnapshot("../../src/threads/prebuilt-worker.ts");
});
