import { describe, expect, test } from "vitest";
import { contour } from "../src/elements/contours.js";
import { batchSizes, lastEpoch, networkRace, scheduleCurve, type NetworkRaceView, type Runner, type ScheduleName } from "../src/tasks/network-race.js";
import { optimizerNames } from "../src/tasks/optimizers.js";
import { heightGrid, range, surfaceNames, surfaceRace, surfaces, type RacerView, type SurfaceName, type SurfaceRaceSettings, type SurfaceRaceView } from "../src/tasks/surface-race.js";

function raceOn(surface: SurfaceName, settings: Partial<SurfaceRaceSettings> = {}, steps = 300): SurfaceRaceView {
  const { start, rates } = surfaces[surface];
  const task = surfaceRace({ surface, start, rates, ...settings });
  for (let step = 0; step < steps; step++) task.step();
  return task.view();
}

const last = ({ heights }: RacerView): number => heights.at(-1) ?? NaN;

describe("a race on a surface", () => {
  test.each(surfaceNames)("the heights of %s are at least 0, and grids are rows from the bottom up", (surface) => {
    const grid = heightGrid(surface, 81);
    expect(Math.min(...grid)).toBeGreaterThanOrEqual(-1e-9);
    const { start } = surfaces[surface];
    const [column, row] = start.map((value) => Math.round(((value - range[0]) / (range[1] - range[0])) * 80));
    const near = grid[(row ?? NaN) * 81 + (column ?? NaN)] ?? NaN;
    expect(Math.abs(near - (raceOn(surface, {}, 0).racers.SGD.heights[0] ?? NaN))).toBeLessThan(0.35);
  });

  test("one step of SGD goes against the gradient", () => {
    const { path, heights } = raceOn("ravine", {}, 1).racers.SGD;
    const rate = surfaces.ravine.rates.SGD;
    expect(path[1]).toEqual([expect.closeTo(-3.6 + (rate * 3.6) / 50, 12), expect.closeTo(1.6 - rate * 3.2, 12)]);
    expect(heights[0]).toBeCloseTo(3.6 ** 2 / 100 + 1.6 ** 2, 12);
  });

  test("the first step of Adam is as long as its learning rate, in each direction", () => {
    const { path } = raceOn("ravine", {}, 1).racers.Adam;
    expect(path[1]).toEqual([expect.closeTo(-3.6 + surfaces.ravine.rates.Adam, 6), expect.closeTo(1.6 - surfaces.ravine.rates.Adam, 6)]);
  });

  test("in the ravine SGD zigzags, and momentum and those that divide by the size of the gradient arrive before it", () => {
    const { racers } = raceOn("ravine");
    const turns = ({ path }: RacerView): number => path.slice(1, 21).filter(([, y], at) => y * (path[at]?.[1] ?? 0) < 0).length;
    expect(turns(racers.SGD)).toBeGreaterThan(15);
    expect(turns(racers.Adam)).toBeLessThan(3);
    for (const name of ["momentum", "NAG", "Adagrad", "RMSprop", "Adam"] as const) expect(racers[name].arrival ?? Infinity).toBeLessThan(racers.SGD.arrival ?? Infinity);
    for (const name of optimizerNames) expect(racers[name].arrival).toBe(racers[name].heights.findLastIndex((height) => height >= 0.001) + 1);
  });

  test("those that divide by the size of the gradient leave the saddle first", () => {
    const { racers } = raceOn("saddle", {}, 40);
    for (const name of ["Adagrad", "RMSprop", "Adam"] as const) expect(last(racers[name])).toBeLessThan(0.1 * last(racers.SGD));
  });

  test("speed rolls through the hollows, and SGD stays in the first", () => {
    const { racers } = raceOn("hollows");
    for (const name of ["momentum", "NAG", "Adam"] as const) expect(last(racers[name])).toBeLessThan(0.001);
    expect(last(racers.SGD)).toBeGreaterThan(0.3);
    expect(racers.SGD.path.at(-1)).toEqual(racers.Adagrad.path.at(-1)?.map((value): unknown => expect.closeTo(value, 2)));
  });

  test("too large a learning rate diverges, and stops there", () => {
    const { rates } = surfaces.ravine;
    const { racers, steps } = raceOn("ravine", { rates: { ...rates, SGD: 1.2 } });
    expect(racers.SGD.diverged).toBe(true);
    expect(racers.SGD.path.length).toBeLessThan(steps);
    expect(racers.SGD.path.flat().every(Number.isFinite)).toBe(true);
    expect(racers.Adam.diverged).toBe(false);
  });
});

describe("a race of networks", () => {
  const raced = (runners: readonly Runner[], schedule: ScheduleName = "constant", epochs = lastEpoch): NetworkRaceView => {
    const task = networkRace({ runners, schedule });
    for (let epoch = 0; epoch < epochs; epoch++) task.step();
    return task.view();
  };
  const batches = batchSizes.map((batchSize): Runner => ({ optimizer: "SGD", learningRate: 0.3, batchSize }));

  test("small batches are ahead after as many epochs, and make more steps", () => {
    const { losses, steps, epochs } = raced(batches, "constant", 20);
    const [full = NaN, mini = NaN, single = NaN] = losses.map((each) => each.at(-1) ?? NaN);
    expect([epochs, ...steps]).toEqual([20, 20, 160, 2560]);
    expect(mini).toBeLessThan(full);
    expect(single).toBeLessThan(full);
    expect(new Set(losses.map(([first]) => first)).size).toBe(1);
  });

  test("dividing the rate by ten takes the noise from small batches", () => {
    const roughness = (losses: readonly number[]): number => losses.slice(1).reduce((sum, loss, at) => sum + Math.abs(loss - (losses[at] ?? NaN)), 0) / (losses.length - 1);
    const single: readonly Runner[] = [{ optimizer: "SGD", learningRate: 0.3, batchSize: 1 }];
    const losses = raced(single, "steps").losses[0] ?? [];
    const half = lastEpoch / 2;
    expect(roughness(losses.slice(half + 1))).toBeLessThan(0.2 * roughness(losses.slice(half - 15, half)));
    expect(losses.at(-1)).toBeLessThan(raced(single).losses[0]?.at(-1) ?? NaN);
  });

  test("schedules: constant, divided at 1/2 and 3/4, cosine, and warm-up before it", () => {
    const at = (schedule: ScheduleName, epoch: number): number => scheduleCurve(schedule).find(([each]) => each >= epoch)?.[1] ?? NaN;
    const half = lastEpoch / 2;
    expect([0, 0.99 * lastEpoch].map((epoch) => at("constant", epoch))).toEqual([1, 1]);
    expect([half - 1, half, 1.5 * half - 1, 1.5 * half].map((epoch) => at("steps", epoch))).toEqual([1, 0.1, 0.1, 0.01].map((rate): unknown => expect.closeTo(rate, 9)));
    expect([0, half].map((epoch) => at("cosine", epoch))).toEqual([1, expect.closeTo(0.5, 9)]);
    expect([0, 0.05 * lastEpoch, 0.1 * lastEpoch].map((epoch) => at("warmup", epoch))).toEqual([0, expect.closeTo(0.5, 9), 1]);
  });
});

test("a contour lies where the values are the level", () => {
  const side = 41;
  const circle = Array.from({ length: side ** 2 }, (_, at) => ((at % side) - 20) ** 2 + (Math.floor(at / side) - 20) ** 2);
  const path = contour(circle, side, 100, 40);
  const numbers = path.split(/[ML]/).filter((part) => part !== "").map((part) => part.split(",").map(Number));
  expect(numbers.length).toBeGreaterThan(40);
  for (const [x = NaN, y = NaN] of numbers) expect(Math.abs(Math.hypot(x - 20, y - 20) - 10)).toBeLessThan(0.15);
  expect(contour(circle, side, 1e6, 40)).toBe("");
});
