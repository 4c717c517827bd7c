import { LinearMemory, ThreadPool, wasmFeatures } from "@nn/wasm";
import { expect, inject, test } from "vitest";

const isolated = inject("isolated");

test("threads are available exactly if the page is isolated and the engine shares memory", () => {
  expect(crossOriginIsolated).toBe(isolated);
  // WebKitGTK has no shared memory, isolated or not.
  const threads = isolated && typeof SharedArrayBuffer !== "undefined";
  expect(wasmFeatures()).toMatchObject({ webAssembly: true, simd: true, threads });
  const pool = new ThreadPool(new LinearMemory(), { threads: 2 });
  expect(pool.threads).toBe(threads ? 2 : 1);
  expect(pool.reason).toBe(threads ? undefined : "the memory is not shared (see wasmFeatures().threads)");
});
