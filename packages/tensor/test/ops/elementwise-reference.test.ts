import { describe, expect, test } from "vitest";
import { elementwiseCounterparts } from "../counterparts/elementwise.js";
import { counterpartOf, expectRecorded, fromRecorded, referenceCases, type RecordedTensor } from "../reference.js";

/** Cases without a counterpart, and why. */
const leftOut: Readonly<Record<string, string>> = {
  "torch.bitwise_and": "the table of primitives has no bitwise operations",
  "torch.bitwise_or": "the table of primitives has no bitwise operations",
  "torch.bitwise_xor": "the table of primitives has no bitwise operations",
};

const cases = referenceCases("ops-elementwise");

describe("elementwise operations give what PyTorch gives", () => {
  test.each(cases.filter(({ target }) => !(target in leftOut)))("$id", ({ target, args = {}, inputs, outputs, tolerance }) => {
    expectRecorded(counterpartOf(elementwiseCounterparts, target)(inputs.map(fromRecorded), args), outputs[0] as RecordedTensor, tolerance);
  });

  test("nothing but what is listed is left out", () => {
    const targets = new Set(cases.map(({ target }) => target));
    expect([...targets].filter((target) => !(target in elementwiseCounterparts))).toEqual(Object.keys(leftOut));
  });
});
