import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Pace } from "../../src/terminal/pace.js";
import { describeMoment, ProgressBar, type Moment } from "../../src/terminal/progress.js";
import { columnsOf, plain } from "../../src/terminal/style.js";
import { capturedTerminal } from "../captured-terminal.js";

const moment: Moment = {
  epoch: 3, epochs: 10, step: 250, steps: 1000, rate: 81.7, secondsLeft: 9.2,
  progress: { steps: 50, examples: 3200, loss: 1600, correct: 2400, seconds: 1 },
};

test("what matters least is left out first", () => {
  expect([110, 80, 60, 40].map((columns) => describeMoment(moment, columns, plain))).toMatchInlineSnapshot(`
    [
      "epoch  3/10  ━━━━━━━━──────────────────────  25%  loss 0.5000  75.0% correct  9.2 s left  82 steps/s",
      "epoch  3/10  ━━━━━───────────────  25%  loss 0.5000  75.0% correct  9.2 s left",
      "epoch  3/10  ━━━─────────  25%  loss 0.5000  75.0% correct",
      "epoch  3/10  ━━━━━───────────────  25%",
    ]
  `);
});

test("never takes more columns than there are", () => {
  fc.assert(fc.property(fc.integer({ min: 32, max: 200 }), fc.integer({ min: 0, max: 1000 }), (columns, step) => {
    expect(columnsOf(describeMoment({ ...moment, step }, columns, plain))).toBeLessThanOrEqual(columns);
  }));
});

test("is drawn on a screen, and leaves it clean", () => {
  const { stream, notes } = capturedTerminal(80);
  const bar = new ProgressBar(stream, plain);
  bar.update(moment);
  expect(notes()).toContain("epoch  3/10");
  bar.clear();
  // The last thing is that the line is cleared, and the cursor was shown again before.
  const end = notes().slice(notes().lastIndexOf("\u001B[?25h"));
  expect(end).not.toContain("epoch");
  expect(end.endsWith("\u001B[2K")).toBe(true);
});

test("is silent where there is no screen", () => {
  const { stream, notes } = capturedTerminal();
  const bar = new ProgressBar(stream, plain);
  bar.update(moment);
  bar.clear();
  expect(notes()).toBe("");
});

test("the pace follows the last measurements", () => {
  const pace = new Pace(100, 0);
  expect(pace.secondsLeft(10)).toBeNaN();
  pace.record(150, 0.5);
  expect([pace.rate, pace.secondsLeft(50)]).toEqual([100, 0.5]);
  // Too soon to be measured again.
  pace.record(151, 0.55);
  expect(pace.rate).toBe(100);
  pace.record(350, 1.5);
  expect(pace.rate).toBe(120);
});
