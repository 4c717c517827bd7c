import { describe, expect, test } from "vitest";
import type { Tensor } from "../../src/index.js";
import { convolutionCounterparts } from "../counterparts/convolution.js";
import { counterpartOf, expectRecorded, fromRecorded, referenceCases, type RecordedArguments, type RecordedTensor, type ReferenceCase } from "../reference.js";

type Case = ReferenceCase & { readonly params?: Readonly<Record<string, RecordedTensor>>; readonly callArgs?: RecordedArguments };

const cases: readonly Case[] = [...referenceCases("layers-linear-conv"), ...referenceCases("layers-pool-resize")].filter(({ target }) => target in convolutionCounterparts);

describe("convolution and pooling give what PyTorch gives", () => {
  test.each(cases)("$id", ({ target, args = {}, callArgs = {}, inputs, params = {}, outputs, tolerance }) => {
    const { weight, bias } = params;
    const given = [...inputs, weight, bias].filter((each) => each !== undefined).map(fromRecorded);
    const results = [counterpartOf(convolutionCounterparts, target)(given, { ...args, ...callArgs })].flat();
    expect(results.length).toBe(outputs.length);
    outputs.forEach((output, at) => expectRecorded(results[at] as Tensor, output, tolerance));
  });
});
