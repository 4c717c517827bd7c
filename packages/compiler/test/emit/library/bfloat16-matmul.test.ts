import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tensor, type Tensor } from "@nn/tensor";
import { apply } from "@nn/tensor/extend";
import * as primitives from "@nn/tensor/primitives";
import { allFeatures, bfloat16Matmul, createCompiler } from "../../../src/features/index.js";

const compile = createCompiler({ ...allFeatures, bfloat16Matmul });

/** Numbers with and without bits that are rounded off, halves, NaN and infinities, the same in every run. */
function inputs(shape: readonly number[]): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  const values = Float32Array.from({ length: size }, (_, index) => {
    const value = Math.imul(index + 1, 2_654_435_761) >>> 8;
    return value % 97 === 0 ? NaN : value % 89 === 0 ? Infinity : value % 83 === 0 ? -Infinity : value % 7 === 0 ? value / 2 ** 14 : (value % 3000) / 256 - 6;
  });
  return tensor(values, { shape });
}

/** Pairs of upper halves of numbers from 2⁻⁶ to 2⁵, and of their negatives. A half beyond the rows is 0. */
function weights(n: number, k: number): Tensor {
  const half = (index: number): number => ((index % 3 === 0 ? 0x8000 : 0) | 0x3c80) + ((Math.imul(index + 7, 2_246_822_519) >>> 8) % 0x580);
  const words = Math.ceil(k / 2);
  return tensor(Int32Array.from({ length: n * words }, (_, index) => {
    const panel = Math.floor(index / (16 * words));
    const isLast = Math.floor((index - panel * 16 * words) / Math.min(16, n - 16 * panel)) === words - 1;
    return half(2 * index) | (isLast && k % 2 === 1 ? 0 : half(2 * index + 1) << 16);
  }));
}

interface Case {
  readonly batch: readonly number[];
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly transposed: boolean;
}

function operands({ batch, m, k, n, transposed }: Case): [Tensor, Tensor] {
  return [inputs([...batch, ...(transposed ? [k, m] : [m, k])]), weights(n, k)];
}

const cases: fc.Arbitrary<Case> = fc.record({
  batch: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
  m: fc.integer({ min: 1, max: 21 }), k: fc.integer({ min: 1, max: 40 }), n: fc.integer({ min: 1, max: 40 }), transposed: fc.boolean(),
});

/** Large enough for several threads, and for several blocks of rows. */
const large: readonly Case[] = [
  { batch: [], m: 64, k: 784, n: 50, transposed: false },
  { batch: [], m: 30, k: 515, n: 70, transposed: false },
  { batch: [], m: 301, k: 1000, n: 9, transposed: false },
  { batch: [3], m: 49, k: 130, n: 67, transposed: true },
  { batch: [2, 2], m: 200, k: 64, n: 33, transposed: true },
];

describe("bfloat16Matmul", () => {
  const product = ({ transposed, n }: Pick<Case, "transposed" | "n">) => (x: Tensor, weight: Tensor): Tensor => apply(primitives.bfloat16Matmul, [x, weight], { transposed, columns: n });

  it.each([true, false])("gives the numbers of eager execution for random sizes (relaxed SIMD: %s)", (relaxedSimd) => {
    fc.assert(fc.property(cases, (example) => {
      const compute = product(example);
      const given = operands(example);
      const compiled = compile(compute, { relaxedSimd, threads: 1 });
      expect(compiled(...given).toArray()).toEqual(compute(...given).toArray());
      compiled.dispose();
    }), { numRuns: 60 });
  });

  it.each(large.flatMap((example) => [1, 2, 3].map((threads) => ({ example, threads }))))("does so for $example on $threads threads", ({ example, threads }) => {
    const compute = product(example);
    const given = operands(example);
    const compiled = compile(compute, { threads });
    expect(compiled(...given).toTypedArray()).toEqual(compute(...given).toTypedArray());
    compiled.dispose();
  });

  it.each([false, true])("computes what follows in registers (transposed: %s)", (transposed) => {
    const scale = tensor([0.5, 0.25, 2, 1, 3], { shape: transposed ? [5, 1] : [5] });
    const layer = (x: Tensor, weight: Tensor): Tensor => product({ transposed, n: 5 })(x, weight).sub(3).mul(scale).relu();
    const given = operands({ batch: [], m: 7, k: 13, n: 5, transposed });
    const compiled = compile(layer);
    expect(compiled(...given).toArray()).toEqual(layer(...given).toArray());
    expect(compiled.explain()).toContain("bfloat16Matmul + ");
    expect(compiled.explain()).toContain(", 1 kernel");
  });
});
