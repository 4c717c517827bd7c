import { createRequire } from "node:module";
import { at, type KernelTarget, type LibraryKernel, type LoopKernel, type Value } from "@nn/compiler/target";
import { sizeOf } from "@nn/tensor/extend";
import * as primitives from "@nn/tensor/primitives";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openHost } from "../../src/host/host.js";
import { dotProductLevelsOf, levelsOf, processorState } from "../../src/host/processor.js";
import { linux } from "../../src/host/systems.js";
import { NativeTarget } from "../../src/native-target.js";
import type { LevelName } from "../../src/vectors/level.js";
import { buffer } from "../matmul/kernels.js";
import { runKernel } from "../run-kernel.js";
import { targets } from "../targets.js";

type Kernel = LibraryKernel<"quantizedMatmul">;

interface Case {
  readonly batch: readonly number[];
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly transposed: boolean;
}

function kernelFor({ batch, m, k, n, transposed }: Case, epilogue?: (kernel: Kernel) => LoopKernel["stores"]): Kernel {
  const kernel: Kernel = {
    kind: "library", primitive: "quantizedMatmul", attributes: { transposed }, check: undefined, label: "quantizedMatmul", epilogue: undefined,
    inputs: [buffer([...batch, ...(transposed ? [k, m] : [m, k])]), buffer([Math.ceil(k / 4), n], "int32")],
    output: buffer([...batch, ...(transposed ? [n, m] : [m, n])], "int32"),
  };
  const { shape } = kernel.output;
  const stores = epilogue?.(kernel);
  return stores === undefined ? kernel : { ...kernel, epilogue: { kind: "loop", domain: [sizeOf(shape.slice(0, -1)), at(shape, -1)], reduced: [false, false], stores, label: "epilogue" } };
}

/** Numbers in and out of the range, halves, NaN and infinities. */
function inputs(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => {
    const value = Math.imul(index + 1, 2_654_435_761) >>> 8;
    return value % 97 === 0 ? NaN : value % 89 === 0 ? Infinity : value % 83 === 0 ? -Infinity : (value % 300) / 2 - 10;
  });
}

const weights = (count: number): Int32Array => Int32Array.from({ length: count }, (_, index) => Math.imul(index + 7, 2_246_822_519) ^ (index << 13));

/** Every way to add products of bytes that this machine has. */
const ways: readonly KernelTarget[] = targets.length === 0 ? [] : (() => {
  const host = openHost(createRequire(import.meta.url), linux);
  const state = processorState(host);
  const target = (level: LevelName, dotProducts: ReadonlySet<LevelName>): KernelTarget => new NativeTarget(host, level, { evenSmall: true, products: { bytes: dotProducts, bfloat16: false } });
  const levels = levelsOf(state);
  return [...levels.filter((level) => dotProductLevelsOf(state).has(level)).map((level) => target(level, new Set([level]))), ...levels.map((level) => target(level, new Set()))];
})();

const cases: fc.Arbitrary<Case> = fc.record({
  batch: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
  m: fc.integer({ min: 1, max: 70 }), k: fc.integer({ min: 1, max: 70 }), n: fc.integer({ min: 1, max: 70 }), transposed: fc.boolean(),
});

describe.each(ways.map((target, number) => ({ target, name: `${target.name} (${number})` })))("quantizedMatmul with $name", ({ target }) => {
  const check = (example: Case, threads: number): void => {
    const kernel = kernelFor(example);
    const [x, w] = kernel.inputs;
    const [given, words] = [inputs(sizeOf(x.shape)), weights(sizeOf(w.shape))];
    const expected = primitives.quantizedMatmul.kernel([{ ...x, data: given }, { ...w, data: words }], kernel.attributes, kernel.output);
    expect(runKernel(target, kernel, new Map<typeof x, Float32Array | Int32Array>([[x, given], [w, words]]), { threads }).get(kernel.output)).toEqual(expected);
  };

  it("gives the numbers of the reference kernel, for random sizes and numbers of threads", () => {
    fc.assert(fc.property(cases, fc.integer({ min: 1, max: 3 }), check), { numRuns: 60 });
  });

  it("does so for products that threads divide, in several blocks of rows", () => {
    check({ batch: [], m: 64, k: 784, n: 65, transposed: false }, 2);
    check({ batch: [], m: 70, k: 2500, n: 10, transposed: false }, 3);
    check({ batch: [3], m: 49, k: 130, n: 130, transposed: true }, 2);
  });

  it.each([false, true])("computes what follows in registers (transposed: %s)", (transposed) => {
    const scale = buffer([transposed ? 21 * 2 : 21]);
    const kernel = kernelFor({ batch: [2], m: 37, k: 13, n: 21, transposed }, ({ output }) => {
      const columns = at(output.shape, -1);
      const accumulator: Value = { kind: "accumulator", dtype: "int32" };
      const apply = (primitive: "sub" | "cast" | "mul", dtype: "int32" | "float32", ...values: Value[]): Value => ({ kind: "apply", dtype, primitive, inputs: values, scalarFunction: undefined, fault: undefined });
      const factor: Value = { kind: "load", dtype: "float32", buffer: scale, at: { offset: 0, coefficients: transposed ? [1, 0] : [0, 1] } };
      const value = apply("mul", "float32", apply("cast", "float32", apply("sub", "int32", accumulator, { kind: "constant", dtype: "int32", value: 3 })), factor);
      return [{ buffer: buffer(output.shape), at: { offset: 0, coefficients: [columns, 1] }, value }];
    });
    const [x, w] = kernel.inputs;
    const [given, words] = [inputs(sizeOf(x.shape)), weights(sizeOf(w.shape))];
    const factors = Float32Array.from({ length: sizeOf(scale.shape) }, (_, index) => 1 + (index % 7) / 8);
    const sums = primitives.quantizedMatmul.kernel([{ ...x, data: given }, { ...w, data: words }], kernel.attributes, kernel.output);
    const columns = at(kernel.output.shape, -1);
    const expected = Float32Array.from(sums, (sum, index) => (sum - 3) * (factors[transposed ? Math.floor(index / columns) : index % columns] ?? NaN));
    const stored = kernel.epilogue?.stores[0]?.buffer;
    const found = runKernel(target, kernel, new Map<typeof x, Float32Array | Int32Array>([[x, given], [w, words], [scale, factors]]), { threads: 2 });
    expect(stored === undefined ? undefined : found.get(stored)).toEqual(expected);
  });
});
