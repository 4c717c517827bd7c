import { describe, test } from "vitest";
import { activationCounterparts } from "../counterparts/activation.js";
import { counterpartOf, expectRecorded, fromRecorded, referenceCases, type RecordedTensor } from "../reference.js";

/** The other activations are layers of their own. */
const cases = referenceCases("activations").filter(({ target }) => target in activationCounterparts);

describe("activations give what PyTorch gives", () => {
  test.each(cases)("$id", ({ target, args = {}, inputs, outputs, tolerance }) => {
    expectRecorded(counterpartOf(activationCounterparts, target)(fromRecorded(inputs[0] as RecordedTensor), args), outputs[0] as RecordedTensor, tolerance);
  });
});
