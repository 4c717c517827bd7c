import { describe, expect, test } from "vitest";
import type { Tensor } from "../../src/index.js";
import { resizingCounterparts } from "../counterparts/resizing.js";
import { counterpartOf, expectRecorded, fromRecorded, referenceCases } from "../reference.js";

const cases = referenceCases("layers-pool-resize").filter(({ target }) => target in resizingCounterparts);

describe("resizing gives what PyTorch gives", () => {
  test("every counterpart has a case", () => {
    expect(new Set(cases.map(({ target }) => target))).toEqual(new Set(Object.keys(resizingCounterparts)));
  });

  test.each(cases)("$id", ({ target, args = {}, inputs, outputs, tolerance }) => {
    const results = [counterpartOf(resizingCounterparts, target)(inputs.map(fromRecorded), args)].flat();
    expect(results.length).toBe(outputs.length);
    outputs.forEach((output, at) => expectRecorded(results[at] as Tensor, output, tolerance));
  });
});
