import { tensor, Variable, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { ExponentialMovingAverage, ParameterAverage, StochasticWeightAverage } from "../../src/index.js";

const variable = (...values: number[]): Variable => new Variable(tensor(values, { dtype: "float64" }));
const numbers = (values: readonly Tensor[]): number[] => values.flatMap((value) => [...value.toTypedArray()]);

/** Assigns values to a variable one after the other, updates after each, and returns the average after each update. */
function averages(average: ParameterAverage, x: Variable, values: readonly number[]): number[] {
  return values.map((value) => {
    x.value = tensor([value], { dtype: "float64" });
    average.update();
    return numbers(average.values)[0] ?? NaN;
  });
}

describe("averages", () => {
  test("exponential: starts from the parameters at the first update", () => {
    const x = variable(100);
    const [a, b, c] = averages(new ExponentialMovingAverage([x], { decay: 0.9 }), x, [1, 2, -3]);
    expect(a).toBe(1);
    expect(b).toBeCloseTo(0.9 + 0.2, 14);
    expect(c).toBeCloseTo(0.9 * 1.1 - 0.3, 14);
  });

  test("exponential with an increasing decay", () => {
    const x = variable(0);
    const decay = (updates: number): number => Math.min(0.999, (1 + updates) / (10 + updates));
    const [, b, c] = averages(new ExponentialMovingAverage([x], { decay }), x, [1, 2, 3]);
    expect(b).toBeCloseTo((2 / 11) * 1 + (9 / 11) * 2, 14);
    expect(c).toBeCloseTo((3 / 12) * (b ?? NaN) + (9 / 12) * 3, 14);
  });

  test("stochastic weight averaging: the mean of all updates", () => {
    const x = variable(100);
    const got = averages(new StochasticWeightAverage([x]), x, [1, 2, 6, -1]);
    [1, 1.5, 3, 2].forEach((want, at) => expect(got[at]).toBeCloseTo(want, 14));
  });

  test("copy variables that are not floating-point", () => {
    const count = new Variable(tensor([1, 2], { dtype: "int32" }));
    const average = new StochasticWeightAverage([variable(1), count]);
    average.update();
    count.value = tensor([5, 6], { dtype: "int32" });
    average.update();
    expect(average.values[1]?.toArray()).toEqual([5, 6]);
  });
});

describe("swapping averages into the variables", () => {
  test("swap moves them in and back", () => {
    const [x, y] = [variable(1, 2), variable(3)];
    const average = new StochasticWeightAverage([x, y]);
    average.update();
    [x.value, y.value] = [tensor([7, 8], { dtype: "float64" }), tensor([9], { dtype: "float64" })];
    average.swap();
    expect(numbers([x.value, y.value])).toEqual([1, 2, 3]);
    average.swap();
    expect(numbers([x.value, y.value])).toEqual([7, 8, 9]);
    expect(numbers(average.values)).toEqual([1, 2, 3]);
  });

  test("applied restores the values when the function returns or throws", () => {
    const x = variable(1);
    const average = new StochasticWeightAverage([x]);
    average.update();
    x.value = tensor([5], { dtype: "float64" });
    expect(average.applied(() => x.value.item())).toBe(1);
    expect(() => average.applied(() => { throw new RangeError("no"); })).toThrow("no");
    expect(() => average.applied(() => Promise.resolve(1))).toThrowErrorMatchingInlineSnapshot(`[UsageError: StochasticWeightAverage.applied: the function is asynchronous, expected a synchronous one; the values are restored when it returns, so call swap() before and after it instead]`);
    expect(x.value.item()).toBe(5);
  });
});

describe("state dictionaries", () => {
  test("let another average continue with the same values", () => {
    const [x, y] = [variable(0), variable(0)];
    const [first, second] = [new ExponentialMovingAverage([x], { decay: 0.7 }), new ExponentialMovingAverage([y], { decay: 0.7 })];
    averages(first, x, [1, 5, 2]);
    second.loadStateDict(first.stateDict());
    expect(averages(second, y, [4, -1])).toEqual(averages(first, x, [4, -1]));
    expect(second.stateDict()).toEqual(first.stateDict());
  });

  test("that do not fit are refused and change nothing", () => {
    const average = new StochasticWeightAverage([variable(1, 2)]);
    const saved = average.stateDict();
    expect(() => average.loadStateDict(new StochasticWeightAverage([variable(1), variable(2)]).stateDict())).toThrowErrorMatchingInlineSnapshot(`
      [UsageError: StochasticWeightAverage.loadStateDict: the state dictionary does not fit
        unexpected: 1
        wrong type: 0 (float64 [1]), expected float64 [2]]
    `);
    expect(average.stateDict()).toEqual(saved);
  });
});

test("arguments out of range", () => {
  expect(() => new StochasticWeightAverage([])).toThrowErrorMatchingInlineSnapshot(`[UsageError: StochasticWeightAverage: got an empty list, expected at least one parameter]`);
  expect(() => new ExponentialMovingAverage([variable(1)], { decay: 1.5 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: ExponentialMovingAverage: decay is 1.5, expected a number, at least 0 and below 1]`);
  const bad = new ParameterAverage([variable(1)], () => 2);
  bad.update();
  expect(() => bad.update()).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: ParameterAverage: the fraction of update 1 is 2, expected 0 to 1]`);
  const decay = new ExponentialMovingAverage([variable(1)], { decay: () => NaN });
  decay.update();
  expect(() => decay.update()).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: ExponentialMovingAverage.update: decay of step 1 is NaN, expected a number, at least 0 and below 1]`);
});
