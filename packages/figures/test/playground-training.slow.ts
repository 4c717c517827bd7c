import { describe, expect, test } from "vitest";
import { dataSets } from "../src/tasks/playground/choices.js";
import { playground, type PlaygroundView } from "../src/tasks/playground/playground.js";
import { consistent, firstSettings, type PlaygroundSettings } from "../src/tasks/playground/settings.js";
import { ownDataOf, readTable } from "../src/tasks/playground/table.js";
import { trained } from "./trained.js";

const settingsOf = (change: Partial<PlaygroundSettings>): PlaygroundSettings => consistent({ ...firstSettings, ...change });

/** A network after some steps. */
function after(change: Partial<PlaygroundSettings>, steps: number): PlaygroundView {
  const task = playground(settingsOf(change));
  const view = trained(task, steps);
  task.dispose?.();
  return view;
}

describe("a network of the playground", () => {
  test("learns the circle as TensorFlow Playground begins: 4 and 2 units of tanh, SGD with a rate of 0.03", () => {
    const view = after({}, 4000);
    expect(view.test.loss).toBeLessThan(0.05);
    expect(view.test.accuracy).toBeGreaterThan(0.98);
  });

  test.each([
    [{ data: "xor" }, 2000], [{ data: "gauss", classes: 5, layers: [8] }, 800],
  ] as const)("learns %o", (change, steps) => {
    const view = after({ ...change, optimizer: "adam", learningRate: 0.03 }, steps);
    expect(view.test.accuracy).toBeGreaterThan(0.9);
  });

  test("learns the spiral with sines", () => {
    const view = after({ data: "spiral", features: ["x1", "x2", "sinx1", "sinx2"], layers: [8, 6], activation: "relu", optimizer: "adam", learningRate: 0.01 }, 2500);
    expect(view.test.accuracy).toBeGreaterThan(0.9);
  });

  test.each(["plane", "bumps"] as const)("learns the values of the %s", (data) => {
    const view = after({ problem: "regression", data, layers: [8, 8], optimizer: "adam", learningRate: 0.02 }, 1500);
    expect(view.test.loss).toBeLessThan(0.03);
    expect(view.test.accuracy).toBeUndefined();
  });

  test("without hidden layers it cannot learn the circle, but can with squares as features", () => {
    expect(after({ layers: [] }, 1000).test.accuracy).toBeLessThan(0.75);
    expect(after({ layers: [], features: ["x1x1", "x2x2"] }, 1000).test.accuracy).toBeGreaterThan(0.95);
  });

  test("goes on with its weights under another optimizer, and takes a rate without a stop", () => {
    const task = playground(settingsOf({}));
    const { weights } = trained(task, 20);
    task.change?.({ type: "settings", settings: settingsOf({ optimizer: "adam", learningRate: 0.5 }) });
    expect(task.view()).toMatchObject({ steps: 20, weights, learningRate: 0.5 });
    task.step();
    task.change?.({ type: "settings", settings: settingsOf({ optimizer: "adam", learningRate: 0.25 }) });
    expect(task.view()).toMatchObject({ steps: 21, learningRate: 0.25 });
  });

  test("L1 makes weights small", () => {
    const size = ({ weights }: PlaygroundView): number => weights.flat(2).reduce((sum, weight) => sum + Math.abs(weight), 0);
    expect(size(after({ penalty: "l1", penaltyRate: 0.03 }, 1000))).toBeLessThan(size(after({}, 1000)) / 2);
  });

  test("says when units are dead, and when the loss is no number any more", () => {
    const dead = after({ activation: "relu", learningRate: 10, layers: [8] }, 300);
    expect(dead.dead.flat().filter(Boolean).length).toBeGreaterThan(0);
    const task = playground(settingsOf({ problem: "regression", data: "plane", activation: "linear", learningRate: 10 }));
    expect(trained(task, 200).diverged).toBe(true);
    expect(task.isDone()).toBe(true);
  });

  test.each(["circle", "bumps"] as const)("%s has maps of all units and features", (data) => {
    const view = after({ data, problem: dataSets[data].problem }, 1);
    expect(view.units.map(({ length }) => length)).toEqual([4 * 2500, 2 * 2500]);
    expect(Object.values(view.featureMaps).map(({ length }) => length)).toEqual(Array.from({ length: 7 }, () => 2500));
    expect([...view.drawn.train.x, ...view.drawn.test.x]).toHaveLength(500);
  });

  test("learns all columns of a table", async () => {
    const own = ownDataOf(await readTable("length,width,kind,price\n1,2,a,10\n3,4,b,20\n5,9,a,30\n7,8,b,45\n2,3,c,50\n1,1,c,77\n"), { inputs: ["length", "width", "price"], target: "kind" });
    const view = after({ data: "table", own, features: [], optimizer: "adam" }, 50);
    expect(Object.keys(view.featureMaps)).toEqual(["c0", "c1", "c2"]);
    expect(view.weights[0]?.[0]).toHaveLength(3);
    expect(view.train.loss).toBeLessThan(1.1);
  });
});
