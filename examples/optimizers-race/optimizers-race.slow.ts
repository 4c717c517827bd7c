import { expect, test } from "vitest";
import { arrival, race, racers } from "./main.js";

test.each(Object.entries(racers))("%s goes down the valley", (_, create) => {
  const { path, heights } = race(create);
  expect(path[0]).toEqual([-8, 2]);
  expect(heights[0]).toBeCloseTo(4.64, 5);
  expect(heights.at(-1)).toBeLessThan(0.1);
});

test("plain gradient descent zigzags across, and Adam does not", () => {
  const turns = (path: readonly (readonly [number, number])[]): number => path.slice(1).filter(([, y], at) => y * (path[at]?.[1] ?? 0) < 0).length;
  expect(turns(race(racers.SGD, 20).path)).toBeGreaterThan(15);
  expect(turns(race(racers.Adam, 20).path)).toBeLessThan(3);
});

test("momentum arrives before plain gradient descent", () => {
  expect(arrival(race(racers.NAG).heights, 0.01)).toBeLessThan(arrival(race(racers.SGD).heights, 0.01));
});
