import { describe, expect, test } from "vitest";
import { ValueEmitter } from "../../src/emit/values.js";
import type { CheckedIndex, Value } from "../../src/ir/program.js";
import { apply, buffer, constant, load, loopOver, map, reduce, runCode, runLoop } from "./run-loop.js";

const ramp = (size: number): number[] => Array.from({ length: size }, (_, at) => at + 1);

describe("reads", () => {
  test("run backwards, with steps, of one element for all lanes, and over a transposed matrix", () => {
    const x = buffer("float32", 24);
    const outputs = [buffer("float32", 4, 6), buffer("float32", 4, 6), buffer("float32", 4, 6), buffer("float32", 4, 6)] as const;
    const maps = [map(23, -6, -1), map(1, 0, 2), map(2, 6, 0), map(0, 1, 4)];
    const kernel = loopOver([4, 6], [false, false], ...outputs.map((out, at) => ({ buffer: out, at: map(0, 6, 1), value: load(x, maps[at] ?? map(0, 0, 0)) })));
    const { of } = runLoop(kernel, new Map([[x, ramp(24)]]));
    const expected = maps.map(({ offset, coefficients: [row = 0, column = 0] }) => Array.from({ length: 24 }, (_, at) => offset + row * Math.floor(at / 6) + column * (at % 6) + 1));
    expect(outputs.map((out) => of(out))).toEqual(expected);
  });

  test("come before any store, so that a store may overwrite elements that another reads", () => {
    const [x, y] = [buffer("float32", 9), buffer("float32", 9)];
    const [first, second] = [load(x, map(0, 1)), load(y, map(0, 1))];
    const { of } = runLoop(loopOver([9], [false], { buffer: x, at: map(0, 1), value: second }, { buffer: y, at: map(0, 1), value: first }), new Map([[x, ramp(9)], [y, ramp(9).map((each) => -each)]]));
    expect([of(x), of(y)]).toEqual([ramp(9).map((each) => -each), ramp(9)]);
  });
});

test.each(["float32", "float64", "int32"] as const)("computes positions, constants, comparisons, selections and casts, stored as %s", (dtype) => {
  const [y, mask] = [buffer(dtype, 11), buffer("bool", 11)];
  const position: Value = { kind: "position", dtype, at: map(5, 3) };
  const less = apply("less", "bool", position, constant(20, dtype));
  const value = apply("select", dtype, less, position, apply("neg", dtype, position));
  const { of } = runLoop(loopOver([11], [false], { buffer: y, at: map(0, 1), value }, { buffer: mask, at: map(0, 1), value: less }), new Map());
  const positions = Array.from({ length: 11 }, (_, at) => 5 + 3 * at);
  expect(of(y)).toEqual(positions.map((each) => (each < 20 ? each : -each)));
  expect(of(mask)).toEqual(positions.map((each) => (each < 20 ? 1 : 0)));
});

describe("gathers", () => {
  const [table, index, y] = [buffer("float32", 5, 3), buffer("int32", 7), buffer("float32", 7, 3)];
  const fault = { id: 4, error: (): Error => new Error("an index") };
  const checked: CheckedIndex = { kind: "checked", dtype: "int32", index: load(index, map(0, 1, 0)), check: { fault, size: 5, of: undefined }, position: map(0, 1, 0), whole: true };
  const rows = loopOver([7, 3], [false, false], { buffer: y, at: map(0, 3, 1), value: { kind: "gather", dtype: "float32", buffer: table, at: map(0, 0, 1), stride: 3, index: checked } });

  test("read rows at computed positions", () => {
    const { of, fault: found } = runLoop(rows, new Map([[table, ramp(15)], [index, [4, 0, 2, 2, 1, 3, 0]]]));
    expect(of(y)).toEqual([4, 0, 2, 2, 1, 3, 0].flatMap((row) => [3 * row + 1, 3 * row + 2, 3 * row + 3]));
    expect(found).toEqual([0, 0, 0]);
  });

  test.each([[5, 3], [-1, 0], [2 ** 31 - 1, 6]])("report an index of %d, and its position among the indices", (wrong, position) => {
    const indices = [0, 0, 0, 0, 0, 0, 0].with(position, wrong);
    expect(runLoop(rows, new Map([[table, ramp(15)], [index, indices]])).fault).toEqual([5, wrong, position]);
  });
});

test("refuses to read an unfinished reduction, and an accumulator outside of an epilogue", () => {
  const [x, y] = [buffer("float32", 4), buffer("float32", 1)];
  const sum = reduce("sum", load(x, map(0, 1)));
  const value = (wanted: Value) => () =>
    runCode([x, y], (b, context) => { new ValueEmitter(b, loopOver([4], [true], { buffer: y, at: map(0, 0), value: sum }), context).value(wanted); }, new Map());
  expect(value(sum)).toThrow("a reduction is used before it is finished");
  expect(value({ kind: "accumulator", dtype: "float32" })).toThrow("an accumulator is used outside of an epilogue");
});
