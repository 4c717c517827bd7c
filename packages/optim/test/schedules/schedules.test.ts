import { tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import {
  constantRate, cosineDecay, cosineRestarts, cyclic, exponentialDecay, linearRamp, linearWarmup, multiplicative, multiStepDecay, oneCycle,
  oneCycleMomentum, polynomialDecay, product, reduceOnPlateau, sequential, stepDecay, weightAveragingRate, type ReduceOnPlateauOptions, type Schedule,
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

describe("cosineDecay", () => {
  test("falls along half a cosine, then stays constant", () => {
    expectClose(rates(cosineDecay(1, { steps: 4, minimum: 0.2 }), 0, 2, 4, 5, 8), [1, 0.6, 0.2, 0.2, 0.2]);
  });

  test("rises again if periodic", () => {
    expectClose(rates(cosineDecay(1, { steps: 4, periodic: true }), 4, 6, 8), [0, 0.5, 1]);
  });
});

describe("linearWarmup", () => {
  test("rises to the first rate of the next schedule, which then starts", () => {
    expectClose(rates(linearWarmup(stepDecay(1, { every: 2 }), { steps: 2, from: 0.5 }), 0, 1, 2, 3, 4), [0.5, 0.75, 1, 1, 0.1]);
  });

  test("rises to a constant rate", () => {
    expectClose(rates(linearWarmup(0.4, { steps: 4 }), 0, 1, 4, 99), [0, 0.1, 0.4, 0.4]);
  });
});

describe("oneCycle", () => {
  test("rises, falls below its first rate, then stays constant", () => {
    const schedule = oneCycle(1, { steps: 10, rising: 0.3 });
    expect(schedule(0)).toBeCloseTo(1 / 25, 12);
    expect(schedule(9)).toBeCloseTo(1 / 25e4, 12);
    expect(schedule(50)).toBe(schedule(9));
    const all = Array.from({ length: 10 }, (_, step) => schedule(step));
    expect(Math.max(...all)).toBe(all[2]);
  });

  test("is finite for the shortest cycles", () => {
    for (const steps of [1, 2, 3]) expect(rates(oneCycle(1, { steps }), 0, 1, 2).every(Number.isFinite)).toBe(true);
  });
});

describe("reduceOnPlateau", () => {
  test("reduces the rate when patience runs out, but not during the cooldown", () => {
    const schedule = reduceOnPlateau(1, { patience: 1, factor: 0.5, cooldown: 1 });
    const seen = [5, 4, 4, 4, 4, 4, 4, 4].map((metric) => {
      schedule.report(metric);
      return schedule(0);
    });
    expect(seen).toEqual([1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25]);
  });

  test("a NaN loss is no improvement, not even the first one", () => {
    const schedule = reduceOnPlateau(1, { patience: 1, factor: 0.5 });
    for (const metric of [NaN, NaN]) schedule.report(metric);
    expect(schedule(0)).toBe(0.5);
    schedule.report(3);
    expect(schedule.stateDict().best).toBe(3);
  });

  test("continues from its state, through JSON", () => {
    const build = () => reduceOnPlateau(1, { patience: 2, factor: 0.1 });
    const [whole, first, second] = [build(), build(), build()];
    const metrics = [3, 2, 2, 2, 2, 1.9, 1.9, 1.9, 1.9];
    metrics.forEach(whole.report);
    metrics.slice(0, 4).forEach(first.report);
    second.loadStateDict(JSON.parse(JSON.stringify(first.stateDict())) as ReturnType<typeof first.stateDict>);
    metrics.slice(4).forEach(second.report);
    expect(second.stateDict()).toEqual(whole.stateDict());
  });
});

describe("weightAveragingRate", () => {
  // PyTorch's SWALR: r a + x (1 − a) with a = (1 − cos π t) / 2, or a = t, where t goes from 0 to 1.
  test("follows half a cosine from the rate of the other schedule to a constant rate", () => {
    const before = exponentialDecay(1, { factor: 0.5 });
    const part = (t: number): number => 0.05 * (1 - Math.cos(Math.PI * t)) / 2 + 0.25 * (1 + Math.cos(Math.PI * t)) / 2;
    expectClose(rates(weightAveragingRate(before, 0.05, { start: 2, steps: 4 }), 0, 1, 2, 3, 5, 6, 99), [1, 0.5, 0.25, part(0.25), part(0.75), 0.05, 0.05]);
  });

  test("or a straight line, also upwards", () => {
    expectClose(rates(weightAveragingRate(0.1, 0.5, { start: 1, steps: 4, shape: "linear" }), 0, 1, 2, 5, 6), [0.1, 0.1, 0.2, 0.5, 0.5]);
  });
});

test("oneCycleMomentum mirrors the rate", () => {
  const cycle = { steps: 10, rising: 0.4, shape: "linear" } as const;
  expectClose(rates(oneCycleMomentum({ ...cycle, highest: 0.9, lowest: 0.6 }), 0, 1, 3, 6, 9), [0.9, 0.8, 0.6, 0.75, 0.9]);
  expectClose(rates(oneCycleMomentum({ ...cycle, threePhases: true }), 0, 3, 6, 9), [0.95, 0.85, 0.95, 0.95]);
});

test("warm-up of zero steps, and averaging from the first step", () => {
  expect(rates(linearWarmup(exponentialDecay(1, { factor: 0.5 }), { steps: 0 }), 0, 1, 2)).toEqual([1, 0.5, 0.25]);
  expectClose(rates(weightAveragingRate(1, 0, { start: 0, steps: 2, shape: "linear" }), 0, 1, 2, 3), [1, 0.5, 0, 0]);
});

describe("reduceOnPlateau", () => {
  const after = (metrics: readonly number[], options: ReduceOnPlateauOptions): number[] => {
    const schedule = reduceOnPlateau(1, options);
    return metrics.map((metric) => {
      schedule.report(metric);
      return schedule(0);
    });
  };

  test("reduces the rate for constant negative metrics, and never takes a worse metric for the best", () => {
    expectClose(after([-1, -1, -1, -1, -1, -1, -1, -1], { patience: 2 }), [1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01]);
    expectClose(after([-1, -0.95, -0.95], { patience: 1, threshold: 0.1 }), [1, 1, 0.1]);
    expectClose(after([-1, -1.05, -1.2], { patience: 1, threshold: 0.1 }), [1, 1, 1]);
    expectClose(after([-1, -1.05, -0.95, -0.8], { mode: "max", patience: 1, threshold: 0.1 }), [1, 1, 0.1, 0.1]);
  });

  test("infinite and missing metrics are no improvement, but their opposite is", () => {
    expectClose(after([Infinity, NaN, 5, 5], { patience: 1 }), [1, 0.1, 0.1, 0.1]);
    expectClose(after([-Infinity, 7, 6, 6], { mode: "max", patience: 0, threshold: 0 }), [0.1, 0.1, 0.01, 0.001]);
    expectClose(after([-Infinity, 1, -Infinity], { patience: 0 }), [1, 0.1, 0.01]);
  });

  test("an invalid state is refused and changes nothing", () => {
    const schedule = reduceOnPlateau(1, { patience: 0 });
    schedule.report(1);
    const state = schedule.stateDict();
    for (const wrong of [null, {}, { ...state, rate: NaN }, { ...state, best: "1" }, { ...state, badReports: -1 }, { ...state, cooldownLeft: 0.5 }]) {
      expect(() => schedule.loadStateDict(wrong as never)).toThrow(/^reduceOnPlateau.loadStateDict: /);
    }
    expect(schedule.stateDict()).toEqual(state);
  });
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
