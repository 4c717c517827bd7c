import * as nn from "../../src/index.js";
import type { Tensor } from "../../src/index.js";
import type { RecordedArguments } from "../reference.js";

/** What stands for PyTorch's activations, as far as they are functions here and not only layers. */
export const activationCounterparts: Readonly<Record<string, (x: Tensor, args: RecordedArguments) => Tensor>> = {
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
