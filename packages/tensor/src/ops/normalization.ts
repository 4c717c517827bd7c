import { requireKind } from "../arguments/kinds.js";
import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { requireDType } from "../dtype.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { requireTensor } from "../operand.js";
import { formatShape, requireShape, sameShape, sizeOf, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { add, div, mul, square, sub } from "./arithmetic.js";
import { sqrt } from "./elementary.js";
import { requireSameDType } from "./fitting.js";
import { mean } from "./reduction.js";
import { reshape } from "./shape.js";
import { scaledForRoots } from "./square-range.js";

/** Options of {@link rmsNorm}. */
export interface ScaleOptions {
  /** Factors of the normalised values. Default: 1. */
  readonly weight?: Tensor | undefined;
  /** Added to the variance, or to the mean square. Default: 1e-5; for `rmsNorm` the distance from 1 to the next number of the dtype. */
  readonly epsilon?: number | undefined;
}

/** Options of {@link layerNorm} and {@link groupNorm}. */
export interface NormalizationOptions extends ScaleOptions {
  /** Added at the end. Default: 0. */
  readonly bias?: Tensor | undefined;
}

/** Options of {@link batchNorm} and {@link instanceNorm}. */
export interface ChannelNormalizationOptions extends NormalizationOptions {
  /** `[C]`, for `instanceNorm` also `[N, C]`: means to normalise with, given together with `variance`. Default: those of the input. */
  readonly mean?: Tensor | undefined;
  /** Variances to normalise with, of the shape of `mean`. Default: the biased ones of the input. */
  readonly variance?: Tensor | undefined;
}

const scaleOptions: OptionKinds<ScaleOptions> = { weight: "tensor", epsilon: "nonNegative" };

const normalizationOptions: OptionKinds<NormalizationOptions> = { weight: "tensor", bias: "tensor", epsilon: "nonNegative" };

const channelNormalizationOptions: OptionKinds<ChannelNormalizationOptions> = {
  weight: "tensor", bias: "tensor", epsilon: "nonNegative", mean: "tensor", variance: "tensor",
};

/** Checks the shape of values and reshapes them so that they broadcast against the input. */
function spread(operation: string, what: string, values: Tensor, x: Tensor, shape: Shape, target: Shape): Tensor {
  requireSameDType(operation, what, values, x.dtype, "the input");
  if (!sameShape(values.shape, shape)) {
    throw new ShapeError(`${operation}: ${what} is ${formatShape(values.shape)}, expected ${formatShape(shape)} for input ${formatShape(x.shape)}`);
  }
  return reshape(values, target);
}

function scaled(operation: string, x: Tensor, { weight, bias }: NormalizationOptions, shape: Shape, target = shape): Tensor {
  const product = weight === undefined ? x : mul(x, spread(operation, "weight", weight, x, shape, target));
  return bias === undefined ? product : add(product, spread(operation, "bias", bias, x, shape, target));
}

/** What {@link standardize} computes. The reduced axes have size 1. */
export interface Standardized {
  /** The result, of the shape of `x`. */
  readonly normalized: Tensor;
  /** The mean. */
  readonly mean: Tensor;
  /** The biased variance. */
  readonly variance: Tensor;
}

/** `(x − E[x]) / √(Var[x] + ε)` with mean and (biased) variance over the axes, also where the variance is too large or too small for the dtype. */
export function standardize(x: Tensor, axes: readonly number[], epsilon: number): Standardized {
  const { elements, scale, epsilon: beside } = scaledForRoots(x, axes, epsilon);
  const center = mean(elements, axes, { keepAxes: true });
  const deviation = sub(elements, center);
  const spread = mean(square(deviation), axes, { keepAxes: true });
  return { normalized: div(deviation, sqrt(add(spread, beside))), mean: div(center, scale), variance: div(div(spread, scale), scale) };
}

function requireInput(operation: string, x: Tensor, leastRank: number, layout: string): void {
  requireTensor(operation, x);
  requireDType(operation, x.dtype, ["float32", "float64"]);
  if (x.rank < leastRank) throw new ShapeError(`${operation}: input is ${formatShape(x.shape)}, expected ${layout}`);
}

/** Throws for statistics of a single value, whose variance is always 0. */
function requireSeveral(operation: string, x: Tensor, count: number, what: string, hint: string): void {
  if (count < 2 && x.size > 0) throw new ShapeError(`${operation}: input ${formatShape(x.shape)} has one value per ${what}, whose variance is always 0; ${hint}`);
}

/** The shape in which one value for each channel of `x` broadcasts. */
function channelColumn({ shape }: Tensor): Shape {
  return shape.map((length, axis) => (axis === 1 ? length : 1));
}

/** The shape in which one value for each channel of each example broadcasts. */
function exampleColumn({ shape }: Tensor): Shape {
  return shape.map((length, axis) => (axis < 2 ? length : 1));
}

/**
 * `(x − mean) / √(variance + ε) · weight + bias` for each channel, with the given statistics or those over the axes. There is one given
 * value for each channel or, if it has two axes, for each channel of each example.
 */
function normalizeChannels(operation: string, x: Tensor, axes: readonly number[], mostAxes: 1 | 2, options: ChannelNormalizationOptions): Tensor {
  requireOptions(operation, options, channelNormalizationOptions);
  const { mean: center, variance, epsilon = 1e-5 } = options;
  const channels = x.shape.slice(1, 2);
  const column = channelColumn(x);
  if ((center === undefined) !== (variance === undefined)) {
    throw new ArgumentError(`${operation}: ${center === undefined ? "variance" : "mean"} is given without ${center === undefined ? "mean" : "variance"}; give both or none`);
  }
  if (center === undefined || variance === undefined) {
    requireSeveral(operation, x, sizeOf(axes.map((axis) => x.shape[axis] ?? 1)), "channel", "give it more values, or a mean and a variance");
    return scaled(operation, standardize(x, axes, epsilon).normalized, options, channels, column);
  }
  const known = (what: string, values: Tensor): Tensor => {
    requireTensor(operation, values, what);
    const eachExample = mostAxes === 2 && values.rank === 2;
    return spread(operation, what, values, x, eachExample ? x.shape.slice(0, 2) : channels, eachExample ? exampleColumn(x) : column);
  };
  const deviation = sub(x, known("mean", center));
  const scale = sqrt(add(known("variance", variance), epsilon));
  if (options.weight === undefined) return scaled(operation, div(deviation, scale), options, channels, column);
  // One factor for each channel, and not a division for each element.
  const factor = div(spread(operation, "weight", options.weight, x, channels, column), scale);
  return scaled(operation, mul(deviation, factor), { ...options, weight: undefined }, channels, column);
}

/**
 * Batch normalisation (Ioffe and Szegedy 2015): `y = (x − mean) / √(variance + ε) · weight + bias` for each channel, with the mean
 * and variance of the batch, or the given ones. The layers `BatchNorm1d`, … keep running ones.
 *
 * Shapes: input and result `[N, C, …]`; `weight`, `bias`, `mean`, `variance` `[C]`.
 *
 * @example
 * ```ts
 * import { batchNorm, tensor } from "@nn/tensor";
 * batchNorm(tensor([[1, 10], [3, 30]]), { epsilon: 0 }).toArray(); // => [[-1, -1], [1, 1]]
 * batchNorm(tensor([[1], [3]]), { mean: tensor([1]), variance: tensor([4]), epsilon: 0 }).toArray(); // => [[0], [1]]
 * ```
 * @throws ShapeError if shapes do not fit, or for a single value per channel without given statistics.
 * @throws ArgumentError if only one of `mean` and `variance` is given.
 */
export function batchNorm(x: Tensor, options: ChannelNormalizationOptions = {}): Tensor {
  requireInput("batchNorm", x, 2, "[N, C, ...]");
  return normalizeChannels("batchNorm", x, x.shape.map((_, axis) => axis).filter((axis) => axis !== 1), 1, options);
}

/**
 * Instance normalisation (Ulyanov et al. 2016): `y = (x − mean) / √(variance + ε) · weight + bias`, with the mean and the (biased)
 * variance over all positions of each channel of each example, or the given ones.
 *
 * Shapes: input and result `[N, C, …spatial]`; `weight`, `bias` `[C]`; `mean`, `variance` `[C]` or `[N, C]`.
 *
 * @example
 * ```ts
 * import { instanceNorm, tensor } from "@nn/tensor";
 * instanceNorm(tensor([[[1, 3]], [[10, 30]]]), { epsilon: 0 }).toArray(); // => [[[-1, 1]], [[-1, 1]]]
 * ```
 * @throws ShapeError if shapes do not fit, or for a single position without given statistics.
 * @throws ArgumentError if only one of `mean` and `variance` is given.
 */
export function instanceNorm(x: Tensor, options: ChannelNormalizationOptions = {}): Tensor {
  requireInput("instanceNorm", x, 3, "[N, C, ...spatial]");
  return normalizeChannels("instanceNorm", x, x.shape.map((_, axis) => axis).slice(2), 2, options);
}

/**
 * Group normalisation (Wu and He 2018): `y = (x − E[x]) / √(Var[x] + ε) · weight + bias`, with mean and (biased) variance over all
 * positions of the channels of a group, for each example.
 *
 * Shapes: input and result `[N, C, …]`; `weight`, `bias` `[C]`.
 * @throws ShapeError if shapes do not fit, the channels do not split into the groups, or a group has a single value.
 */
export function groupNorm(x: Tensor, groups: number, options: NormalizationOptions = {}): Tensor {
  requireInput("groupNorm", x, 2, "[N, C, ...]");
  requireKind("groupNorm", "groups", groups, "count");
  requireOptions("groupNorm", options, normalizationOptions);
  const [batch = 0, channels = 0, ...rest] = x.shape;
  if (channels % groups !== 0) throw new ShapeError(`groupNorm: the ${channels} channels of input ${formatShape(x.shape)} do not split into ${groups} groups`);
  requireSeveral("groupNorm", x, (channels / groups) * sizeOf(rest), "group", "use fewer groups, or give it larger inputs");
  const grouped = reshape(x, [batch, groups, channels / groups, ...rest]);
  const normalized = reshape(standardize(grouped, grouped.shape.map((_, axis) => axis).slice(2), options.epsilon ?? 1e-5).normalized, x.shape);
  return scaled("groupNorm", normalized, options, [channels], channelColumn(x));
}

/** The sizes of the last axes, over which a normalisation runs. A number stands for one axis. */
function trailing(operation: string, x: Tensor, shape: number | Shape): Shape {
  const sizes = typeof shape === "number" ? [shape] : shape;
  requireShape(operation, sizes);
  if (sizes.length === 0) throw new ShapeError(`${operation}: shape is [], expected the sizes of the last axes`);
  if (sizes.length > x.rank || !sameShape(x.shape.slice(x.rank - sizes.length), sizes)) {
    throw new ShapeError(`${operation}: input is ${formatShape(x.shape)}, expected [..., ${sizes.join(", ")}]`);
  }
  return sizes;
}

function trailingAxes(x: Tensor, sizes: Shape): number[] {
  return sizes.map((_, axis) => x.rank - sizes.length + axis);
}

/**
 * Layer normalisation (Ba et al. 2016): `y = (x − E[x]) / √(Var[x] + ε) · weight + bias` over the last axes of each example, with
 * the biased variance.
 *
 * Shapes: input and result `[…, …shape]`, where `shape` is the sizes of the last axes, or one number; `weight`, `bias` `shape`.
 *
 * @example
 * ```ts
 * import { layerNorm, tensor } from "@nn/tensor";
 * layerNorm(tensor([[1, 3], [5, 5]]), 2, { epsilon: 0.5 }).toArray(); // => [[-0.816497, 0.816497], [0, 0]]
 * ```
 * @throws ShapeError if the last axes have other sizes.
 */
export function layerNorm(x: Tensor, shape: number | Shape, options: NormalizationOptions = {}): Tensor {
  requireInput("layerNorm", x, 1, "at least one axis");
  const sizes = trailing("layerNorm", x, shape);
  requireOptions("layerNorm", options, normalizationOptions);
  return scaled("layerNorm", standardize(x, trailingAxes(x, sizes), options.epsilon ?? 1e-5).normalized, options, sizes);
}

/**
 * Normalisation by the root of the mean square (Zhang and Sennrich 2019): `y = x / √(E[x²] + ε) · weight` over the last axes of each
 * example.
 *
 * Shapes: input and result `[…, …shape]`, where `shape` is the sizes of the last axes, or one number; `weight` `shape`.
 * @throws ShapeError if the last axes have other sizes.
 */
export function rmsNorm(x: Tensor, shape: number | Shape, options: ScaleOptions = {}): Tensor {
  requireInput("rmsNorm", x, 1, "at least one axis");
  const sizes = trailing("rmsNorm", x, shape);
  requireOptions("rmsNorm", options, scaleOptions);
  const { epsilon = x.dtype === "float64" ? Number.EPSILON : 2 ** -23 } = options;
  const axes = trailingAxes(x, sizes);
  const { elements, epsilon: scaledEpsilon } = scaledForRoots(x, axes, epsilon);
  const normalized = div(elements, sqrt(add(mean(square(elements), axes, { keepAxes: true }), scaledEpsilon)));
  return scaled("rmsNorm", normalized, options, sizes);
}
