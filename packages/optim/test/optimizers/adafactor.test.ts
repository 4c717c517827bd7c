import { Generator, gradientsOf, normal, tensor, Variable, zeros } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { Adafactor } from "../../src/index.js";

interface Settings {
  readonly rate: number;
  readonly decay: number;
}

/** The algorithm in plain numbers, for stacked matrices or a vector, formula by formula as in PyTorch's documentation. */
class Reference {
  readonly #rows: number[];
  readonly #columns: number[];
  readonly #moment: number[];
  #t = 0;

  constructor(readonly x: number[], readonly shape: readonly number[], readonly settings: Settings) {
    const [m = 1, n = 1] = shape.slice(-2);
    this.#rows = Array.from({ length: x.length / n }, () => 0);
    this.#columns = Array.from({ length: x.length / m }, () => 0);
    this.#moment = x.map(() => 0);
  }

  step(g: readonly number[]): void {
    const { rate, decay } = this.settings;
    this.#t += 1;
    const entering = this.#t ** -0.8;
    const size = Math.max(1e-3, Math.hypot(...this.x) / Math.sqrt(this.x.length));
    const alpha = size * Math.min(rate, 1 / Math.sqrt(this.#t));
    const update = this.#variance(g, entering).map((variance, at) => (g[at] ?? 0) / Math.max(Math.sqrt(variance), 2 ** -52));
    const excess = Math.max(1, Math.hypot(...update) / Math.sqrt(update.length));
    for (const [at, value] of this.x.entries()) this.x[at] = value * (1 - rate * decay) - (alpha * (update[at] ?? 0)) / excess;
  }

  #variance(g: readonly number[], entering: number): number[] {
    const towards = (list: number[], at: number, value: number): void => { list[at] = (1 - entering) * (list[at] ?? 0) + entering * value; };
    if (this.shape.length < 2) {
      g.forEach((value, at) => towards(this.#moment, at, value ** 2));
      return this.#moment;
    }
    const [m = 1, n = 1] = this.shape.slice(-2);
    const square = (matrix: number, row: number, column: number): number => (g[(matrix * m + row) * n + column] ?? 0) ** 2;
    const range = (length: number): number[] => Array.from({ length }, (_, at) => at);
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    for (const matrix of range(g.length / m / n)) {
      for (const row of range(m)) towards(this.#rows, matrix * m + row, mean(range(n).map((column) => square(matrix, row, column))));
      for (const column of range(n)) towards(this.#columns, matrix * n + column, mean(range(m).map((row) => square(matrix, row, column))));
    }
    return g.map((_, at) => {
      const [matrix, row, column] = [Math.floor(at / m / n), Math.floor(at / n), at % n];
      return ((this.#rows[row] ?? 0) * (this.#columns[matrix * n + column] ?? 0)) / mean(this.#rows.slice(matrix * m, (matrix + 1) * m));
    });
  }
}

describe("Adafactor follows its formulas", () => {
  test.each([{ shape: [5] }, { shape: [3, 4] }, { shape: [2, 3, 2] }])("for a parameter $shape", ({ shape }) => {
    const generator = new Generator(8);
    const draw = (): ReturnType<typeof normal> => normal(shape, { generator, dtype: "float64" });
    const x = new Variable(draw());
    const settings = { rate: 0.4, decay: 0.1 };
    const reference = new Reference([...x.value.toTypedArray()], shape, settings);
    const optimizer = new Adafactor([x], { learningRate: settings.rate, weightDecay: settings.decay });
    for (let step = 0; step < 8; step++) {
      const gradient = draw();
      optimizer.step(gradientsOf(optimizer.parameters, [gradient]));
      reference.step([...gradient.toTypedArray()]);
      x.value.toTypedArray().forEach((value, at) => expect(value).toBeCloseTo(reference.x[at] as number, 11));
    }
  });
});

test("the state of a matrix is a row and a column; the state of a vector is full", () => {
  const optimizer = new Adafactor([new Variable(zeros([30, 20])), new Variable(zeros([20]))]);
  expect(Object.entries(optimizer.stateDict().tensors).map(([name, { shape }]) => [name, shape])).toEqual([
    ["0.rows", [30, 1]], ["0.columns", [1, 20]], ["1.secondMoment", [20]],
  ]);
});

test("a gradient of zeros changes nothing", () => {
  const x = new Variable(tensor([[1, 2], [3, 4]]));
  new Adafactor([x]).step(gradientsOf([x], [zeros([2, 2])]));
  expect(x.value.toArray()).toEqual([[1, 2], [3, 4]]);
});

test("options out of range", () => {
  const x = [new Variable(tensor([1]))];
  expect(() => new Adafactor(x, { decayPower: 0.8 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Adafactor: decayPower is 0.8, expected a finite number, at most 0]`);
  expect(() => new Adafactor(x, { threshold: 0.5 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Adafactor: threshold is 0.5, expected a finite number, at least 1]`);
  expect(() => new Adafactor(x, { epsilon: -1 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Adafactor: epsilon is -1, expected a finite number, at least 0]`);
});
