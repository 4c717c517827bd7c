import { expect, it } from "vitest";
import { TrainingClock, type RunRecord } from "../src/index.js";

const at = (time: number, rest: object): RunRecord => ({ step: 0, time, ...rest }) as RunRecord;

it("counts the time from record to record, but neither pauses nor the time until a run continues", () => {
  const clock = new TrainingClock();
  const seconds = [
    at(5_000, { type: "settings", settings: {} }), at(5_000, { type: "status", state: "running" }), at(7_000, { type: "scalars", values: {} }), at(8_000, { type: "status", state: "paused" }),
    at(60_000, { type: "status", state: "running" }), at(61_000, { type: "scalars", values: {} }),
    // The process was killed, and another one continues.
    at(900_000, { type: "settings", settings: {} }), at(900_000, { type: "status", state: "running" }), at(902_500, { type: "status", state: "completed" }),
    // The clock of the machine was set back.
    at(800_000, { type: "text", name: "sample", text: "" }),
  ].map((record) => {
    clock.add(record);
    return clock.seconds;
  });
  expect(seconds).toEqual([0, 0, 2, 3, 3, 4, 4, 4, 6.5, 6.5]);
});

it("refuses what is no record, and counts on as before", () => {
  const clock = new TrainingClock();
  clock.add(at(1_000, { type: "status", state: "running" }));
  expect(() => clock.add(at(NaN, { type: "status", state: "running" }))).toThrow("TrainingClock.add: the time of a record is NaN, expected milliseconds since 1970");
  expect(() => clock.add(undefined as never)).toThrow("the time of a record is undefined");
  clock.add(at(3_000, { type: "status", state: "completed" }));
  expect(clock.seconds).toBe(2);
});
