import { Generator, sigmoid, softmax, tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { picturePixels } from "../src/tasks/playground/choices.js";
import { dataOf } from "../src/tasks/playground/examples.js";
import { networkOf } from "../src/tasks/playground/network.js";
import { classCount, consistent, firstSettings, gridSide, inputCount, inputKind, range, type PlaygroundSettings } from "../src/tasks/playground/settings.js";
import { ownDataOf, readTable } from "../src/tasks/playground/table.js";
import { trainedModuleOf } from "../src/tasks/playground/trained-module.js";
import { cases } from "./playground-cases.js";

interface TrainedModule {
  readonly predict: (row: readonly number[]) => readonly number[];
  readonly classes?: readonly string[];
}

/** A network that has seen its examples once, as a module, and its answers over the grid or for a picture: probabilities, or values. */
async function saved(settings: PlaygroundSettings, picture?: readonly number[]): Promise<{ readonly answers: readonly (readonly number[])[]; readonly source: string; readonly module: TrainedModule }> {
  const { model } = networkOf(settings, new Generator(3));
  const { train, probes } = dataOf(settings);
  // Batch normalisation gets its running statistics.
  model.forward(train.tensors[0]);
  model.eval();
  const outputs = model.forward(picture === undefined ? probes : tensor([[...picture]]));
  const classes = classCount(settings);
  const answers = (classes === 0 ? outputs : classes === 2 ? sigmoid(outputs) : softmax(outputs, 1)).toArray() as number[][];
  const source = trainedModuleOf(settings, model);
  const module = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(source)}`) as TrainedModule;
  return { answers: classes === 2 ? answers.map(([second = NaN]) => [1 - second, second]) : answers, source, module };
}

function expectClose(answer: readonly number[], expected: readonly number[] | undefined, digits = 4): void {
  expect(answer).toHaveLength(expected?.length ?? NaN);
  answer.forEach((value, at) => expect(value).toBeCloseTo(expected?.[at] ?? NaN, digits));
}

/** Some points of the grid: their numbers, and their coordinates. */
const points = Array.from({ length: 40 }, (_, at) => {
  const point = (at * 677) % gridSide ** 2;
  const along = (index: number): number => range[0] + ((range[1] - range[0]) * index) / (gridSide - 1);
  return { point, x1: along(point % gridSide), x2: along(Math.floor(point / gridSide)) };
});

const all = cases.map(([name, change]) => [name, consistent({ ...firstSettings, ...change })] as const);
const ofKind = (arePictures: boolean) => all.filter(([, settings]) => (inputKind(settings) === "pictures") === arePictures);

describe("a trained network that is saved as a module", () => {
  test.each(ofKind(false))("answers as in the playground: %s", async (_, settings) => {
    const { answers, source, module: { predict, classes } } = await saved(settings);
    // Columns are scaled from their own numbers, here 0 to 1, to −5 … 5; other columns than the first two are in the middle of their range.
    const columns = settings.own?.columns;
    const rowOf = (x1: number, x2: number): readonly number[] => (columns === undefined ? [x1, x2] : [(x1 + 5) / 10, (x2 + 5) / 10, ...Array.from({ length: inputCount(settings) - 2 }, () => 0.5)]);
    for (const { point, x1, x2 } of points) expectClose(predict(rowOf(x1, x2)), answers[point]);
    expect(classes?.length).toBe(classCount(settings) === 0 ? undefined : classCount(settings));
    expect(source.length).toBeLessThan(6000);
  });

  test.each(ofKind(true))("answers pictures: %s", async (_, settings) => {
    const pixels = Array.from({ length: picturePixels }, (__, at) => ((at * at + 5) % 7) / 6);
    const { answers, source, module: { predict, classes } } = await saved(settings, pixels);
    expectClose(predict(pixels), answers[0]);
    expect(classes).toHaveLength(classCount(settings));
    expect(source.length).toBeLessThan(30_000);
  });

  test("takes and gives the numbers of a table", async () => {
    const own = ownDataOf(await readTable("width,height,price\n1,10,100\n2,30,150\n3,20,200\n4,40,300\n5,50,280\n2,25,170\n"), { inputs: ["width", "height"], target: "price" });
    const { answers, module: { predict } } = await saved(consistent({ ...firstSettings, problem: "regression", data: "table", own }));
    for (const { point, x1, x2 } of points) expectClose(predict([1 + ((x1 + 5) / 10) * 4, 10 + ((x2 + 5) / 10) * 40]), answers[point]?.map((value) => 100 + ((value + 1) / 2) * 200), 1);
    expect(() => predict([1])).toThrow("predict: expected a row of 2 finite numbers");
  });

  test("says what a row is, whatever its columns are called", async () => {
    const own = { inputs: [[-5, 5], [5, -5], [1, 1], [0, 0]], targets: [0, 1, 0, 1], columns: ['a"b', "c\u2028globalThis.broken = true;\u2029d"].map((name) => ({ name, low: 0, high: 1 })), classNames: ["x\u2028y", "z"] };
    const { source, module: { classes } } = await saved(consistent({ ...firstSettings, data: "table", own }));
    expect(source).toContain('the numbers of "a\\"b", "c\\u2028globalThis');
    expect(classes).toEqual(["x\u2028y", "z"]);
    expect(globalThis).not.toHaveProperty("broken");
  });
});
