import { createRequire } from "node:module";
import { at, type KernelTarget, type LibraryKernel, type LoopKernel, type Value } from "@nn/compiler/target";
import { roundToBfloat16, sizeOf } from "@nn/tensor/extend";
import * as primitives from "@nn/tensor/primitives";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openHost } from "../../src/host/host.js";
import { hasBfloat16, levelsOf, processorState } from "../../src/host/processor.js";
import { linux } from "../../src/host/systems.js";
import { NativeTarget } from "../../src/native-target.js";
import { buffer } from "../matmul/kernels.js";
import { runKernel } from "../run-kernel.js";
import { targets } from "../targets.js";

type Kernel = LibraryKernel<"bfloat16Matmul">;

interface Case {
  readonly batch: readonly number[];
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly transposed: boolean;
}

function kernelFor({ batch, m, k, n, transposed }: Case, epilogue?: (kernel: Kernel) => LoopKernel["stores"]): Kernel {
  const kernel: Kernel = {
    kind: "library", primitive: "bfloat16Matmul", attributes: { transposed, columns: n }, check: undefined, label: "bfloat16Matmul", epilogue: undefined,
    inputs: [buffer([...batch, ...(transposed ? [k, m] : [m, k])]), buffer([Math.ceil(k / 2) * n], "int32")],
    output: buffer([...batch, ...(transposed ? [n, m] : [m, n])]),
  };
  const { shape } = kernel.output;
  const stores = epilogue?.(kernel);
  return stores === undefined ? kernel : { ...kernel, epilogue: { kind: "loop", domain: [sizeOf(shape.slice(0, -1)), at(shape, -1)], reduced: [false, false], stores, label: "epilogue" } };
}

const mixed = (index: number, factor: number): number => Math.imul(index + 1, factor) >>> 8;

/** Numbers with and without bits that are rounded off, halves and numbers that count as 0. */
function inputs(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => {
    const value = mixed(index, 2_654_435_761);
    return value % 91 === 0 ? 2 ** -127 : value % 7 === 0 ? value / 2 ** 14 : (value % 3000) / 256 - 6;
  });
}

/** Words of upper halves of numbers from 2⁻⁶ to 2⁵ and of their negatives; beyond row `k`, 0. */
function weights({ n, k }: Case): Int32Array {
  const half = (index: number): number => ((index % 3 === 0 ? 0x8000 : 0) | 0x3c80) + (mixed(index, 2_246_822_519) % 0x580);
  const words = Math.ceil(k / 2);
  return Int32Array.from({ length: n * words }, (_, index) => {
    const panel = Math.floor(index / (16 * words));
    const isLast = Math.floor((index - panel * 16 * words) / Math.min(16, n - 16 * panel)) === words - 1;
    return half(2 * index) | (isLast && k % 2 === 1 ? 0 : half(2 * index + 1) << 16);
  });
}

/** Whether each way to multiply pairs rounds as the reference kernel does, and the ways that this machine has. */
const ways: readonly { readonly target: KernelTarget; readonly exact: boolean; readonly name: string }[] = targets.length === 0 ? [] : (() => {
  const host = openHost(createRequire(import.meta.url), linux);
  const state = processorState(host);
  return levelsOf(state).flatMap((level) => (level === "AVX-512" && hasBfloat16(state) ? [true, false] : [false]).map((bfloat16) => ({
    target: new NativeTarget(host, level, { evenSmall: true, products: { bytes: new Set(), bfloat16 } }), exact: !bfloat16, name: `${level}${bfloat16 ? " BF16" : ""}`,
  })));
})();

const cases: fc.Arbitrary<Case> = fc.record({
  batch: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
  m: fc.integer({ min: 1, max: 70 }), k: fc.integer({ min: 1, max: 70 }), n: fc.integer({ min: 1, max: 70 }), transposed: fc.boolean(),
});

describe.each(ways)("bfloat16Matmul with $name", ({ target, exact }) => {
  const found = (kernel: Kernel, x: Float32Array, words: Int32Array, threads: number): Float32Array | Int32Array | Uint8Array | undefined =>
    runKernel(target, kernel, new Map<Kernel["output"], Float32Array | Int32Array>([[kernel.inputs[0], x], [kernel.inputs[1], words]]), { threads }).get(kernel.output);

  const reference = (kernel: Kernel, x: Float32Array, words: Int32Array): ArrayLike<number> => {
    const [left, right] = kernel.inputs;
    return primitives.bfloat16Matmul.kernel([{ ...left, data: x }, { ...right, data: words }], kernel.attributes, kernel.output);
  };

  const check = (example: Case, threads: number): void => {
    const kernel = kernelFor(example);
    const [x, words] = [inputs(sizeOf(kernel.inputs[0].shape)), weights(example)];
    const [result, expected] = [found(kernel, x, words, threads), reference(kernel, x, words)];
    if (exact) {
      expect(result).toEqual(expected);
      return;
    }
    // The sums of the absolute values of all products, from the bits without their signs.
    const rounded = x.map(Math.abs);
    roundToBfloat16(rounded);
    const sizes = reference(kernel, rounded, words.map((word) => word & 0x7fff_7fff));
    const bound = (2 * example.k + 2) * 2 ** -24;
    const wrong = Array.from(result ?? []).findIndex((value, index) => !(Math.abs(value - (expected[index] ?? NaN)) <= bound * (sizes[index] ?? NaN)));
    expect(wrong).toBe(-1);
    expect(result?.length).toBe(expected.length);
  };

  it("gives the numbers of the reference kernel, up to the rounding of sums, for random sizes and numbers of threads", () => {
    fc.assert(fc.property(cases, fc.integer({ min: 1, max: 3 }), check), { numRuns: 40 });
  });

  it("does so for few rows against wide panels, and for products that threads divide, in several blocks of rows", () => {
    for (const m of [1, 2, 3]) for (const n of [16, 128, 200, 300]) check({ batch: [], m, k: 65, n, transposed: false }, 2);
    check({ batch: [], m: 64, k: 784, n: 65, transposed: false }, 2);
    check({ batch: [], m: 70, k: 2500, n: 10, transposed: false }, 3);
    check({ batch: [3], m: 49, k: 130, n: 130, transposed: true }, 2);
  });

  it("keeps NaN and infinities in their rows, whatever their bits", () => {
    for (const transposed of [false, true]) {
      const example: Case = { batch: [], m: 5, k: 3, n: 20, transposed };
      const kernel = kernelFor(example);
      const x = new Float32Array(15).fill(1);
      const place = (row: number): number => (transposed ? row : 3 * row);
      new Uint32Array(x.buffer)[place(1)] = 0x7fff_ffff;
      [x[place(2)], x[place(3)]] = [Infinity, -Infinity];
      const result = found(kernel, x, new Int32Array(40).map((_, index) => (index % 16 < 8 ? 0x3f80 : 0)), 1);
      const row = (number: number): (number | undefined)[] => [0, 1].map((column) => result?.[transposed ? column * 5 + number : number * 20 + column]);
      expect([0, 1, 2, 3, 4].map(row)).toEqual([0, 1, 2, 3, 4].map((number) => [0, 1].map((column) => reference(kernel, x, new Int32Array(40).map((_, index) => (index % 16 < 8 ? 0x3f80 : 0)))[transposed ? column * 5 + number : number * 20 + column])));
      expect(row(1)).toEqual([NaN, NaN]);
    }
  });

  it.each([false, true])("computes what follows in registers (transposed: %s)", (transposed) => {
    const scale = buffer([transposed ? 21 * 2 : 21]);
    const example: Case = { batch: [2], m: 37, k: 13, n: 21, transposed };
    const kernel = kernelFor(example, ({ output }) => {
      const value: Value = {
        kind: "apply", dtype: "float32", primitive: "mul", scalarFunction: undefined, fault: undefined,
        inputs: [{ kind: "accumulator", dtype: "float32" }, { kind: "load", dtype: "float32", buffer: scale, at: { offset: 0, coefficients: transposed ? [1, 0] : [0, 1] } }],
      };
      return [{ buffer: buffer(output.shape), at: { offset: 0, coefficients: [at(output.shape, -1), 1] }, value }];
    });
    const [x, words] = [inputs(sizeOf(kernel.inputs[0].shape)), weights(example)];
    const factors = Float32Array.from({ length: sizeOf(scale.shape) }, (_, index) => 2 ** (index % 5));
    const columns = at(kernel.output.shape, -1);
    const expected = Float32Array.from(found(kernelFor(example), x, words, 2) ?? [], (sum, index) => sum * (factors[transposed ? Math.floor(index / columns) : index % columns] ?? NaN));
    const stored = kernel.epilogue?.stores[0]?.buffer;
    const result = runKernel(target, kernel, new Map<Kernel["output"], Float32Array | Int32Array>([[kernel.inputs[0], x], [kernel.inputs[1], words], [scale, factors]]), { threads: 2 });
    expect(stored === undefined ? undefined : result.get(stored)).toEqual(expected);
  });
});
