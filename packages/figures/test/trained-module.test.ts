import { describe, expect, test } from "vitest";
import { picturePixels } from "../src/tasks/playground/choices.js";
import { playground, type PlaygroundView } from "../src/tasks/playground/playground.js";
import { classCount, consistent, firstSettings, gridSide, inputCount, inputKind, range, type PlaygroundSettings } from "../src/tasks/playground/settings.js";
import { ownDataOf, readTable } from "../src/tasks/playground/table.js";
import { cases } from "./playground-cases.js";

interface TrainedModule {
  readonly predict: (row: readonly number[]) => readonly number[];
  readonly classes?: readonly string[];
}

/** A network after some steps, and the module that is saved of it. */
async function saved(settings: PlaygroundSettings): Promise<{ readonly task: ReturnType<typeof playground>; readonly view: PlaygroundView; readonly source: string; readonly module: TrainedModule }> {
  const task = playground(settings);
  for (let step = 0; step < 20; step++) void task.step();
  const source = await task.save?.("javascript") ?? "";
  return { task, view: task.view(), source, module: await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(source)}`) as TrainedModule };
}

/** Some points of the grid: their numbers, and their coordinates. */
const points = Array.from({ length: 40 }, (_, at) => {
  const point = (at * 677) % gridSide ** 2;
  const along = (index: number): number => range[0] + ((range[1] - range[0]) * index) / (gridSide - 1);
  return { point, x1: along(point % gridSide), x2: along(Math.floor(point / gridSide)) };
});

describe("a trained network that is saved as a module", () => {
  const ofPlane = cases.filter(([, change]) => inputKind({ ...firstSettings, ...change }) !== "pictures");

  test.each(ofPlane)("answers as in the playground: %s", async (_, change) => {
    const settings = consistent({ ...firstSettings, ...change });
    const { view: { answers }, source, module: { predict, classes } } = await saved(settings);
    const count = classCount(settings);
    // Columns are scaled from their own numbers, here 0 to 1, to −5 … 5; other columns than the first two are in the middle of their range.
    const columns = settings.own?.columns;
    const rowOf = (x1: number, x2: number): readonly number[] => (columns === undefined ? [x1, x2] : [(x1 + 5) / 10, (x2 + 5) / 10, ...Array.from({ length: inputCount(settings) - 2 }, () => 0.5)]);
    for (const { point, x1, x2 } of points) {
      const answer = predict(rowOf(x1, x2));
      const width = Math.max(1, count === 2 ? 1 : count);
      const seen = [...answers.subarray(point * width, (point + 1) * width)];
      const expected = count === 2 ? [1 - (seen[0] ?? NaN), ...seen] : seen;
      expect(answer).toHaveLength(expected.length);
      answer.forEach((value, at) => expect(value).toBeCloseTo(expected[at] ?? NaN, 4));
    }
    expect(classes?.length).toBe(count === 0 ? undefined : count);
    expect(source.length).toBeLessThan(6000);
  });

  test.each(cases.filter(([, change]) => inputKind({ ...firstSettings, ...change }) === "pictures"))("answers pictures: %s", async (_, change) => {
    const settings = consistent({ ...firstSettings, ...change });
    const { task, source, module: { predict, classes } } = await saved(settings);
    expect(classes).toHaveLength(classCount(settings));
    expect(source.length).toBeLessThan(30_000);
    for (const shift of [0, 5, 9]) {
      const pixels = Array.from({ length: picturePixels }, (__, at) => ((at * at + shift) % 7) / 6);
      task.change?.({ type: "picture", pixels });
      predict(pixels).forEach((probability, at) => expect(probability).toBeCloseTo(task.view().answers[at] ?? NaN, 4));
    }
  });

  test("takes and gives the numbers of a table", async () => {
    const own = ownDataOf(await readTable("width,height,price\n1,10,100\n2,30,150\n3,20,200\n4,40,300\n5,50,280\n2,25,170\n"), { inputs: ["width", "height"], target: "price" });
    const { view: { answers }, module: { predict } } = await saved(consistent({ ...firstSettings, problem: "regression", data: "table", own }));
    for (const { point, x1, x2 } of points) expect(predict([1 + ((x1 + 5) / 10) * 4, 10 + ((x2 + 5) / 10) * 40])[0]).toBeCloseTo(100 + (((answers[point] ?? NaN) + 1) / 2) * 200, 1);
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
