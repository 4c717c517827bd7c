export { reduceLosses } from "./reduction.js";
export type { LossOptions, Reduction } from "./reduction.js";
export type { ClassOptions } from "./classes.js";

export { binaryCrossEntropy } from "./binary-cross-entropy.js";
export type { BinaryCrossEntropyOptions } from "./binary-cross-entropy.js";
export { binaryCrossEntropyWithLogits } from "./binary-cross-entropy-with-logits.js";
export type { BinaryCrossEntropyWithLogitsOptions } from "./binary-cross-entropy-with-logits.js";
export { crossEntropy } from "./cross-entropy.js";
export type { CrossEntropyOptions } from "./cross-entropy.js";
export { huber } from "./huber.js";
export type { HuberOptions } from "./huber.js";
export { l1 } from "./l1.js";
export { mse } from "./mse.js";
export { negativeLogLikelihood } from "./negative-log-likelihood.js";
export type { NegativeLogLikelihoodOptions } from "./negative-log-likelihood.js";
export { smoothL1 } from "./smooth-l1.js";
export type { SmoothL1Options } from "./smooth-l1.js";
