import { expect, test } from "vitest";
import { EpochTable } from "../../src/terminal/epoch-table.js";
import { describeFacts, wrap } from "../../src/terminal/facts.js";
import { columnsOf, plain } from "../../src/terminal/style.js";

test("a text that does not fit continues below its beginning", () => {
  expect(describeFacts([["data", "one two three"], ["model", "four"]], plain, 15)).toEqual(["data   one two", "       three", "model  four"]);
  expect(wrap("abcdefgh i", 4)).toEqual(["abcdefgh", "i"]);
});

test("columns of the epoch table are left out on a narrow screen", () => {
  const metrics = {
    epoch: 7, learningRate: 0.001, trainLoss: 0.25, trainAccuracy: 0.5, validationLoss: null, validationAccuracy: null, seconds: 1.5, stepsPerSecond: 9,
  };
  for (const columns of [80, 60, 40]) {
    const table = new EpochTable(plain, columns);
    expect(columnsOf(table.header)).toBeLessThanOrEqual(columns);
    expect(columnsOf(table.line(metrics, "best"))).toBeLessThanOrEqual(columns);
  }
  expect(new EpochTable(plain, 80).line(metrics, "best")).toBe("    7    0.2500    50.00%          –          –     0.001      1.5 s  best");
  expect(new EpochTable(plain, 40).header).toBe("Epoch      Loss  Val. loss");
});
