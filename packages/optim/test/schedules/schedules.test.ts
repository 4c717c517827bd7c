import { tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import {
  constantRate, cosineDecay, cosineRestarts, cyclic, exponentialDecay, linearRamp, linearWarmup, multiplicative, multiStepDecay, oneCycle, oneCycleMomentum, polynomialDecay, product, reduceOnPlateau, sequential, stepDecay, weightAveragingRate, type Schedule,
} from "../../src/index.js";

const rates = (schedule: Schedule, ...steps: number[]): number[] => steps.map(schedule);
function expectClose(found: readonly number[], wanted: readonly number[]): void {
  expect(found).toHaveLength(wanted.length);
  found.forEach((value, at) => expect(value).toBeCloseTo(wanted[at] as number, 12));
}

test("constantRate", () => expect(rates(constantRate(0.1), 0, 1000)).toEqual([0.1, 0.1]));

test("stepDecay", () => expectClose(rates(stepDecay(1, { every: 3 }), 0, 2, 3, 5, 6), [1, 1, 0.1, 0.1, 0.01]));

test("multiStepDecay", () => expectClose(rates(multiStepDecay(1, { milestones: [5, 2], factor: 0.5 }), 0, 1, 2, 4, 5, 9), [1, 1, 0.5, 0.5, 0.25, 0.25]));

test("exponentialDecay", () => expectClose(rates(exponentialDecay(2, { factor: 0.5 }), 0, 1, 3), [2, 1, 0.25]));

test("linearRamp", () => expectClose(rates(linearRamp(1, 3, { steps: 4 }), 0, 1, 4, 9), [1, 1.5, 3, 3]));

test("polynomialDecay", () => expectClose(rates(polynomialDecay(4, { steps: 4, power: 2 }), 0, 2, 4, 9), [4, 1, 0, 0]));

test("product", () => expectClose(rates(product(2, linearRamp(0, 1, { steps: 2 })), 0, 1, 2), [0, 1, 2]));

test("cyclic", () => {
  expectClose(rates(cyclic(1, 3, { rising: 2, falling: 1, cycleFactor: 0.5 }), 0, 1, 2, 3, 5), [1, 2, 3, 1, 2]);
  expectClose(rates(cyclic(0, 1, { rising: 1, stepFactor: 0.5 }), 0, 1, 2, 3), [0, 0.5, 0, 0.125]);
});

test("cosineRestarts", () => {
  expectClose(rates(cosineRestarts(1, { period: 2 }), 0, 1, 2, 3, 5), [1, 0.5, 1, 0.5, 0.5]);
  expectClose(rates(cosineRestarts(1, { period: 2, growth: 2, minimum: 0.5 }), 0, 1, 2, 4, 6, 10, 14), [1, 0.75, 1, 0.75, 1, 0.75, 1]);
});

test("multiplicative, evaluated in any order", () => {
  const schedule = multiplicative(1, (step) => 1 / step);
  expectClose(rates(schedule, 0, 3, 3, 1, 4), [1, 1 / 6, 1 / 6, 1, 1 / 24]);
});

test("sequential", () => {
  expectClose(rates(sequential([0.1, linearRamp(1, 2, { steps: 2 }), (step) => step], { milestones: [2, 4] }), 0, 1, 2, 3, 4, 7), [0.1, 0.1, 1, 1.5, 0, 3]);
});

test("warm-up of zero steps, and averaging from the first step", () => {
  expect(rates(linearWarmup(exponentialDecay(1, { factor: 0.5 }), { steps: 0 }), 0, 1, 2)).toEqual([1, 0.5, 0.25]);
  expectClose(rates(weightAveragingRate(1, 0, { start: 0, steps: 2, shape: "linear" }), 0, 1, 2, 3), [1, 0.5, 0, 0]);
});

test("unknown options, and missing required options", () => {
  const refused: readonly (() => unknown)[] = [
    () => reduceOnPlateau(1, { mode: "minimum" as never }), () => oneCycle(1, { steps: 3, shape: "lin" as never }), () => oneCycle(1, { steps: 3, pctStart: 0.3 } as never),
    () => cosineDecay(1, undefined as never), () => stepDecay(1, null as never), () => stepDecay(1, 30 as never), () => stepDecay("1" as never, { every: 3 }),
    () => exponentialDecay(1, {} as never), () => multiStepDecay(1, { milestones: ["3"] as never }), () => sequential([1, "2" as never], { milestones: [3] }),
    () => product(1, undefined as never), () => multiplicative(1, 0.5 as never), () => constantRate(undefined as never), () => cyclic(0, 1, { rising: "3" as never }),
    () => weightAveragingRate(undefined as never, 1, { start: 1 }), () => oneCycleMomentum({ steps: 3, initialDivisor: 2 } as never),
  ];
  const messages = refused.map((call) => {
    try {
      return String(call());
    } catch (error) {
      return String(error);
    }
  });
  expect(messages).toMatchInlineSnapshot(`
    [
      "ArgumentError: reduceOnPlateau: mode is the string "minimum", expected "min" or "max"; did you mean "min"?",
      "ArgumentError: oneCycle: shape is the string "lin", expected "cosine" or "linear"; did you mean "linear"?",
      "ArgumentError: oneCycle: there is no option "pctStart"; its options are steps, rising, initialDivisor, finalDivisor, shape, threePhases",
      "ArgumentError: cosineDecay: steps is undefined, expected a positive whole number",
      "ArgumentError: stepDecay: the options are null, expected an object such as { every: …, factor: … }",
      "ArgumentError: stepDecay: the options are 30, expected an object such as { every: …, factor: … }",
      "ArgumentError: stepDecay: rate is the string "1", expected a number, at least 0",
      "ArgumentError: exponentialDecay: factor is undefined, expected a number, at least 0",
      "ArgumentError: multiStepDecay: milestones[0] is the string "3", expected a number, at least 0",
      "ArgumentError: sequential: schedule 1 is the string "2", expected a finite number, at least 0, or a schedule",
      "ArgumentError: product: schedule 1 is undefined, expected a finite number, at least 0, or a schedule",
      "ArgumentError: multiplicative: factor is 0.5, expected a function",
      "ArgumentError: constantRate: rate is undefined, expected a number, at least 0",
      "ArgumentError: cyclic: rising is the string "3", expected a positive whole number",
      "ArgumentError: weightAveragingRate: before is undefined, expected a finite number, at least 0, or a schedule",
      "ArgumentError: oneCycleMomentum: there is no option "initialDivisor"; its options are steps, rising, shape, threePhases, highest, lowest",
    ]
  `);
});

test("arguments out of range", () => {
  expect(() => stepDecay(1, { every: 0 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: stepDecay: every is 0, expected a positive whole number]`);
  expect(() => cosineDecay(-1, { steps: 3 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: cosineDecay: rate is -1, expected a number, at least 0]`);
  expect(() => oneCycle(1, { steps: 3, rising: 2 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: oneCycle: rising is 2, expected a number from 0 to 1]`);
  expect(() => oneCycleMomentum({ steps: 3, lowest: 0 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: oneCycleMomentum: lowest is 0, expected a number above 0 and below 1]`);
  expect(() => weightAveragingRate(1, 0.1, { start: -1 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: weightAveragingRate: start is -1, expected a whole number, at least 0]`);
  expect(() => reduceOnPlateau(1).report(tensor(0.5) as never)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: reduceOnPlateau: the metric is a Tensor, expected a number; read a tensor with .item()]`);
  expect(() => reduceOnPlateau(1, { factor: 1 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: reduceOnPlateau: factor is 1, expected below 1]`);
  expect(() => sequential([1, 2], { milestones: [] })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: sequential: 2 schedules and 0 milestones, expected one milestone less than schedules]`);
  expect(() => sequential([1, 2, 3], { milestones: [5, 5] })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: sequential: milestones are 5, 5, expected positive numbers that rise]`);
  expect(() => cosineRestarts(1, { period: 2, growth: 1.5 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: cosineRestarts: growth is 1.5, expected a positive whole number]`);
  expect(() => linearWarmup(1, { steps: 2.5 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: linearWarmup: steps is 2.5, expected a whole number, at least 0]`);
});
