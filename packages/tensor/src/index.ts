// oxlint-disable-next-line import/no-unassigned-import -- puts eager execution at the bottom of the stack of interpreters
import "./eager/interpreter.js";

export { isTensor } from "./is-tensor.js";
export type { ArrayOf, DType, FloatDType, TypedArray } from "./dtype.js";
export { ArgumentError, DTypeError, ShapeError, UsageError } from "./errors.js";
export type { Shape } from "./shape.js";
export type { DeferredStorage, Storage } from "./storage.js";
export { Tensor } from "./tensor.js";
export { Variable } from "./variable.js";
export type { VariableCell, VariableOptions } from "./variable.js";
export type { Operand } from "./operand.js";

export { gradientsOf } from "./gradients.js";
export type { Gradients } from "./gradients.js";
export { atomically, HostState } from "./transaction.js";

export {
  abs, add, ceil, clamp, copySign, div, floor, floorDivide, fmax, fmin, fmod, frac, lerp, maximum, minimum, mul, neg, pow, reciprocal,
  remainder, round, sign, square, sub, trunc,
} from "./ops/arithmetic.js";
export {
  acos, acosh, asin, asinh, atan, atan2, atanh, cos, cosh, erf, erfc, erfInv, exp, exp2, expm1, hypot, log, log10, log1p, log2, logAddExp,
  logAddExp2, logit, rsqrt, sin, sinc, sinh, sqrt, tan, tanh, xlogy,
} from "./ops/elementary.js";
export type { LogitOptions } from "./ops/elementary.js";
export { digamma, lgamma } from "./ops/gamma.js";
export { equal, greater, greaterEqual, isClose, isFinite, isInfinite, isNaN, less, lessEqual, notEqual } from "./ops/comparison.js";
export type { IsCloseOptions } from "./ops/comparison.js";
export { bitwiseAnd, bitwiseLeftShift, bitwiseNot, bitwiseOr, bitwiseRightShift, bitwiseXor } from "./ops/bitwise.js";
export { logicalAnd, logicalNot, logicalOr, logicalXor, maskedFill, nanToNum, where } from "./ops/logic.js";
export type { NanToNumOptions } from "./ops/logic.js";
export { elu, gelu, leakyRelu, logSigmoid, logSoftmax, relu, sigmoid, silu, softmax, softplus } from "./ops/activation.js";
export type { GeluOptions, SoftplusOptions } from "./ops/activation.js";
export { all, any, argMax, argMin, countNonZero, logSumExp, max, mean, min, nanMean, nanSum, prod, sum } from "./ops/reduction.js";
export type { Axes, ReductionOptions } from "./ops/reduction.js";
export { median, norm, quantile, std, stdAndMean, variance, varianceAndMean } from "./ops/statistics.js";
export type { NormOptions, QuantileOptions, VarianceOptions } from "./ops/statistics.js";
export { cumMax, cumMin, cumProd, cumSum, diff, logCumSumExp } from "./ops/scan.js";
export type { DiffOptions } from "./ops/scan.js";
export { cross, dot, kron, linear, matmul, matrixPower, outer, tensorDot, trace } from "./ops/contraction.js";
export { cdist, cosineSimilarity, normalize, pairwiseDistance } from "./ops/distance.js";
export type { CdistOptions, CosineSimilarityOptions, NormalizeOptions, PairwiseDistanceOptions } from "./ops/distance.js";
export { einsum } from "./ops/einsum.js";
export { conv1d, conv2d, conv3d, convTranspose1d, convTranspose2d, convTranspose3d } from "./ops/convolution.js";
export type { ConvolutionOptions, ConvTransposeOptions } from "./ops/convolution.js";
export { avgPool1d, avgPool2d, avgPool3d, maxPool1d, maxPool2d, maxPool3d } from "./ops/pooling.js";
export type { AvgPoolOptions, MaxPoolOptions, PoolingOptions } from "./ops/pooling.js";
export { adaptiveAvgPool1d, adaptiveAvgPool2d, adaptiveAvgPool3d, adaptiveMaxPool1d, adaptiveMaxPool2d, adaptiveMaxPool3d } from "./ops/adaptive-pooling.js";
export type { AdaptiveMaxPoolOptions, AdaptiveSize } from "./ops/adaptive-pooling.js";
export { lpPool1d, lpPool2d, lpPool3d } from "./ops/lp-pooling.js";
export type { LpPoolOptions } from "./ops/lp-pooling.js";
export { maxUnpool1d, maxUnpool2d, maxUnpool3d } from "./ops/unpooling.js";
export type { MaxUnpoolOptions } from "./ops/unpooling.js";
export { interpolate } from "./ops/interpolation.js";
export type { InterpolateOptions, InterpolationMode } from "./ops/interpolation.js";
export { batchNorm, groupNorm, instanceNorm, layerNorm, rmsNorm } from "./ops/normalization.js";
export type { ChannelNormalizationOptions, NormalizationOptions, ScaleOptions } from "./ops/normalization.js";
export { prelu } from "./ops/prelu.js";
export { channelShuffle, pixelShuffle, pixelUnshuffle } from "./ops/shuffling.js";
export { embedding } from "./ops/embedding.js";
export type { EmbeddingOptions } from "./ops/embedding.js";
export { embeddingBag } from "./ops/embedding-bag.js";
export type { EmbeddingBagOptions } from "./ops/embedding-bag.js";
export type { PerAxis, SpatialPadding } from "./ops/spatial.js";
export { cast } from "./ops/conversion.js";

export { arange, full, fullLike, linspace, oneHot, ones, onesLike, zeros, zerosLike } from "./ops/creation.js";
export type { CreationOptions } from "./ops/creation.js";
export { blockDiag, diag, diagEmbed, diagFlat, diagonal, eye, tril, triu } from "./ops/diagonal.js";
export { cartesianProduct, meshGrid } from "./ops/grids.js";
export type { MeshGridOptions } from "./ops/grids.js";
export { tensor } from "./ops/from-values.js";
export type { NumericArray, TensorOptions, TensorValues } from "./ops/from-values.js";
export { hostCallback, hostEffect } from "./ops/host-callback.js";
export type { HostCallbackOptions } from "./ops/host-callback.js";
export { expand, flatten, flip, moveAxis, permute, reshape, rot90, squeeze, transpose, unflatten, unsqueeze } from "./ops/shape.js";
export { chunk, narrow, select, slice, split, tensorSplit, unbind } from "./ops/slicing.js";
export type { Index, Range, SplitResult } from "./ops/slicing.js";
export { concat, dstack, hstack, stack, vstack } from "./ops/joining.js";
export { pad } from "./ops/padding.js";
export type { PadOptions, PadWidth } from "./ops/padding.js";
export { repeatInterleave, roll, tile } from "./ops/repeating.js";
export { gather, indexAt, indexSelect, take, takeAlongAxis } from "./ops/indexing.js";
export {
  indexAdd, indexCopy, indexFill, indexPut, maskedScatter, scatter, scatterAdd, scatterReduce,
} from "./ops/scattering.js";
export type { IndexAddOptions, IndexPutOptions, ScatterReduceOptions } from "./ops/scattering.js";
export { argSort, bucketize, kthValue, searchSorted, sort, topK } from "./ops/sorting.js";
export type { KthValueOptions, SearchOptions, SortOptions, TopKOptions, ValuesAndIndices } from "./ops/sorting.js";
export { binCount, histogram, maskedSelect, nonZero, unique } from "./ops/counting.js";
export type { BinCountOptions, HistogramOptions, UniqueElements, UniqueOptions } from "./ops/counting.js";
export { fold, slidingWindows, unfold } from "./ops/windows.js";
export type { Size2d, UnfoldOptions } from "./ops/windows.js";
export { item, read, toArray, toTypedArray } from "./ops/reading.js";
export type { NestedArray, TensorRecord } from "./ops/reading.js";
export { formatTensor } from "./print.js";

export {
  bernoulli, exponential, normal, permutation, randomIntegers, truncatedNormal, uniform,
} from "./random/distributions.js";
export { categorical } from "./random/categorical.js";
export type { CategoricalOptions, CategoricalWeights } from "./random/categorical.js";
export type {
  BernoulliOptions, ExponentialOptions, NormalOptions, RandomIntegersOptions, RandomOptions,
  RealOptions, TruncatedNormalOptions, UniformOptions,
} from "./random/distributions.js";
export { gamma } from "./random/gamma.js";
export type { GammaOptions } from "./random/gamma.js";
export { poisson } from "./random/poisson.js";
export type { PoissonOptions } from "./random/poisson.js";
export { defaultGenerator, Generator, manualSeed } from "./random/generator.js";
export type { GeneratorState } from "./random/generator.js";
