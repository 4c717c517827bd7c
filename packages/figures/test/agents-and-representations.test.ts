import { Generator, tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { augmented } from "../src/tasks/augmentation.js";
import { farthest, isLost, lengthOf, longestEpisode, pushed, startOf, steepest, type CartState, type Push } from "../src/tasks/cart-pole.js";
import { contrastive } from "../src/tasks/contrastive.js";
import { deepQ } from "../src/tasks/deep-q.js";
import { Agent, bestOf } from "../src/tasks/q-network.js";
import { digitPixels, digitSide, rowsOf, smallDigits } from "../src/tasks/small-digits.js";
import type { Task } from "../src/tasks/task.js";

/** Trains for some steps. */
function trained<View>(task: Task<View>, steps: number): View {
  for (let step = 0; step < steps && !task.isDone(); step++) task.step();
  return task.view();
}

const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
/** Numbers from 0 to 1, the same every time. */
function randomNumbers(): () => number {
  let seed = 1;
  return () => (seed = (seed * 48271) % 2147483647) / 2147483647;
}

describe("the cart", () => {
  test("obeys the equations of motion", () => {
    // From rest: push / (mass of cart and pole), minus what accelerates the pole; the angular acceleration opposes the push.
    const [position, speed, angle, angularSpeed] = pushed([0, 0, 0, 0], 1);
    expect([position, angle]).toEqual([0, 0]);
    expect(speed).toBeCloseTo(0.02 * 9.756, 4);
    expect(angularSpeed).toBeCloseTo(0.02 * -14.634, 4);
    expect(pushed([0, 0, 0, 0], 0)).toEqual([0, 0, 0, 0]);
    expect(pushed([0, 0, 0, 0], -1)).toEqual(pushed([0, 0, 0, 0], 1).map((value) => 0 - value));
    expect([isLost([farthest + 0.01, 0, 0, 0]), isLost([0, 0, -steepest - 0.01, 0]), isLost([farthest, 0, steepest, 0])]).toEqual([true, true, false]);
  });

  test("falls soon when pushes come by chance, and stays up under a rule that looks at the pole", () => {
    const random = randomNumbers();
    const lengths = (act: (state: CartState) => Push): number => average(Array.from({ length: 50 }, () => lengthOf(act, startOf(random))));
    expect(lengths(() => (random() < 0.5 ? -1 : 1))).toBeLessThan(40);
    expect(lengths(([, , angle, angularSpeed]) => (angle + 0.5 * angularSpeed > 0 ? 1 : -1))).toBeGreaterThan(150);
    expect(longestEpisode).toBe(500);
  });
});

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

describe("augmentation", () => {
  test("changes nothing, adds noise, or turns and shifts as well", () => {
    const { images } = smallDigits(10, "test");
    const views = (name: "none" | "noise" | "all") => augmented(images, name, new Generator(1));
    expect(views("none").toArray()).toEqual(images.toArray());
    const change = (name: "noise" | "all"): number => Math.sqrt(views(name).sub(images).square().mean().item());
    expect(change("noise")).toBeCloseTo(0.2, 2);
    expect(change("all")).toBeGreaterThan(0.2);
    // A turned and shifted dot is still one dot, somewhere near.
    const dot = tensor([Array.from({ length: digitPixels }, (_, at) => Number(at === 6 * digitSide + 7))]);
    const moved = rowsOf(augmented(dot, "all", new Generator(2)))[0] ?? [];
    const at = moved.indexOf(Math.max(...moved));
    expect(Math.hypot(Math.floor(at / digitSide) - 6, (at % digitSide) - 7)).toBeLessThan(5);
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
