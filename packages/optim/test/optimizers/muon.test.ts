import { Generator, gradientsOf, normal, tensor, Variable, zeros } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { Muon } from "../../src/index.js";

type Matrix = readonly (readonly number[])[];

const at = (x: Matrix, row: number, column: number): number => x[row]?.[column] ?? NaN;
const map = (f: (...elements: number[]) => number, ...xs: readonly Matrix[]): number[][] =>
  (xs[0] ?? []).map((line, row) => line.map((_, column) => f(...xs.map((x) => at(x, row, column)))));
const transposed = (x: Matrix): number[][] => (x[0] ?? []).map((_, column) => x.map((line) => line[column] ?? NaN));
const product = (x: Matrix, y: Matrix): number[][] =>
  x.map((line) => transposed(y).map((column) => line.reduce((sum, value, position) => sum + value * (column[position] ?? NaN), 0)));

/** Five steps of Newton and Schulz's iteration with Jordan's coefficients. */
function orthogonal(x: Matrix): Matrix {
  if (x.length > (x[0]?.length ?? 0)) return transposed(orthogonal(transposed(x)));
  let y: Matrix = map((value) => value / Math.hypot(...x.flat()), x);
  for (let step = 0; step < 5; step++) {
    const gram = product(y, transposed(y));
    y = map((value, cubic, quintic) => 3.4445 * value - 4.775 * cubic + 2.0315 * quintic, y, product(gram, y), product(gram, product(gram, y)));
  }
  return y;
}

describe("Muon moves along the orthogonal factor of the momentum", () => {
  test.each([
    { shape: [3, 5], nesterov: true, scale: "spectral" }, { shape: [6, 2], nesterov: false, scale: "spectral" }, { shape: [4, 4], nesterov: true, scale: "adam" },
  ] as const)("$shape, Nesterov $nesterov, scale $scale", ({ shape, nesterov, scale }) => {
    const generator = new Generator(5);
    const draw = (): ReturnType<typeof normal> => normal(shape, { generator, dtype: "float64" });
    const x = new Variable(draw());
    const [rate, decay, kept] = [0.1, 0.2, 0.9];
    const optimizer = new Muon([x], { learningRate: rate, weightDecay: decay, momentum: kept, nesterov, scale });
    const [rows, columns] = shape;
    const factor = scale === "adam" ? 0.2 * Math.sqrt(Math.max(rows, columns)) : Math.sqrt(Math.max(1, rows / columns));

    let expected = x.value.toArray() as number[][];
    let momentum: Matrix = map(() => 0, expected);
    for (let step = 0; step < 4; step++) {
      const gradient = draw();
      optimizer.step(gradientsOf(optimizer.parameters, [gradient]));
      const g = gradient.toArray() as number[][];
      momentum = map((before, value) => kept * before + (1 - kept) * value, momentum, g);
      const update = orthogonal(nesterov ? map((mean, value) => kept * mean + (1 - kept) * value, momentum, g) : momentum);
      expected = map((value, direction) => value * (1 - rate * decay) - rate * factor * direction, expected, update);
      x.value.toTypedArray().forEach((value, position) => expect(value).toBeCloseTo(expected.flat()[position] as number, 11));
    }
  });
});

test("all directions learn about equally fast, however different their gradients", () => {
  const x = new Variable(zeros([3, 3]));
  new Muon([x], { learningRate: 1, weightDecay: 0 }).step(gradientsOf([x], [tensor([[100, 0, 0], [0, -10, 0], [0, 0, 3]])]));
  for (const position of [0, 1, 2]) expect(Math.abs((x.value.toArray() as number[][])[position]?.[position] ?? NaN)).toBeGreaterThan(0.6);
  expect(Math.max(...x.value.toTypedArray().map(Math.abs))).toBeLessThan(1.3);
  expect((x.value.toArray() as number[][]).map((row, position) => Math.sign(row[position] ?? NaN))).toEqual([-1, 1, -1]);
});

test("a gradient of zeros changes nothing", () => {
  const x = new Variable(zeros([2, 3]));
  new Muon([x]).step(gradientsOf([x], [zeros([2, 3])]));
  expect(x.value.toArray()).toEqual([[0, 0, 0], [0, 0, 0]]);
});

test("only matrices, and options in range", () => {
  const x = [new Variable(zeros([2, 2]))];
  expect(() => new Muon([...x, new Variable(zeros([2]))])).toThrowErrorMatchingInlineSnapshot(`[ShapeError: Muon: parameter 1 is [2], expected a matrix; use another optimizer for biases and other parameters that are not matrices]`);
  expect(() => new Muon(x, { momentum: 1 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Muon: momentum is 1, expected a number, at least 0 and below 1]`);
  expect(() => new Muon(x, { iterations: 0 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Muon: iterations is 0, expected a positive whole number]`);
  expect(() => new Muon(x, { scale: "none" as never })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Muon: scale is the string "none", expected "spectral" or "adam"]`);
});
