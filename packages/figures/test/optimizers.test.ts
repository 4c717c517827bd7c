import { describe, expect, test } from "vitest";
import { contour } from "../src/elements/contours.js";
import { lastEpoch, scheduleCurve, type ScheduleName } from "../src/tasks/network-race.js";
import { heightGrid, range, surfaceNames, surfaceRace, surfaces, type RacerView, type SurfaceName, type SurfaceRaceSettings, type SurfaceRaceView } from "../src/tasks/surface-race.js";
import { trained } from "./trained.js";

function raceOn(surface: SurfaceName, settings: Partial<SurfaceRaceSettings> = {}, steps = 300): SurfaceRaceView {
  const { start, rates } = surfaces[surface];
  return trained(surfaceRace({ surface, start, rates, ...settings }), steps);
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

  test("those that divide by the size of the gradient leave the saddle first", () => {
    const { racers } = raceOn("saddle", {}, 40);
    for (const name of ["Adagrad", "RMSprop", "Adam"] as const) expect(last(racers[name])).toBeLessThan(0.1 * last(racers.SGD));
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
