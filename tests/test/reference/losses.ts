import { binaryCrossEntropy, binaryCrossEntropyWithLogits, crossEntropy, huber, l1, mse, negativeLogLikelihood, smoothL1, type Reduction } from "@nn/losses";
import type { Tensor } from "@nn/tensor";
import type { Arguments } from "./arguments.js";

/** Our loss for a PyTorch class, given its arguments and its weights. */
export type LossFactory = (args: Arguments, weights: Readonly<Record<string, Tensor>>) => (...inputs: [Tensor, Tensor]) => Tensor;

const reductionOf = (args: Arguments): Reduction => args.text("reduction", "mean") as Reduction;

/** Losses of a prediction and a target. */
export const losses: Readonly<Record<string, LossFactory>> = {
  "nn.BCELoss": (args, { weight }) => {
    const options = { weight, reduction: reductionOf(args) };
    return (prediction, target) => binaryCrossEntropy(prediction, target, options);
  },
  "nn.BCEWithLogitsLoss": (args, { weight, pos_weight: posWeight }) => {
    const options = { weight, posWeight, reduction: reductionOf(args) };
    return (prediction, target) => binaryCrossEntropyWithLogits(prediction, target, options);
  },
  "nn.CrossEntropyLoss": (args, { weight }) => {
    const options = {
      weight, reduction: reductionOf(args), ignoreIndex: args.number("ignore_index", -100), labelSmoothing: args.number("label_smoothing", 0),
    };
    return (prediction, target) => crossEntropy(prediction, target, options);
  },
  "nn.HuberLoss": (args) => {
    const options = { delta: args.number("delta", 1), reduction: reductionOf(args) };
    return (prediction, target) => huber(prediction, target, options);
  },
  "nn.L1Loss": (args) => {
    const options = { reduction: reductionOf(args) };
    return (prediction, target) => l1(prediction, target, options);
  },
  "nn.MSELoss": (args) => {
    const options = { reduction: reductionOf(args) };
    return (prediction, target) => mse(prediction, target, options);
  },
  "nn.NLLLoss": (args, { weight }) => {
    const options = { weight, reduction: reductionOf(args), ignoreIndex: args.number("ignore_index", -100) };
    return (prediction, target) => negativeLogLikelihood(prediction, target, options);
  },
  "nn.SmoothL1Loss": (args) => {
    const options = { beta: args.number("beta", 1), reduction: reductionOf(args) };
    return (prediction, target) => smoothL1(prediction, target, options);
  },
};
