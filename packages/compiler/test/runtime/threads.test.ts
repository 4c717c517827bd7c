import { describe, expect, it } from "vitest";
import {
  argMax, argSort, ArgumentError, concat, conv2d, cumSum, flip, Generator, indexSelect, matmul, maxPool2d, normal, pad, scatterAdd, softmax, tensor,
  transpose, Variable, zeros, type Tensor,
} from "@nn/tensor";
import { availableThreads } from "@nn/wasm";
import { compile } from "../../src/index.js";
import { poolOf } from "../../src/runtime/threads.js";
import { sharedEngine } from "../../src/runtime/engine.js";

const threads = 3;
const pool = poolOf(sharedEngine());

/** All bits of some values, in a form that is quick to compare: the hash of Fowler, Noll and Vo. */
function bits(values: readonly Tensor[]): number[] {
  return values.map((value) => {
    const { buffer, byteOffset, byteLength } = value.toTypedArray();
    return new Uint8Array(buffer, byteOffset, byteLength).reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5 | 0);
  });
}

/** Runs until all threads take part. The workers of a page start only when it comes back to its event loop. */
async function untilTogether(run: () => void): Promise<void> {
  const start = performance.now();
  do {
    run();
    await new Promise((resolve) => setTimeout(resolve));
  } while (pool.statistics.latestThreads < threads && performance.now() - start < 20_000);
  expect(pool.statistics.latestThreads).toBe(threads);
}

const generator = new Generator(3);
const x = normal([128, 96], { generator });
const image = normal([5, 3, 40, 40], { generator });
const filters = normal([8, 3, 3, 3], { generator });
const manyFilters = normal([40, 3, 3, 3], { generator });
const largeFilters = normal([8, 3, 38, 38], { generator });
const long = normal([40_000], { generator });

/** Functions with so much work that threads share every kernel that they can share. */
const functions: Readonly<Record<string, (x: Tensor) => Tensor[]>> = {
  elementwise: (x) => [x.mul(2).tanh().add(x.sum(0)), transpose(x).exp().sub(1)],
  reductions: (x) => [x.sum(0), x.max(1), softmax(x, 0), softmax(x, 1), argMax(x, 0), x.mean()],
  "long reductions": () => [long.sum(), long.reshape([4, 10_000]).sum(1), long.reshape([10_000, 4]).sum(0)],
  products: (x) => [matmul(x, transpose(x)).relu(), matmul(transpose(x), x), matmul(transpose(x), x.mul(2)).add(x.sum(0)).tanh().mul(3)],
  "large products": () => [matmul(long.reshape([200, 200]), long.reshape([200, 200])), matmul(long.reshape([20, 2000]), long.reshape([2000, 20]))],
  batches: (x) => [matmul(x.reshape([8, 16, 96]), transpose(x.reshape([8, 16, 96]))), matmul(x.reshape([2, 64, 96]), transpose(x.reshape([2, 64, 96])))],
  convolution: () => [conv2d(image, filters, undefined, { padding: 1 }).relu(), maxPool2d(image, 2)],
  "convolution of one image": () => {
    const one = image.slice([{ stop: 1 }]);
    return [conv2d(one, filters, undefined, { padding: 1 }), conv2d(one, manyFilters, undefined, { padding: 1 }), conv2d(one, filters, undefined, { stride: 2, padding: 1 })];
  },
  "convolution with large kernels": () => [conv2d(image.slice([{ stop: 2 }]), largeFilters), conv2d(image, largeFilters)],
  lines: (x) => [cumSum(x, 0), cumSum(x, 1), argSort(x, { axis: 0 }), argSort(x, { axis: 1 })],
  positions: (x) => [flip(x, 0), pad(x, [[3, 1], [0, 2]]), concat([x, x.mul(2)], 1), indexSelect(x, argMax(x, 0), 0)],
  scatter: (x) => [scatterAdd(zeros([9, 96]), argMax(x.reshape([128, 8, 12]), 1).slice([null, { start: 0, stop: 1 }]), x, 0).exp()],
};

describe("results have the same bits with any number of threads", () => {
  it.each(Object.entries(functions))("%s", async (_, fn) => {
    const alone = compile(fn, { threads: 1 });
    const together = compile(fn, { threads });
    const expected = bits(alone(x));
    await untilTogether(() => together(x));
    for (let turn = 0; turn < 10; turn++) expect(bits(together(x))).toEqual(expected);
    alone.dispose();
    together.dispose();
  });

  it("a thousand in-place updates of variables", async () => {
    const run = async (count: number): Promise<number[]> => {
      const weight = new Variable(x);
      const velocity = new Variable(zeros(x.shape));
      const step = compile(
        () => {
          const gradient = matmul(matmul(weight.value, transpose(weight.value)).mul(1e-3), weight.value).sub(x.mul(0.1));
          velocity.value = velocity.value.mul(0.9).add(gradient);
          weight.value = weight.value.sub(velocity.value.mul(1e-3));
          return weight.value.sum();
        },
        { threads: count },
      );
      if (count > 1) await untilTogether(() => compiledOnce());
      for (let turn = 0; turn < 1000; turn++) step();
      step.dispose();
      return bits([weight.value]);
    };
    const compiledOnce = compile(() => x.mul(2), { threads });
    expect(await run(threads)).toEqual(await run(1));
    compiledOnce.dispose();
  });
});

describe("number of threads", () => {
  const large = zeros([384, 384]);
  const product = (y: Tensor): Tensor => matmul(y, y);

  it("is by default 1 for a small program, and more for a large one", () => {
    const f = compile(product);
    f(zeros([8, 8]));
    expect(f.explain()).not.toMatch(/threads/);
    f(large);
    expect(f.explain().includes(`up to ${Math.min(2, availableThreads())} threads`)).toBe(availableThreads() > 1);
    f.dispose();
  });

  it("is the requested one", () => {
    const f = compile(product, { threads: 5 });
    f(zeros([8, 8]));
    expect(f.explain()).toMatch(/up to 5 threads/);
    const g = compile(product, { threads: 1 });
    g(large);
    expect(g.explain()).not.toMatch(/threads/);
    [f, g].forEach((each) => each.dispose());
  });

  it.each([0, -1, 1.5, 65, NaN])("%d is refused", (count) => {
    expect(() => compile(product, { threads: count })).toThrow(count > 64 ? "compile: expected threads to be a whole number from 1 to 64, got 65" : `compile: threads is ${count}, expected a positive whole number`);
  });
});

function errorOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  throw new Error("nothing was thrown");
}

it("an index out of range gives the same error, whichever thread finds it", async () => {
  const pick = compile((index: Tensor) => indexSelect(x, index, 0).mul(2), { threads });
  const indices = (at: number): Tensor => tensor(Int32Array.from({ length: 300 }, (_, i) => (i === at ? 128 : i % 128)), { dtype: "int32" });
  await untilTogether(() => pick(indices(-1)));
  const expected = bits([pick(indices(-1))]);
  for (const at of [0, 150, 299]) {
    expect(() => pick(indices(at))).toThrow(ArgumentError);
    expect(() => pick(indices(at))).toThrow(errorOf(() => indexSelect(x, indices(at), 0)));
    expect(bits([pick(indices(-1))])).toEqual(expected);
  }
  expect(pool.statistics.latestThreads).toBe(threads);
  pick.dispose();
});

it("profiles time every kernel on all threads", () => {
  const f = compile((y: Tensor) => matmul(y, transpose(y)).softmax(1), { threads });
  const { kernels } = f.profile(x);
  expect(kernels.length).toBeGreaterThan(1);
  expect(kernels.every(({ milliseconds }) => milliseconds > 0)).toBe(true);
  f.dispose();
});

it("releases the programs of functions that are disposed of", () => {
  const before = pool.statistics.programs;
  const f = compile((y: Tensor) => y.mul(2), { threads, cacheSize: 2 });
  for (const rows of [1, 2, 3, 4]) f(zeros([rows]));
  expect(pool.statistics.programs).toBe(before + 2);
  f.dispose();
  expect(pool.statistics.programs).toBe(before);
});
