import { describe, expect, test } from "vitest";
import type { Tensor } from "../../src/index.js";
import { reductionCounterparts } from "../counterparts/reduction.js";
import { counterpartOf, expectRecorded, fromRecorded, referenceCases, type RecordedArguments, type RecordedTensor } from "../reference.js";

/** PyTorch lets a scalar have an axis 0 or −1; here a scalar has no axes, and all of them are reduced by leaving the axis out. */
function withoutAxisOfScalar(x: Tensor, args: RecordedArguments): RecordedArguments {
  return x.rank === 0 ? { ...args, dim: undefined } : args;
}

describe("reductions give what PyTorch gives", () => {
  test.each(referenceCases("ops-reduce"))("$id", ({ target, args = {}, inputs, outputs, tolerance }) => {
    const x = fromRecorded(inputs[0] as RecordedTensor);
    const results = [counterpartOf(reductionCounterparts, target)(x, withoutAxisOfScalar(x, args))].flat();
    expect(results.length).toBe(outputs.length);
    outputs.forEach((output, at) => expectRecorded(results[at] as Tensor, output, tolerance));
  });
});
