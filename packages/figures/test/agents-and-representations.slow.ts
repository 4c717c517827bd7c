import { describe, expect, test } from "vitest";
import { lengthOf, startOf } from "../src/tasks/cart-pole.js";
import { contrastive } from "../src/tasks/contrastive.js";
import { deepQ } from "../src/tasks/deep-q.js";
import { Agent, bestOf } from "../src/tasks/q-network.js";
import { average, randomNumbers, trained } from "./trained.js";

describe("a deep Q network", () => {
  const fresh = { discount: 0.99, replay: true, seed: 4 } as const;

  test("learns to keep the pole up, in the page as in the worker", () => {
    const { episodes, exploration, epsilon, parameters, trial, steps } = trained(deepQ(fresh), 3000);
    expect(episodes.length).toBe(exploration.length);
    expect(episodes.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(steps);
    expect([exploration[0] ?? NaN, epsilon]).toEqual([expect.closeTo(1, 1), 0.02]);
    expect(average(episodes.slice(0, 10))).toBeLessThan(45);
    const agent = new Agent();
    agent.load(parameters);
    const random = randomNumbers();
    const played = average(Array.from({ length: 10 }, () => lengthOf((state) => bestOf(agent.valuesOf(state)), startOf(random))));
    expect(played).toBeGreaterThan(100);
    expect(trial).toBeGreaterThan(100);
    // With a discount of 0.99, no sum of rewards is larger than 100.
    for (const value of agent.valuesOf([0, 0, 0, 0])) expect(value > 5 && value < 105).toBe(true);
  });

  test("learns nothing about falls that come later, if later rewards do not count", () => {
    const { trial, parameters } = trained(deepQ({ ...fresh, discount: 0 }), 2000);
    expect(trial).toBeLessThan(70);
    const agent = new Agent();
    agent.load(parameters);
    for (const value of agent.valuesOf([0, 0, 0, 0])) expect(value).toBeCloseTo(1, 0);
  });
});

describe("contrastive learning", () => {
  test("finds features, without labels, from which a few labels suffice", () => {
    const { probe, pixels, probes, alike, alikeByPixels, labels, nearest, agreement } = trained(contrastive({ augmentation: "all", temperature: 0.5 }), 300);
    expect(probes.map(([step]) => step)).toEqual([0, 50, 100, 150, 200, 250, 300]);
    expect(probe).toBeGreaterThan((probes[0]?.[1] ?? NaN) + 0.2);
    expect(probe).toBeGreaterThan(pixels + 0.05);
    expect(alike).toBeGreaterThan(alikeByPixels + 0.1);
    expect(agreement).toBeGreaterThan(0.5);
    // No digit is its own neighbour.
    expect(nearest.length).toBe(labels.length);
    nearest.forEach((others, at) => expect(others.includes(at)).toBe(false));
  });

  test("gains nothing over pixels if the views differ by noise only", () => {
    const { probe, pixels } = trained(contrastive({ augmentation: "noise", temperature: 0.5 }), 300);
    expect(probe).toBeLessThan(pixels + 0.02);
  });
});
