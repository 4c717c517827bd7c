import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apply, array, arraysOf, anyNumbers, at, elements, positions } from "./arrays.js";

/** The two neighbours of a number with 8 significant bits, and which of them has an even last bit: the nearest one, in float64. */
function nearest(x: number): number {
  if (!Number.isFinite(x) || x === 0) return x;
  if (Math.abs(x) < 2 ** -126) return 0;
  const step = 2 ** (Math.floor(Math.log2(Math.abs(x))) - 7);
  const [low, high] = [Math.floor(x / step), Math.ceil(x / step)];
  const chosen = x / step - low === high - x / step ? (low % 2 === 0 ? low : high) : x / step - low < high - x / step ? low : high;
  return Math.abs(chosen * step) >= 2 ** 128 ? Math.sign(x) * Infinity : chosen * step;
}

/** The float32 whose upper half is given. */
const number = (half: number): number => new Float32Array(Uint32Array.of(half << 16).buffer)[0] ?? NaN;

/** Upper halves of moderate float32: products of these numbers neither overflow nor vanish. */
const halves = fc.tuple(fc.boolean(), fc.integer({ min: 100, max: 150 }), fc.integer({ min: 0, max: 127 })).map(([minus, exponent, fraction]) => (Number(minus) << 15) | (exponent << 7) | fraction);

/** The words of weights `[k][n]`, given by their upper halves. */
function wordsOf(rows: readonly (readonly number[])[], n: number): number[] {
  const half = (row: number, column: number): number => rows[row]?.[column] ?? 0;
  const pairs = Math.ceil(rows.length / 2);
  const words: number[] = [];
  for (let first = 0; first < n; first += 16) {
    for (let i = 0; i < pairs; i++) for (let column = first; column < Math.min(first + 16, n); column++) words.push(half(2 * i, column) | (half(2 * i + 1, column) << 16));
  }
  return words;
}

describe("bfloat16Matmul", () => {
  it.each([false, true])("differs from the exact sums of rounded numbers by less than the stated bound (transposed: %s)", (transposed) => {
    const sizes = fc.tuple(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 2 }), fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 35 }));
    const cases = sizes.chain(([batch, m, k, n]) =>
      fc.tuple(
        fc.constant([batch, m, k, n] as const),
        arraysOf("float32", [...batch, ...(transposed ? [k, m] : [m, k])], { ...anyNumbers, float32: fc.oneof(fc.float({ min: -100, max: 100, noNaN: true }), fc.integer({ min: -2000, max: 2000 }).map((x) => x / 512)) }),
        fc.array(fc.array(halves, { minLength: n, maxLength: n }), { minLength: k, maxLength: k }),
      ),
    );
    fc.assert(
      fc.property(cases, ([[batch, m, k, n], x, weights]) => {
        const shape = [...batch, ...(transposed ? [n, m] : [m, n])];
        const found = apply("bfloat16Matmul", [x, array("int32", [Math.ceil(k / 2) * n], wordsOf(weights, n))], { transposed, columns: n });
        expect(found.shape).toEqual(shape);
        for (const position of positions(shape)) {
          const [row = 0, column = 0] = transposed ? position.slice(-2).toReversed() : position.slice(-2);
          const products = weights.map((each, p) => nearest(at(x, [...position.slice(0, -2), ...(transposed ? [p, row] : [row, p])])) * number(each[column] ?? NaN));
          const [exact, size] = [products.reduce((sum, product) => sum + product, 0), products.reduce((sum, product) => sum + Math.abs(product), 0)];
          expect(Math.abs(at(found, position) - exact)).toBeLessThanOrEqual(k * (2 ** -24 * size + 2 ** -126));
        }
      }),
      { numRuns: 50 },
    );
  });

  const one = 0x3f80;
  const roundedOf = (x: number): number | undefined => elements(apply("bfloat16Matmul", [array("float32", [1, 1], [x]), array("int32", [1], [one])], { transposed: false, columns: 1 }))[0];

  it("rounds to the nearest, halves to even, and small numbers to 0", () => {
    const examples = [1, -3, 1 + 2 ** -8, 1 + 3 * 2 ** -8, 1 + 2 ** -8 + 2 ** -20, 255.5, -1.99999, 3.38e38, 2 ** -126, 2 ** -127, 0];
    expect(examples.map(roundedOf)).toEqual(examples.map((x) => nearest(Math.fround(x))));
    expect(roundedOf(1 + 2 ** -8)).toBe(1);
    expect(roundedOf(1 + 3 * 2 ** -8)).toBe(1 + 2 ** -6);
    expect(roundedOf(3.4e38)).toBe(Infinity);
    fc.assert(fc.property(fc.float({ noNaN: true }), (x) => roundedOf(x) === nearest(x)));
  });

  it("keeps NaN and infinities, and Infinity · 0 is NaN", () => {
    expect([NaN, Infinity, -Infinity].map(roundedOf)).toEqual([NaN, Infinity, -Infinity]);
    const product = (x: number): number[] => elements(apply("bfloat16Matmul", [array("float32", [2, 2], [x, 1, 1, 1]), array("int32", [2], [0, one])], { transposed: false, columns: 2 }));
    expect(product(Infinity)).toEqual([NaN, Infinity, 0, 1]);
    expect(product(NaN)).toEqual([NaN, NaN, 0, 1]);
    const payload = array("float32", [1, 1], [0]);
    new Uint32Array(payload.data.buffer)[0] = 0x7fff_ffff;
    expect(elements(apply("bfloat16Matmul", [payload, array("int32", [1], [one])], { transposed: false, columns: 1 }))).toEqual([NaN]);
  });

  it("refuses what does not fit", () => {
    const product = (x: readonly number[], weight: readonly number[], columns: number, transposed = false) => (): unknown =>
      apply("bfloat16Matmul", [array("float32", x, []), array("int32", weight, [])], { transposed, columns });
    expect(product([2, 5], [6], 3)).toThrowErrorMatchingInlineSnapshot(`[ShapeError: bfloat16Matmul: input [2, 5] and weight [6] do not fit; expected […, m, k] and [⌈k / 2⌉ · 3], two weights in each word]`);
    expect(product([2, 5], [4], 3, true)).toThrowErrorMatchingInlineSnapshot(`[ShapeError: bfloat16Matmul: input [2, 5] and weight [4] do not fit; expected […, k, m] and [⌈k / 2⌉ · 3], two weights in each word]`);
    expect(product([5], [9], 3)).toThrowErrorMatchingInlineSnapshot(`[ShapeError: bfloat16Matmul: input [5] and weight [9] do not fit; expected […, m, k] and [⌈k / 2⌉ · 3], two weights in each word]`);
    expect(product([2, 5], [3, 3], 3)).toThrowErrorMatchingInlineSnapshot(`[ShapeError: bfloat16Matmul: input [2, 5] and weight [3, 3] do not fit; expected […, m, k] and [⌈k / 2⌉ · 3], two weights in each word]`);
    expect(() => apply("bfloat16Matmul", [array("int32", [1, 2], []), array("int32", [1], [])], { transposed: false, columns: 1 })).toThrowErrorMatchingInlineSnapshot(`[DTypeError: bfloat16Matmul: input has dtype int32, expected float32; convert it with .cast("float32")]`);
    expect(() => apply("bfloat16Matmul", [array("float32", [1, 2], []), array("float32", [1], [])], { transposed: false, columns: 1 })).toThrowErrorMatchingInlineSnapshot(`[DTypeError: bfloat16Matmul: input has dtype float32, expected int32]`);
  });
});
