import { add, ArgumentError, cast, div, Generator as RandomGenerator, gamma, indexSelect, mul, oneHot, select, ShapeError, sub, sum, type Tensor } from "@nn/tensor";
import { describeValue, formatShape, isFloat, requireDType, requireOptions, requireTensor, type OptionKinds } from "@nn/tensor/extend";

/** Options of {@link mixup} and {@link cutmix}. */
export interface MixOptions {
  /** The parameter α of the distribution Beta(α, α) of the weight λ: near 0, examples hardly mix; 1 is uniform. */
  readonly alpha?: number;
  /** The number of classes, where the targets are class indices. */
  readonly classes?: number;
  /** The source of random numbers. Default: the generator that `manualSeed` seeds. */
  readonly generator?: RandomGenerator;
}

const mixOptions: OptionKinds<MixOptions> = { alpha: "positive", classes: "count", generator: "any" };

/** A mixed batch. */
export interface MixedBatch {
  /** The mixed inputs, of the shape and dtype of the inputs. */
  readonly inputs: Tensor;
  /** The targets, mixed as the inputs are, with the weights λ and 1 − λ: probabilities of classes, `[N, classes]`, where they were class indices. */
  readonly targets: Tensor;
  /** The example that each one is mixed with, int32 `[N]`. */
  readonly partners: Tensor;
  /** The weight λ of the examples themselves, one number of the dtype of the inputs; their partners have the weight 1 − λ. */
  readonly lambda: Tensor;
}

/** Below this, both random numbers from which the weight is computed may be too small for float64. */
const smallestAlpha = 0.02;

/** Refuses inputs, targets and options that do not fit. Returns the targets as floats. */
export function requireMixable(operation: string, inputs: Tensor, targets: Tensor, options: MixOptions): Tensor {
  requireOptions(operation, options, mixOptions);
  requireTensor(operation, inputs, "inputs");
  requireTensor(operation, targets, "targets");
  requireDType(operation, inputs.dtype, ["float32", "float64"], "inputs");
  requireDType(operation, targets.dtype, ["float32", "float64", "int32"], "targets");
  if (inputs.rank === 0 || targets.rank === 0 || inputs.shape[0] !== targets.shape[0]) {
    throw new ShapeError(`${operation}: inputs ${formatShape(inputs.shape)} and targets ${formatShape(targets.shape)} must have the same number of examples, the first axis`);
  }
  const { classes, alpha, generator } = options;
  if (alpha !== undefined && alpha < smallestAlpha) throw new ArgumentError(`${operation}: alpha is ${alpha}, expected ${smallestAlpha} or more; such a small one mixes nothing`);
  if (generator !== undefined && !(generator instanceof RandomGenerator)) throw new ArgumentError(`${operation}: generator is ${describeValue(generator)}, expected a Generator`);
  if (isFloat(targets.dtype)) {
    if (classes !== undefined) throw new ArgumentError(`${operation}: classes is ${classes}, but the targets are ${targets.dtype}; leave it out for targets that are not class indices`);
    return targets;
  }
  if (classes === undefined) {
    throw new ArgumentError(`${operation}: classes is ${describeValue(classes)}, expected the number of classes, since the targets are class indices, which cannot be mixed`);
  }
  return oneHot(targets, classes);
}

/** λ from Beta(α, α), as `g₁ / (g₁ + g₂)` of two numbers of the distribution Gamma(α): one number of float64. */
export function drawLambda(alpha: number, generator: RandomGenerator | undefined): Tensor {
  const drawn = gamma([2], { concentration: alpha, dtype: "float64", generator });
  return div(select(drawn, 0, 0), sum(drawn));
}

/** `λ x + (1 − λ) x[partners]`. */
export function mixed(x: Tensor, partners: Tensor, lambda: Tensor): Tensor {
  const weight = cast(lambda, x.dtype);
  return add(mul(x, weight), mul(indexSelect(x, partners, 0), sub(1, weight)));
}
