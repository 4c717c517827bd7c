import { expect, test } from "vitest";
import { TrainingTime } from "../../src/training/training-time.js";

test("the time of a training is that of all its processes, but not that between them", () => {
  let now = 500;
  const clock = (): number => now;
  const first = new TrainingTime(clock);
  now = 1000;
  first.start();
  now = 3000;
  expect(first.endEpoch()).toBe(2);
  now = 3500;
  const state = first.stateDict();
  now = 90_000;
  const second = new TrainingTime(clock);
  second.loadStateDict(state);
  now = 91_000;
  second.start();
  now = 92_000;
  expect([second.epochs, second.seconds]).toEqual([[2], 3.5]);
  expect(second.endEpoch()).toBe(1.5);
  expect([second.epochs, second.seconds]).toEqual([[2, 1.5], 3.5]);
  expect(() => second.loadStateDict({ epochs: [1], current: 0 })).toThrow(/epochs/);
});
