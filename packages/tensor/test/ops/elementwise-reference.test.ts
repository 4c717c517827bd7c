import { describe, test } from "vitest";
import { elementwiseCounterparts } from "../counterparts/elementwise.js";
import { counterpartOf, expectRecorded, fromRecorded, referenceCases, type RecordedTensor } from "../reference.js";

const cases = referenceCases("ops-elementwise");

describe("elementwise operations give what PyTorch gives", () => {
  test.each(cases)("$id", ({ target, args = {}, inputs, outputs, tolerance }) => {
    expectRecorded(counterpartOf(elementwiseCounterparts, target)(inputs.map(fromRecorded), args), outputs[0] as RecordedTensor, tolerance);
  });
});
