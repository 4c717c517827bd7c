import { LinearMemory, ThreadPool, wasmFeatures } from "@nn/wasm";
import { expect, inject, test } from "vitest";

const isolated = inject("isolated");

test("threads are there exactly where the page is isolated", () => {
  expect(crossOriginIsolated).toBe(isolated);
  expect(wasmFeatures()).toMatchObject({ webAssembly: true, simd: true, threads: isolated });
  const pool = new ThreadPool(new LinearMemory(), { threads: 2 });
  expect(pool.threads).toBe(isolated ? 2 : 1);
  expect(pool.reason).toBe(isolated ? undefined : "the memory is not shared (see wasmFeatures().threads)");
});
