import { expect, test } from "vitest";
import { barriersBefore } from "../../src/emit/barriers.js";
import type { Buffer, Kernel, LoopKernel, LibraryKernel } from "../../src/ir/program.js";

const large = 20_000;

/** Buffers with the addresses that their ids say, in units of the size of a large one. */
const buffer = (id: number, size = large): Buffer => ({ id, shape: [size], dtype: "float32", role: { kind: "temporary" } });
const addresses = {
  lastFallible: -1,
  addressOf: ({ id }: Buffer): number => id * 131_072,
  scratchOf: ({ kind }: Kernel): Buffer | undefined => (kind === "library" ? buffer(100) : undefined),
};

/** An elementwise kernel. */
function loop(from: Buffer, to: Buffer): LoopKernel {
  const at = { offset: 0, coefficients: [1] };
  const value = { kind: "load", dtype: "float32", buffer: from, at } as const;
  return { kind: "loop", domain: to.shape, reduced: [false], stores: [{ buffer: to, at, value }], label: "loop" };
}

/** A kernel with scratch memory. */
function sort(from: Buffer, to: Buffer): LibraryKernel<"argSort"> {
  const attributes = { axis: 0, descending: false };
  return { kind: "library", primitive: "argSort", attributes, inputs: [from], output: to, check: undefined, epilogue: undefined, label: "argSort" };
}

const [a, b, c, d] = [buffer(0), buffer(1), buffer(2), buffer(3)];
const [small, smaller, smallest] = [buffer(4, 100), buffer(5, 100), buffer(6, 100)];
const barriers = (...kernels: readonly Kernel[]): readonly boolean[] => barriersBefore(kernels, addresses);

test.each<[string, readonly boolean[], readonly boolean[]]>([
  ["a result that is read", barriers(loop(a, b), loop(b, c)), [false, true]],
  ["kernels on buffers of their own", barriers(loop(a, b), loop(c, d)), [false, false]],
  ["the same read twice", barriers(loop(a, b), loop(a, c)), [false, false]],
  ["what was read is overwritten", barriers(loop(a, b), loop(c, a)), [false, true]],
  ["what was written is overwritten", barriers(loop(a, b), loop(c, b)), [false, true]],
  ["something read long after", barriers(loop(a, b), loop(c, d), loop(b, small)), [false, false, true]],
  ["what a barrier has settled", barriers(loop(a, b), loop(b, c), loop(b, d)), [false, true, false]],
  ["kernels of the first thread only", barriers(loop(small, smaller), loop(smaller, smallest)), [false, false]],
  ["from the first thread to all", barriers(loop(small, smaller), loop(smaller, smallest), sort(smallest, a)), [false, false, true]],
  ["scratch memory", barriers(sort(a, b), sort(c, d)), [false, true]],
  ["memory that is used again", barriers(loop(a, b), loop(c, { ...d, id: 0.5 })), [false, true]],
])("%s", (_, found, expected) => expect(found).toEqual(expected));

test("threads wait after the last kernel that can fail, before any writes a variable", () => {
  const kernels = [loop(a, b), loop(c, d), loop(c, { ...d, id: 7 })];
  expect(barriersBefore(kernels, { ...addresses, lastFallible: 0 })).toEqual([false, true, false]);
  expect(barriersBefore(kernels, { ...addresses, lastFallible: 1 })).toEqual([false, false, true]);
  expect(barriersBefore(kernels, { ...addresses, lastFallible: 2 })).toEqual([false, false, false]);
});
