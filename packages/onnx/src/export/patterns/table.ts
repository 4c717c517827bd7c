import { logSoftmax, relu, softmax } from "./activations.js";
import { batchNormalization, layerNormalization, mean } from "./normalization.js";
import { gatherRows, lookUp } from "./indexing.js";
import type { Pattern } from "./pattern.js";
import { averagePool, maxPool } from "./pooling.js";
import { convolution, convolutionWithBias, productWithBias, rowsTimesMatrix } from "./products.js";

/** The patterns in the order in which they are tried. */
export const patterns: readonly Pattern[] = [
  relu, softmax, logSoftmax, maxPool, averagePool, batchNormalization, layerNormalization, mean, lookUp, gatherRows, convolutionWithBias, convolution, productWithBias, rowsTimesMatrix,
];
