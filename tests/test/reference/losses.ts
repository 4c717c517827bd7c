import {
  binaryCrossEntropy, binaryCrossEntropyWithLogits, binaryFocal, cosineEmbedding, crossEntropy, ctc, gaussianNegativeLogLikelihood, hingeEmbedding, huber, klDivergence, l1,
  marginRanking, mse, multiLabelMargin, multiLabelSoftMargin, multiMargin, negativeLogLikelihood, poissonNegativeLogLikelihood, smoothL1, softMargin,
  tripletMargin, type Reduction,
} from "@nn/losses";
import { cosineSimilarity, logSoftmax, type Tensor } from "@nn/tensor";
import type { Arguments } from "./arguments.js";

/** The inputs of a loss: at least two, in PyTorch's order. */
export type LossInputs = readonly [Tensor, Tensor, ...Tensor[]];

/** Our loss for a PyTorch class, given its arguments and its weights. */
export type LossFactory = (args: Arguments, weights: Readonly<Record<string, Tensor>>) => (inputs: LossInputs) => Tensor;

const reductions = { mean: "mean", sum: "sum", none: "none" } as const satisfies Record<string, Reduction>;

const reductionOf = (args: Arguments): Reduction => args.choice("reduction", reductions, "mean");

/** The inputs after the first two. */
const third = ([, , input]: LossInputs): Tensor => {
  if (input === undefined) throw new TypeError("the case has two inputs, expected a third");
  return input;
};

/** Losses of a prediction and a target, and of other pairs and triplets. */
export const losses: Readonly<Record<string, LossFactory>> = {
  "nn.BCELoss": (args, { weight }) => {
    const options = { weight, reduction: reductionOf(args) };
    return ([prediction, target]) => binaryCrossEntropy(prediction, target, options);
  },
  "nn.BCEWithLogitsLoss": (args, { weight, pos_weight: posWeight }) => {
    const options = { weight, posWeight, reduction: reductionOf(args) };
    return ([prediction, target]) => binaryCrossEntropyWithLogits(prediction, target, options);
  },
  // The recorded inputs are logits.
  "nn.CTCLoss": (args) => {
    const options = { blank: args.number("blank", 0), zeroInfinity: args.boolean("zero_infinity", false), reduction: reductionOf(args) };
    return ([logits, targets, inputLengths, targetLengths]) => ctc(logSoftmax(logits, 2), targets, { ...options, inputLengths, targetLengths });
  },
  "nn.CosineEmbeddingLoss": (args) => {
    const options = { margin: args.number("margin", 0), reduction: reductionOf(args) };
    return (inputs) => cosineEmbedding(inputs[0], inputs[1], third(inputs), options);
  },
  "nn.CrossEntropyLoss": (args, { weight }) => {
    const options = {
      weight, reduction: reductionOf(args), ignoreIndex: args.number("ignore_index", -100), labelSmoothing: args.number("label_smoothing", 0),
    };
    return ([prediction, target]) => crossEntropy(prediction, target, options);
  },
  "nn.GaussianNLLLoss": (args) => {
    const options = { full: args.boolean("full", false), epsilon: args.number("eps", 1e-6), reduction: reductionOf(args) };
    return (inputs) => gaussianNegativeLogLikelihood(inputs[0], inputs[1], third(inputs), options);
  },
  "nn.HingeEmbeddingLoss": (args) => {
    const options = { margin: args.number("margin", 1), reduction: reductionOf(args) };
    return ([distances, target]) => hingeEmbedding(distances, target, options);
  },
  "nn.HuberLoss": (args) => {
    const options = { delta: args.number("delta", 1), reduction: reductionOf(args) };
    return ([prediction, target]) => huber(prediction, target, options);
  },
  "nn.KLDivLoss": (args) => {
    const reduction = args.choice("reduction", { ...reductions, batchmean: "batchMean" } as const, "mean");
    const options = { logTarget: args.boolean("log_target", false), reduction };
    return ([prediction, target]) => klDivergence(prediction, target, options);
  },
  "nn.L1Loss": (args) => {
    const options = { reduction: reductionOf(args) };
    return ([prediction, target]) => l1(prediction, target, options);
  },
  "nn.MSELoss": (args) => {
    const options = { reduction: reductionOf(args) };
    return ([prediction, target]) => mse(prediction, target, options);
  },
  "nn.MarginRankingLoss": (args) => {
    const options = { margin: args.number("margin", 0), reduction: reductionOf(args) };
    return (inputs) => marginRanking(inputs[0], inputs[1], third(inputs), options);
  },
  "nn.MultiLabelMarginLoss": (args) => {
    const options = { reduction: reductionOf(args) };
    return ([scores, target]) => multiLabelMargin(scores, target, options);
  },
  "nn.MultiLabelSoftMarginLoss": (args, { weight }) => {
    const options = { weight, reduction: reductionOf(args) };
    return ([logits, target]) => multiLabelSoftMargin(logits, target, options);
  },
  "nn.MultiMarginLoss": (args, { weight }) => {
    const options = { p: marginPower(args), margin: args.number("margin", 1), weight, reduction: reductionOf(args) } as const;
    return ([scores, target]) => multiMargin(scores, target, options);
  },
  "nn.NLLLoss": (args, { weight }) => {
    const options = { weight, reduction: reductionOf(args), ignoreIndex: args.number("ignore_index", -100) };
    return ([prediction, target]) => negativeLogLikelihood(prediction, target, options);
  },
  "nn.PoissonNLLLoss": (args) => {
    const options = {
      logInput: args.boolean("log_input", true), full: args.boolean("full", false), epsilon: args.number("eps", 1e-8), reduction: reductionOf(args),
    };
    return ([prediction, target]) => poissonNegativeLogLikelihood(prediction, target, options);
  },
  "nn.SmoothL1Loss": (args) => {
    const options = { beta: args.number("beta", 1), reduction: reductionOf(args) };
    return ([prediction, target]) => smoothL1(prediction, target, options);
  },
  "torchvision.ops.sigmoid_focal_loss": (args) => {
    const alpha = args.number("alpha", 0.25);
    const options = { gamma: args.number("gamma", 2), alpha: alpha < 0 ? undefined : alpha, reduction: args.choice("reduction", reductions, "none") };
    return ([logits, target]) => binaryFocal(logits, target, options);
  },
  "nn.SoftMarginLoss": (args) => {
    const options = { reduction: reductionOf(args) };
    return ([scores, target]) => softMargin(scores, target, options);
  },
  "nn.TripletMarginLoss": (args) => {
    const options = {
      margin: args.number("margin", 1), p: args.number("p", 2), epsilon: args.number("eps", 1e-6), swap: args.boolean("swap", false), reduction: reductionOf(args),
    };
    return (inputs) => tripletMargin(inputs[0], inputs[1], third(inputs), options);
  },
  "nn.TripletMarginWithDistanceLoss": (args) => {
    const options = { margin: args.number("margin", 1), swap: args.boolean("swap", false), reduction: reductionOf(args), distance: distanceOf(args) };
    return (inputs) => tripletMargin(inputs[0], inputs[1], third(inputs), options);
  },
};

/** The power of a margin, 1 or 2. */
function marginPower(args: Arguments): 1 | 2 {
  const p = args.number("p", 1);
  if (p !== 1 && p !== 2) throw new TypeError(`argument p is ${p}, expected 1 or 2`);
  return p;
}

/** The recorded distance formula, or the default if there is none. */
function distanceOf(args: Arguments): ((x: Tensor, y: Tensor) => Tensor) | undefined {
  if (!args.isGiven("distance_function")) {
    args.only("distance_function", null);
    return undefined;
  }
  return args.choice("distance_function", {
    "1 - cosine_similarity(x, y, dim=-1)": (x: Tensor, y: Tensor) => cosineSimilarity(x, y, { axis: -1 }).neg().add(1),
  });
}
