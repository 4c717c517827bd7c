import { describe, expect, it } from "vitest";
import type { DType } from "../../src/dtype.js";
import { apply, array, at, broadcastAt, elements, naive, vector } from "./arrays.js";

// Some kernels work on blocks of up to 1024 elements: here are arrays of several blocks, the last of which is not full.

const numbers: readonly DType[] = ["float32", "float64", "int32"];
const all: readonly DType[] = [...numbers, "bool"];

/** Whole numbers, positive and negative, in no order; 0 and 1 for bool. */
function scattered(dtype: DType, ...shape: number[]) {
  let state = 1;
  return naive(dtype, shape, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return dtype === "bool" ? state & (2 ** 20) ? 1 : 0 : state >> 20;
  });
}

describe("elementwise kernels of large arrays", () => {
  const shapes: readonly (readonly [number[], number[]])[] = [
    [[2500], [2500]], [[5, 700], [700]], [[700, 5], [700, 1]], [[3, 1100], []], [[1, 37, 60], [2, 1, 60]], [[1023, 2], [2]], [[1025], [1]],
  ];

  it.each(numbers.flatMap((dtype) => shapes.map(([x, y]) => [dtype, x, y] as const)))("sub of %s %j and %j", (dtype, xShape, yShape) => {
    const [x, y] = [scattered(dtype, ...xShape), scattered(dtype, ...yShape)];
    for (const [a, b] of [[x, y], [y, x]] as const) {
      const got = apply("sub", [a, b], {});
      const want = naive(dtype, got.shape, (position) => broadcastAt(a, position, got.shape) - broadcastAt(b, position, got.shape));
      expect(elements(got)).toEqual(elements(want));
    }
  });

  it.each(all)("select, equal and cast of %s", (dtype) => {
    const [condition, x, y] = [scattered("bool", 40, 60), scattered(dtype, 40, 60), scattered(dtype, 40, 1)];
    const selected = apply("select", [condition, x, y], {});
    const want = naive(dtype, [40, 60], (position) => (at(condition, position) === 1 ? at(x, position) : broadcastAt(y, position, [40, 60])));
    expect(elements(selected)).toEqual(elements(want));
    expect(elements(apply("equal", [selected, x], {}))).toEqual(elements(want).map((value, i) => (value === x.data[i] ? 1 : 0)));
    for (const to of all) expect(elements(apply("cast", [x], { dtype: to }))).toEqual(elements(x).map((value) => (to === "bool" ? Number(value !== 0) : value)));
  });

  it("rounds to float32 and wraps around to int32 as a store does", () => {
    const third = array("float32", [1500], new Float32Array(1500).fill(1 / 3));
    expect(new Set(elements(apply("mul", [third, third], {})))).toEqual(new Set([Math.fround(Math.fround(1 / 3) ** 2)]));
    const large = array("int32", [1500], new Int32Array(1500).fill(2 ** 31 - 1));
    expect(new Set(elements(apply("add", [large, large], {})))).toEqual(new Set([-2]));
    expect(new Set(elements(apply("neg", [array("int32", [1500], new Int32Array(1500).fill(-(2 ** 31)))], {})))).toEqual(new Set([-(2 ** 31)]));
    const far = naive("float64", [1500], ([i = 0]) => [1e10, -1e10, NaN, 2.9][i % 4] as number);
    expect(elements(apply("cast", [far], { dtype: "int32" })).slice(1496)).toEqual([2 ** 31 - 1, -(2 ** 31), 0, 2]);
  });
});

describe("reductions of large arrays", () => {
  it.each(numbers)("sum, max, min, argMax and argMin of lanes of %s longer than a block", (dtype) => {
    const x = scattered(dtype, 3, 2600);
    const lanes = [0, 1, 2].map((row) => elements(x).slice(row * 2600, (row + 1) * 2600));
    expect(elements(apply("sum", [x], { axes: [1] }))).toEqual(lanes.map((lane) => lane.reduce((sum, value) => sum + value, 0)));
    expect(elements(apply("max", [x], { axes: [1] }))).toEqual(lanes.map((lane) => Math.max(...lane)));
    expect(elements(apply("min", [x], { axes: [1] }))).toEqual(lanes.map((lane) => Math.min(...lane)));
    expect(elements(apply("argMax", [x], { axis: 1 }))).toEqual(lanes.map((lane) => lane.indexOf(Math.max(...lane))));
    expect(elements(apply("argMin", [x], { axis: 1 }))).toEqual(lanes.map((lane) => lane.indexOf(Math.min(...lane))));
    expect(elements(apply("sum", [x], { axes: [0, 1] }))).toEqual([lanes.flat().reduce((sum, value) => sum + value, 0)]);
  });

  it.each(numbers)("sum of many short lanes of %s", (dtype) => {
    const x = scattered(dtype, 900, 7);
    expect(elements(apply("sum", [x], { axes: [1] }))).toEqual(elements(naive(dtype, [900], ([i = 0]) => [0, 1, 2, 3, 4, 5, 6].reduce((sum, j) => sum + at(x, [i, j]), 0))));
  });

  it("wraps sums and products of int32 around", () => {
    const large = array("int32", [3000], new Int32Array(3000).fill(2 ** 30));
    expect(elements(apply("sum", [large], { axes: [0] }))).toEqual([(3000 * 2 ** 30) | 0]);
    const threes = array("int32", [3000], new Int32Array(3000).fill(3));
    expect(elements(apply("prod", [threes], { axes: [0] }))).toEqual([Number(BigInt.asIntN(32, 3n ** 3000n))]);
    expect(elements(apply("cumProd", [threes], { axis: 0 })).at(-1)).toBe(Number(BigInt.asIntN(32, 3n ** 3000n)));
  });

  it("NaN counts as largest in every block, and the first of equal elements wins", () => {
    const x = naive("float32", [3000], ([i = 0]) => (i === 2500 || i === 2800 ? NaN : i));
    expect(elements(apply("max", [x], { axes: [0] }))).toEqual([NaN]);
    expect(elements(apply("argMin", [x], { axis: 0 }))).toEqual([2500]);
    expect(elements(apply("argMax", [naive("float32", [3000], ([i = 0]) => Number(i === 1500 || i === 2900))], { axis: 0 }))).toEqual([1500]);
  });

  it.each(numbers)("cumSum of %s along axes of one element and of many", (dtype) => {
    const x = scattered(dtype, 2, 1300, 2);
    const got = apply("cumSum", [x], { axis: 1 });
    for (const [o, i] of [[0, 0], [0, 1], [1, 0], [1, 1]] as const) {
      let sum = 0;
      for (let row = 0; row < 1300; row++) expect(at(got, [o, row, i])).toBe((sum += at(x, [o, row, i])));
    }
    expect(elements(apply("cumSum", [x], { axis: 0 })).slice(0, 2600)).toEqual(elements(x).slice(0, 2600));
  });
});

describe("index kernels of large arrays", () => {
  const positions = naive("int32", [2600], ([i = 0]) => (i * 7) % 50);

  it.each(all)("gather of %s", (dtype) => {
    const x = scattered(dtype, 50);
    expect(elements(apply("gather", [x, positions], { axis: 0 }))).toEqual(Array.from({ length: 2600 }, (_, i) => x.data[(i * 7) % 50]));
    const rows = scattered(dtype, 4, 1100);
    const picked = apply("gather", [rows, array("int32", [2, 1], [3, 1])], { axis: 0 });
    expect(elements(picked)).toEqual([...elements(rows).slice(3300), ...elements(rows).slice(1100, 2200)]);
  });

  it.each(numbers)("scatterAdd of %s adds up the updates of one position", (dtype) => {
    const updates = naive(dtype, [2600], ([i = 0]) => i % 3);
    const want = new Array<number>(50).fill(1);
    for (let i = 0; i < 2600; i++) want[(i * 7) % 50] = (want[(i * 7) % 50] as number) + (i % 3);
    expect(elements(apply("scatterAdd", [vector(dtype, new Array<number>(50).fill(1)), positions, updates], { axis: 0 }))).toEqual(want);
  });
});
