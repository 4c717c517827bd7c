import { describe, expect, test } from "vitest";
import { lossCurve, scoresOf } from "../src/tasks/class-scores.js";
import { examplesWith, goalCurve, proxy, type Goal, type ProxyView } from "../src/tasks/proxy.js";
import { costsOf, pointsWith, robustLine, type Lines } from "../src/tasks/robust-line.js";
import { uncertainty, type SpreadName, type UncertaintyView } from "../src/tasks/uncertainty.js";
import { trainedToEnd } from "./trained.js";

describe("lines by three losses", () => {
  test("lines go on from where they are", () => {
    const from: Lines = { L2: [0.5, 0], L1: [0.4, 0.1], Huber: [0.3, 0.2] };
    const { steps, lines } = robustLine({ points: pointsWith(0), from }).view();
    expect(steps).toBe(0);
    for (const name of ["L2", "L1", "Huber"] as const) expect(lines[name]).toEqual(from[name].map((value): unknown => expect.closeTo(value, 6)));
  });

  test("the costs are those of the formulas", () => {
    expect(costsOf("L2", [-3, 0, 0.5])).toEqual([9, 0, 0.25]);
    expect(costsOf("L1", [-3, 0, 0.5])).toEqual([3, 0, 0.5]);
    expect(costsOf("Huber", [-3, 0, 0.25])).toEqual([0.5 * (3 - 0.25), 0, 0.25 ** 2 / 2]);
  });
});

describe("scores of classes", () => {
  const logits = [1, 2, -0.5];
  const powers = logits.map(Math.exp);
  const total = powers.reduce((sum, power) => sum + power, 0);

  test.each([0, 1, 2])("softmax, cross-entropy and p − y for the right class %d", (target) => {
    const { probabilities, loss, gradient, next } = scoresOf(logits, target);
    const expected = powers.map((power) => power / total);
    expected.forEach((probability, at) => {
      expect(probabilities[at]).toBeCloseTo(probability, 12);
      expect(gradient[at]).toBeCloseTo(probability - Number(at === target), 12);
      expect(next[at]).toBeCloseTo((logits[at] ?? NaN) - probability + Number(at === target), 12);
    });
    expect(loss).toBeCloseTo(-Math.log(expected[target] ?? NaN), 12);
    expect(scoresOf(next, target).loss).toBeLessThan(loss);
  });

  test("the curve is −log p", () => {
    for (const [probability, loss] of lossCurve()) expect(loss).toBeCloseTo(-Math.log(probability), 10);
    expect(lossCurve().at(-1)).toEqual([1, expect.closeTo(0, 12)]);
  });
});

describe("uncertainty", () => {
  const views = new Map<SpreadName, UncertaintyView>();
  const viewOf = (spread: SpreadName): UncertaintyView => {
    const view = views.get(spread) ?? trainedToEnd(uncertainty({ spread, seed: 1 }));
    views.set(spread, view);
    return view;
  };

  test("the standard deviation follows the noise", () => {
    const { deviations, truth } = viewOf("growing");
    const [left, right] = [10, deviations.length - 11];
    for (const at of [left, right]) expect(Math.abs((deviations[at] ?? NaN) / (truth[at] ?? NaN) - 1)).toBeLessThan(0.6);
    expect(deviations[right] ?? NaN).toBeGreaterThan(2.5 * (deviations[left] ?? NaN));
  });
});

describe("a proxy", () => {
  const settings = { examples: examplesWith(1), border: -3.5 } as const;
  const viewOf = (goal: Goal): ProxyView => trainedToEnd(proxy({ ...settings, goal }));
  const fewest = (outliers: number): number => Math.min(...goalCurve(examplesWith(outliers), "errors").map(([, share]) => share));

  test("gradient descent finds the lowest cross-entropy", () => {
    const { border, values, slope } = viewOf("crossEntropy");
    const lowest = goalCurve(settings.examples, "crossEntropy").toSorted(([, one], [, other]) => one - other)[0];
    expect(border).toBeCloseTo(lowest?.[0] ?? NaN, 1);
    expect(values.crossEntropy).toBeCloseTo(lowest?.[1] ?? NaN, 4);
    expect(Math.abs(slope)).toBeLessThan(1e-3);
  });

  test("the slope is that of the curve", () => {
    const task = proxy({ ...settings, goal: "crossEntropy", border: 0.5 });
    const curve = goalCurve(settings.examples, "crossEntropy");
    const at = curve.findIndex(([border]) => Math.abs(border - 0.5) < 1e-9);
    const [[before, low] = [0, 0], , [after, high] = [0, 0]] = curve.slice(at - 1, at + 2);
    expect(task.view().slope).toBeCloseTo((high - low) / (after - before), 3);
  });

  test("an example on the wrong side costs another error, which another border would not make", () => {
    const count = settings.examples.length;
    expect(Math.round(viewOf("crossEntropy").values.errors * count)).toBe(2);
    expect(Math.round(fewest(1) * count)).toBe(1);
    expect(trainedToEnd(proxy({ ...settings, examples: examplesWith(0), goal: "crossEntropy" })).values.errors).toBe(0);
  });

  test("the share of errors is a staircase, on which nothing moves", () => {
    const { border, slope, steps, values } = viewOf("errors");
    expect([border, slope, steps]).toEqual([-3.5, 0, 1]);
    expect(values.errors).toBeGreaterThan(fewest(1));
    expect(new Set(goalCurve(settings.examples, "errors").map(([, share]) => share)).size).toBeLessThanOrEqual(settings.examples.length + 1);
  });
});
