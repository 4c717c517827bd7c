import { wasmFeatures } from "@nn/wasm";
import { expect, inject, test } from "vitest";

test("threads are there exactly where the page is isolated", () => {
  expect(crossOriginIsolated).toBe(inject("isolated"));
  expect(wasmFeatures()).toMatchObject({ webAssembly: true, simd: true, threads: inject("isolated") });
});
