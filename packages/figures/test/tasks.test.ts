import { describe, expect, test } from "vitest";
import { activationNames, curvesOf } from "../src/tasks/deep-network.js";
import { descent } from "../src/tasks/descent.js";
import { gateNames, gates } from "../src/tasks/gates.js";
import { answeredRight, lastRound, perceptron } from "../src/tasks/perceptron.js";
import { twoLayers } from "../src/tasks/two-layers.js";
import { trainedToEnd } from "./trained.js";

describe("a perceptron", () => {
  test.each(["AND", "OR", "NAND"] as const)("learns %s", (gate) => {
    const { right, rounds, weights } = trainedToEnd(perceptron({ gate, weights: [0, 0, 0] }));
    expect(right).toEqual([true, true, true, true]);
    expect(rounds).toBeLessThan(10);
    // The same by hand.
    expect([[0, 0], [0, 1], [1, 0], [1, 1]].map(([x = 0, y = 0]) => Number(weights[0] + weights[1] * x + weights[2] * y > 0))).toEqual(gates[gate]);
  });

  test("never learns XOR", () => {
    const { right, rounds } = trainedToEnd(perceptron({ gate: "XOR", weights: [-0.5, 1, -0.6] }));
    expect(rounds).toBe(lastRound);
    expect(right.filter(Boolean).length).toBeLessThan(4);
  });

  test("begins with the weights that it is given, and changes them only for wrong answers", () => {
    const task = perceptron({ gate: "AND", weights: [-1.5, 1, 1] });
    expect(task.isDone()).toBe(true);
    task.step();
    expect(task.view()).toMatchObject({ weights: [-1.5, 1, 1], corrected: false, example: 0 });
    expect(answeredRight("OR", [-1.5, 1, 1])).toEqual([true, false, false, true]);
  });
});

describe("two layers", () => {
  const settings = { layers: 2, seed: 7, learningRate: 0.1 } as const;

  test.each(gateNames)("learn %s", (gate) => {
    const { loss, right, answers, hidden } = trainedToEnd(twoLayers({ ...settings, gate }));
    expect(right).toEqual([true, true, true, true]);
    expect(loss).toBeLessThan(0.01);
    expect(Math.max(...answers) <= 1 && Math.min(...answers) >= 0).toBe(true);
    // After the hidden layer one line divides the points.
    const [bias, first, second] = hidden?.output ?? [NaN, NaN, NaN];
    expect(hidden?.corners.map(([x, y]) => Number(bias + first * x + second * y > 0))).toEqual(gates[gate]);
  });

  test("one layer does no better than a half for XOR", () => {
    const { loss, right, hidden } = trainedToEnd(twoLayers({ ...settings, gate: "XOR", layers: 1 }));
    expect(loss).toBeCloseTo(Math.LN2, 3);
    expect(right.filter(Boolean).length).toBeLessThan(4);
    expect(hidden).toBeUndefined();
  });
});

describe("gradient descent", () => {
  test.each([["bowl", 0.3, "arrived"], ["bowl", 0.01, "slow"], ["bowl", 1.05, "diverged"], ["valleys", 0.08, "arrived"], ["valleys", 0.6, "diverged"], ["valleys", 0.002, "slow"]] as const)("on %s with %d: %s", (landscape, learningRate, ending) => {
    expect(trainedToEnd(descent({ landscape, start: 2, learningRate })).ending).toBe(ending);
  });

  test("the tangent's promise is α f′², and the fall of x² is known", () => {
    const task = descent({ landscape: "bowl", start: 2, learningRate: 0.3 });
    task.step();
    const { path, fall } = task.view();
    expect(path.map(({ x }) => x)).toEqual([2, 2 - 0.3 * 4]);
    expect(fall?.promised).toBeCloseTo(0.3 * 16, 12);
    expect(fall?.real).toBeCloseTo(4 - 0.8 ** 2, 12);
  });

  test("two starts find two valleys", () => {
    const end = (start: number): number => trainedToEnd(descent({ landscape: "valleys", start, learningRate: 0.08 })).path.at(-1)?.x ?? NaN;
    expect([end(2) > 1, end(-2) < -1]).toEqual([true, true]);
  });
});

describe("a deep network", () => {
  test.each(activationNames)("the slope of %s is that of its curve", (activation) => {
    const curve = curvesOf(activation);
    for (const at of [20, 60, 90, 140]) {
      const [[before, low] = [0, 0], , [after, high] = [0, 0]] = curve.slice(at - 1, at + 2);
      expect(curve[at]?.[2]).toBeCloseTo((high - low) / (after - before), 2);
    }
  });
});
