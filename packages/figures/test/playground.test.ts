import { describe, expect, test, vi } from "vitest";
import { firstPictures, isEmpty, paper, withoutPicture, withPicture, withStroke } from "../src/elements/playground/own-pictures.js";
import { isEnough, mostPoints, ownFrom, withoutNear, withoutNearest, withPoint } from "../src/elements/playground/own-points.js";
import { Slowly } from "../src/elements/playground/slowly.js";
import { addressOf, firstShared, sharedFrom, type Shared } from "../src/tasks/playground/address.js";
import { History } from "../src/tasks/playground/history.js";
import { LossCurve } from "../src/tasks/playground/loss-curve.js";
import { columnsOf, firstChoice, ownDataOf, problemOf, readTable } from "../src/tasks/playground/table.js";

describe("an address", () => {
  const other: Shared = {
    ...firstShared, data: "spiral", classes: 3, noise: 15, trainShare: 70, batchSize: 25, features: ["x1", "x2", "sinx1"], layers: [8, 3, 1], activation: "mish", optimizer: "lion", learningRate: 0.003,
    schedule: "onecycle", penalty: "l2", penaltyRate: 0.03, batchNorm: true, dropout: 0.35, seed: 42, showTest: true, discrete: true,
  };

  test.each([
    firstShared, other, { ...firstShared, problem: "regression", data: "bumps", layers: [] } as Shared,
    { ...firstShared, data: "points", own: { inputs: [[-6, 6], [0.5, -0.5], [3, 3], [1, 2]], targets: [0, 4, 1, 1] } } as Shared,
    { ...firstShared, data: "pictures", own: { inputs: firstPictures().inputs.slice(2, 6), targets: [0, 4, 1, 1] }, features: ["pixels"] } as Shared,
    { ...firstShared, data: "digits", classes: 10, features: ["pixels"] } as Shared,
    { ...firstShared, problem: "regression", data: "points", own: { inputs: [[-6, 6], [0.5, -0.5], [3, 3], [1, 2]], targets: [0, -1, 1, 0.5] } } as Shared,
  ])("holds everything", (shared) => {
    const back = sharedFrom(new URLSearchParams(String(addressOf(shared))));
    expect(back.refused).toEqual([]);
    const { own, ...others } = back.shared;
    const { own: _, ...expected } = shared;
    expect(others).toEqual(expected);
    shared.own?.inputs.forEach((point, at) => point.forEach((value, axis) => expect(own?.inputs[at]?.[axis]).toBeCloseTo(value, 1)));
    shared.own?.targets.forEach((target, at) => expect(own?.targets[at]).toBeCloseTo(target, 2));
  });

  test("of the first settings is empty", () => {
    expect(String(addressOf(firstShared))).toBe("");
  });

  test.each([
    ["data=cube", "data"], ["layers=9-2", "layers"], ["layers=1-1-1-1-1-1-1", "layers"], ["layers=a", "layers"], ["rate=-1", "rate"], ["rate=NaN", "rate"], ["rate=", "rate"], ["seed=1.5", "seed"], ["dropout=1", "dropout"],
    ["activation=constructor", "activation"], ["optimizer=toString", "optimizer"], ["features=x9", "features"], ["features=<b>", "features"], ["batch=0", "batch"], ["test=yes", "test"],
    ["data=points", "points"], ["data=points&points=zz", "points"], ["data=points&points=!!!!!", "points"], [`data=points&points=${"9zzzz".repeat(4)}`, "points"], [`data=points&points=${"00000".repeat(2000)}`, "points"], ["points=0zzzz0zzzz1zzzz1zzzz", "points"],
    ["data=pictures", "pictures"], [`data=pictures&pictures=${"A".repeat(67 * 4)}`, "pictures"], [`data=pictures&pictures=${`1${"A".repeat(66)}`.repeat(61)}`, "pictures"], ["data=table", "data"],
  ])("that is damaged leads to the first settings, and the part is named: %#", (query, part) => {
    const { shared, refused } = sharedFrom(new URLSearchParams(query));
    expect(refused).toEqual([part]);
    expect(shared).toEqual(firstShared);
  });
});

describe("a history", () => {
  test("keeps at most some states, further apart as there are more", () => {
    const history = new History<number>();
    for (let step = 0; step <= 5000; step++) history.offer(step, () => step);
    expect(history.steps.length).toBeLessThanOrEqual(61);
    expect(history.steps[0]).toBe(0);
    expect(history.steps.at(-1)).toBeGreaterThan(4700);
    expect(history.steps).toEqual(history.steps.toSorted((one, other) => one - other));
  });

  test("drops the states that training went back from, when it goes on", () => {
    const history = new History<string>();
    for (const step of [0, 1, 2, 3]) history.offer(step, () => `first ${step}`);
    expect(history.goTo(1)?.state).toBe("first 1");
    expect(history.steps).toEqual([0, 1, 2, 3]);
    history.offer(2, () => "second 2");
    expect(history.steps).toEqual([0, 1, 2]);
    expect(history.goTo(2)?.state).toBe("second 2");
    expect(history.goTo(9)).toBeUndefined();
  });

  test("of losses is thinned too", () => {
    const curve = new LossCurve();
    for (let steps = 0; steps < 3000; steps++) curve.add({ steps, train: 1, test: 1 });
    expect(curve.lines.steps.length).toBeLessThanOrEqual(401);
    curve.add({ steps: 10, train: 2, test: 3 });
    const { steps, train, test: tested } = curve.lines;
    expect([steps.at(-1), train.at(-1), tested.at(-1)]).toEqual([10, 2, 3]);
    expect(Math.max(...steps)).toBe(10);
  });
});

test("what changes with every frame is shown ten times a second, and at once when it stands still", () => {
  vi.useFakeTimers();
  try {
    let newest = 1;
    const shown: (number | undefined)[] = [];
    const slowly = new Slowly<number | undefined>(() => shown.push(slowly.at(newest, true)));
    expect(slowly.at(undefined, false)).toBeUndefined();
    expect(slowly.at(newest, true)).toBe(1);
    vi.advanceTimersByTime(40);
    expect(slowly.at(++newest, true)).toBe(1);
    expect(slowly.at(++newest, true)).toBe(1);
    vi.advanceTimersByTime(59);
    expect(shown).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(shown).toEqual([3]);
    expect(slowly.at(++newest, false)).toBe(4);
    // What comes seldom is not held back.
    vi.advanceTimersByTime(100);
    expect(slowly.at(++newest, true)).toBe(5);
  } finally {
    vi.useRealTimers();
  }
});

describe("a table", () => {
  const text = "length,width,kind,price\n1,2,a,10\n3,4,b,20\n5,9,a,30\n7,8,b,45\n2,3,c,50\n1,1,c,77\n";

  test("has two inputs and a target at first", async () => {
    const columns = columnsOf(await readTable(text));
    expect(firstChoice(columns)).toEqual({ inputs: ["length", "width"], target: "kind" });
    expect(columns.map(problemOf)).toEqual(["classification", "regression", "classification", "regression"]);
  });

  test("is scaled to the plane; its classes are counted from 0", async () => {
    const own = ownDataOf(await readTable(text), { inputs: ["length", "width"], target: "kind" });
    expect(own.inputs[0]).toEqual([-5, -3.75]);
    expect(own.inputs[3]).toEqual([5, 3.75]);
    expect(own.targets).toEqual([0, 1, 0, 1, 2, 2]);
    expect(own.classNames).toEqual(["a", "b", "c"]);
    expect(own.columns).toEqual([{ name: "length", low: 1, high: 7 }, { name: "width", low: 1, high: 9 }]);
    expect(ownDataOf(await readTable(text), { inputs: ["length", "width"], target: "price" }).targets[0]).toBe(-1);
  });

  test("that does not suit is refused in words", async () => {
    const table = await readTable(text);
    expect(() => ownDataOf(table, { inputs: ["length"], target: "kind" })).toThrow("1 columns are chosen as inputs, expected 2 to 12");
    expect(() => ownDataOf(table, { inputs: ["length", "width"], target: "width" })).toThrow("choose a target that is not among the inputs");
    await expect(readTable("a,b\n1,2,3\n")).rejects.toThrow("fields");
  });
});

describe("points that are drawn", () => {
  const points = { inputs: [[0, 0], [1, 0], [5, 5]], targets: [0, 1, 1] };

  test("lie in the plane, and are not too many", () => {
    expect(withPoint(points, [7, -1.234], 2)).toEqual({ inputs: [...points.inputs, [6, -1.23]], targets: [0, 1, 1, 2] });
    const full = { inputs: Array.from({ length: mostPoints }, () => [1, 1]), targets: Array.from({ length: mostPoints }, () => 0) };
    expect(withPoint(full, [0, 0], 1)).toEqual(full);
  });

  test("are erased near a place, or the nearest one", () => {
    expect(withoutNear(points, [0.5, 0], 0.6)).toEqual({ inputs: [[5, 5]], targets: [1] });
    expect(withoutNearest(points, [0.6, 0])).toEqual({ inputs: [[0, 0], [5, 5]], targets: [0, 1] });
    expect(withoutNearest({ inputs: [], targets: [] }, [0, 0])).toEqual({ inputs: [], targets: [] });
  });

  test("are enough if there are four, of two classes", () => {
    expect(isEnough(points, "classification")).toBe(false);
    const four = withPoint(points, [1, 1], 1);
    expect(isEnough(four, "classification")).toBe(true);
    expect(isEnough({ ...four, targets: [1, 1, 1, 1] }, "classification")).toBe(false);
    expect(isEnough({ ...four, targets: [1, 1, 1, 1] }, "regression")).toBe(true);
  });

  test("begin with some of the examples", () => {
    const x = Array.from({ length: 250 }, (_, at) => at / 100);
    const drawn = { x, y: x, targets: x.map((_, at) => at % 2) };
    const own = ownFrom({ train: drawn, test: drawn });
    expect(own.inputs).toHaveLength(150);
    expect(own.inputs[4]).toEqual([0.04, 0.04]);
    expect(own.targets[149]).toBe(1);
  });
});

describe("pictures that are drawn", () => {
  const line = withStroke(paper, [0.2, 0.5], [0.8, 0.5], false);
  const at = (pixels: readonly number[], column: number, row: number): number => pixels[row * 14 + column] ?? NaN;

  test("have ink along a stroke, in four levels, which the eraser takes away", () => {
    expect([at(line, 6, 6), at(line, 6, 7), at(line, 6, 1), at(line, 0, 7)]).toEqual([1, 1, 0, 0]);
    expect(line.every((value) => [0, 1, 2, 3].some((level) => value === level / 3))).toBe(true);
    const erased = withStroke(line, [0.5, 0.2], [0.5, 0.8], true);
    expect(at(erased, 6, 6)).toBeLessThan(0.5);
    expect(at(erased, 3, 6)).toBe(at(line, 3, 6));
    expect(isEmpty(withStroke(line, [0, 0.5], [1, 0.5], true))).toBe(true);
    expect([isEmpty(paper), isEmpty(line)]).toEqual([true, false]);
  });

  test("are added and taken back, and are not too many", () => {
    const first = firstPictures();
    const more = withPicture(first, line, 2);
    expect(more.targets).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2]);
    expect(withoutPicture(more, 8)).toEqual(first);
    const full = { inputs: Array.from({ length: 60 }, () => line), targets: Array.from({ length: 60 }, () => 0) };
    expect(withPicture(full, line, 1)).toEqual(full);
  });
});
