import { describe, expect, test } from "vitest";
import { parallelWork } from "../../src/emit/loop.js";
import { apply, buffer, constant, load, loopOver, map, reduce, runLoop } from "./run-loop.js";

const ramp = (size: number): number[] => Array.from({ length: size }, (_, at) => (at % 7) - 3);
/** Around the sizes where vectors, unrolled vectors and what is left of them begin. */
const sizes = [1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 33, 64, 67];

test.each(sizes)("computes %d elements by unrolled vectors, single vectors, and single elements", (size) => {
  const [x, y] = [buffer("float32", size), buffer("float32", size)];
  const value = apply("add", "float32", apply("mul", "float32", load(x, map(0, 1)), constant(2)), constant(1));
  const { of } = runLoop(loopOver([size], [false], { buffer: y, at: map(0, 1), value }), new Map([[x, ramp(size)]]));
  expect(of(y)).toEqual(ramp(size).map((each) => 2 * each + 1));
});

test("computes one element in a loop without axes", () => {
  const [x, y] = [buffer("float32"), buffer("float32")];
  expect(runLoop(loopOver([], [], { buffer: y, at: map(0), value: apply("neg", "float32", load(x, map(0))) }), new Map([[x, [3]]])).of(y)).toEqual([-3]);
});

describe("reductions", () => {
  test.each(sizes)("run along the axis of the lanes, of %d elements", (size) => {
    const [x, total, largest] = [buffer("float32", 3, size), buffer("float32", 3), buffer("float32", 3)];
    const value = load(x, map(0, size, 1));
    const kernel = loopOver([3, size], [false, true], { buffer: total, at: map(0, 1, 0), value: reduce("sum", value) }, { buffer: largest, at: map(0, 1, 0), value: reduce("max", value) });
    const { of } = runLoop(kernel, new Map([[x, ramp(3 * size)]]));
    const rows = [0, 1, 2].map((row) => ramp(3 * size).slice(row * size, (row + 1) * size));
    expect(of(total)).toEqual(rows.map((row) => row.reduce((a, b) => a + b)));
    expect(of(largest)).toEqual(rows.map((row) => Math.max(...row)));
  });

  test.each(sizes)("run across another axis, of %d columns", (size) => {
    const [x, total] = [buffer("float32", 3, size), buffer("float32", size)];
    const kernel = loopOver([3, size], [true, false], { buffer: total, at: map(0, 0, 1), value: reduce("sum", load(x, map(0, size, 1))) });
    const values = ramp(3 * size);
    expect(runLoop(kernel, new Map([[x, values]])).of(total)).toEqual(Array.from({ length: size }, (_, at) => (values[at] ?? NaN) + (values[at + size] ?? NaN) + (values[at + 2 * size] ?? NaN)));
  });

  test("add long sums block by block, so that rounding errors stay small", () => {
    const size = 4_000_000;
    const [x, total] = [buffer("float32", size), buffer("float32", 1)];
    const kernel = loopOver([size], [true], { buffer: total, at: map(0, 0), value: reduce("sum", load(x, map(0, 1))) });
    // Sixteen running sums of a quarter of a million elements each would be wrong by more than 1e-4.
    const naive = new Float32Array(1);
    for (let at = 0; at < size / 16; at++) naive[0] = (naive[0] ?? NaN) + Math.fround(0.1);
    expect(Math.abs((naive[0] ?? NaN) / ((size / 16) * Math.fround(0.1)) - 1)).toBeGreaterThan(1e-4);
    const [found = NaN] = runLoop(kernel, new Map([[x, new Array<number>(size).fill(0.1)]])).of(total);
    expect(Math.abs(found / (size * Math.fround(0.1)) - 1)).toBeLessThan(2e-5);
  });

  test("compute a sum again in float64 if a partial sum overflows", () => {
    const [x, total] = [buffer("float32", 20), buffer("float32", 1)];
    const kernel = loopOver([20], [true], { buffer: total, at: map(0, 0), value: reduce("sum", load(x, map(0, 1))) });
    expect(runLoop(kernel, new Map([[x, Array.from({ length: 20 }, (_, at) => (at < 10 ? 3e38 : -3e38))]])).of(total)).toEqual([0]);
  });

  test("store in a second pass what needs a finished reduction: x − max(x)", () => {
    const [x, y] = [buffer("float32", 2, 6), buffer("float32", 2, 6)];
    const value = load(x, map(0, 6, 1));
    const kernel = loopOver([2, 6], [false, true], { buffer: y, at: map(0, 6, 1), value: apply("sub", "float32", value, reduce("max", value)) });
    expect(runLoop(kernel, new Map([[x, [1, 5, 2, 4, 3, 0, -1, -2, -3, -4, -5, -6]]])).of(y)).toEqual([-4, 0, -3, -1, -2, -5, 0, -1, -2, -3, -4, -5]);
  });
});

describe("threads", () => {
  const [rows, columns] = [parallelWork / 128 + 3, 64];
  const [x, y] = [buffer("float32", rows, columns), buffer("float32", rows, columns)];
  const kernel = loopOver([rows, columns], [false, false], { buffer: y, at: map(0, columns, 1), value: apply("neg", "float32", load(x, map(0, columns, 1))) });
  const values = ramp(rows * columns);

  test("divide the outermost long axis that is not reduced, and compute each element once", () => {
    const parts = [0, 1, 2].map((thread) => runLoop(kernel, new Map([[x, values]]), [thread], 3).of(y));
    values.forEach((value, at) => expect(parts.filter((part) => part[at] !== 99).map((part) => part[at])).toEqual([-value]));
  });

  test.each([[[4, 40], 1], [[40, 4], 0], [[12, 15], 1]])("divide %j along axis %d, if each element has many operations", (domain, axis) => {
    const [height = 0, width = 0] = domain;
    const [input, out] = [buffer("float32", height, width), buffer("float32", height, width)];
    const work = Math.ceil(parallelWork / (height * width));
    let value = load(input, map(0, width, 1));
    for (let count = 0; count < work; count++) value = apply("neg", "float32", value);
    const much = loopOver([height, width], [false, false], { buffer: out, at: map(0, width, 1), value });
    const [first, second] = [0, 1].map((thread) => runLoop(much, new Map([[input, ramp(height * width)]]), [thread], 2).of(out).map((each) => each !== 99));
    expect(second).toEqual(first?.map((isDone) => !isDone));
    const linesOf = (at: number): number => (axis === 0 ? Math.floor(at / width) : at % width);
    const lines = new Set(first?.flatMap((isDone, at) => (isDone ? [linesOf(at)] : [])));
    expect(lines.size).toBeGreaterThan(0);
    expect(first).toEqual(first?.map((_, at) => lines.has(linesOf(at))));
  });

  test("leave small kernels to the first thread", () => {
    const [small, out] = [buffer("float32", 8), buffer("float32", 8)];
    const few = loopOver([8], [false], { buffer: out, at: map(0, 1), value: apply("neg", "float32", load(small, map(0, 1))) });
    expect(runLoop(few, new Map([[small, ramp(8)]]), [1], 2).of(out)).toEqual(new Array(8).fill(99));
    expect(runLoop(few, new Map([[small, ramp(8)]]), [0], 2).of(out)).toEqual(ramp(8).map((each) => -each));
  });
});
