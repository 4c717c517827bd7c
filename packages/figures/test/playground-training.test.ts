import { describe, expect, test } from "vitest";
import { sharedFrom } from "../src/tasks/playground/address.js";
import { playgroundBefore } from "../src/tasks/playground/early.js";
import { playground } from "../src/tasks/playground/playground.js";
import { consistent, firstSettings, type PlaygroundSettings } from "../src/tasks/playground/settings.js";
import { trained } from "./trained.js";

const settingsOf = (change: Partial<PlaygroundSettings>): PlaygroundSettings => consistent({ ...firstSettings, ...change });

describe("a network of the playground", () => {
  test("goes back to a state of the history, and from there takes the same steps again", () => {
    const task = playground(settingsOf({ dropout: 0.2, batchNorm: true, optimizer: "adam" }));
    const later = trained(task, 30);
    task.change?.({ type: "rewind", at: 10 });
    const back = task.view();
    expect(back.steps).toBe(10);
    expect(back.history.steps).toHaveLength(31);
    const again = trained(task, 20);
    expect(again.steps).toBe(30);
    expect(again.weights).toEqual(later.weights);
    expect(again.test).toEqual(later.test);
  });

  test("an edited weight is the one that the network has", () => {
    const task = playground(settingsOf({}));
    task.change?.({ type: "weight", map: 1, to: 1, from: 2, value: 0.75 });
    task.change?.({ type: "weight", map: 0, to: 3, from: undefined, value: -1.5 });
    const { weights, biases } = task.view();
    expect(weights[1]?.[1]?.[2]).toBe(0.75);
    expect(biases[0]?.[3]).toBe(-1.5);
  });

  test("answers a picture, while it learns too, and is saved", async () => {
    const task = playground(settingsOf({ data: "digits", layers: [3], trainShare: 20 }));
    expect([...task.view().answers, task.view().pictures.length]).toHaveLength(2);
    const pixels = Array.from({ length: 196 }, (_, at) => (at % 14 > 6 ? 1 : 0));
    const empty = task.view().answers[0];
    task.change?.({ type: "picture", pixels });
    const [before] = task.view().answers;
    expect(before).not.toBe(empty);
    task.step();
    const [after = NaN] = task.view().answers;
    expect(after).not.toBe(before);
    const source = String(await task.save?.("javascript"));
    const { predict } = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(source)}`) as { readonly predict: (row: readonly number[]) => readonly number[] };
    expect(predict(pixels)[1]).toBeCloseTo(after, 4);
    expect(await task.save?.("onnx")).toBeInstanceOf(Uint8Array);
    task.change?.({ type: "picture", pixels: [1] });
    expect(task.view().answers[0]).toBe(after);
  });

  test("is made before the figure asks for it, and once only", () => {
    const made: PlaygroundSettings[] = [];
    const counted: typeof playground = (settings) => {
      made.push(settings);
      return playground(settings);
    };
    const asked = structuredClone(sharedFrom(new URLSearchParams("layers=3&seed=7")).shared);
    const make = playgroundBefore("?layers=3&seed=7", counted);
    expect(made).toHaveLength(1);
    const first = make(asked);
    expect(made).toHaveLength(1);
    expect(first.view().weights).toEqual(playground(asked).view().weights);
    expect(make(asked)).not.toBe(first);
    expect(playgroundBefore("?layers=3", counted)(settingsOf({ layers: [5] })).view().weights[0]).toHaveLength(5);
    expect(made).toHaveLength(4);
  });
});
