import { describe, test } from "vitest";
import * as nn from "../../src/index.js";
import type { Tensor } from "../../src/index.js";
import { counterpartOf, expectRecorded, fromRecorded, referenceCases, type RecordedArguments, type RecordedTensor } from "../reference.js";

const functions: Readonly<Record<string, (x: Tensor, args: RecordedArguments) => Tensor>> = {
  "nn.ReLU": nn.relu,
  "nn.LeakyReLU": (x, { negative_slope: slope }) => nn.leakyRelu(x, slope as number | undefined),
  "nn.ELU": (x, { alpha }) => nn.elu(x, alpha as number | undefined),
  "nn.GELU": (x, { approximate }) => nn.gelu(x, { approximate: approximate as "none" | "tanh" | undefined }),
  "nn.SiLU": nn.silu,
  "nn.Softplus": (x, { beta, threshold }) => nn.softplus(x, { beta: beta as number | undefined, threshold: threshold as number | undefined }),
  "nn.functional.softplus": (x) => nn.softplus(x),
  "nn.LogSigmoid": nn.logSigmoid, "nn.functional.logsigmoid": nn.logSigmoid, "nn.Sigmoid": nn.sigmoid, "nn.Tanh": nn.tanh,
  "nn.Softmax": (x, { dim }) => nn.softmax(x, dim as number),
  "nn.LogSoftmax": (x, { dim }) => nn.logSoftmax(x, dim as number),
  "nn.Softmin": (x, { dim }) => nn.softmax(nn.neg(x), dim as number),
};

/** The other activations are layers of their own. */
const cases = referenceCases("activations").filter(({ target }) => target in functions);

describe("activations give what PyTorch gives", () => {
  test.each(cases)("$id", ({ target, args = {}, inputs, outputs, tolerance }) => {
    expectRecorded(counterpartOf(functions, target)(fromRecorded(inputs[0] as RecordedTensor), args), outputs[0] as RecordedTensor, tolerance);
  });
});
