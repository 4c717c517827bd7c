import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { requireDType, type FloatDType } from "../dtype.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { requireRoom } from "../interpreter/room.js";
import { apply } from "../interpreter/stack.js";
import { castTo, scalar } from "../operand.js";
import * as primitives from "../primitives/all.js";
import { affine } from "../ops/affine.js";
import { refuseWhere } from "../ops/refuse-where.js";
import { formatShape, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { generatorOf, type RandomOptions } from "./distributions.js";
import type { Generator } from "./generator.js";
import { aboveZero } from "./unit-interval.js";

/** The weights of the classes for {@link categorical}, along the last axis. */
export type CategoricalWeights =
  /** Logarithms of probabilities, up to an added constant. */
  | { readonly logits: Tensor }
  /** Probabilities, up to a constant factor. None may be negative. */
  | { readonly probabilities: Tensor };

/** Options of {@link categorical}. */
export interface CategoricalOptions extends RandomOptions {
  /** The number of draws from each distribution, a last axis of the result. Default: one draw, without an axis. */
  readonly samples?: number | undefined;
  /** Whether a class can be drawn several times; default true. */
  readonly replacement?: boolean | undefined;
}

const categoricalOptions: OptionKinds<CategoricalOptions> = { samples: "size", replacement: "boolean", generator: "any" };

/**
 * Draws classes with the given probabilities along the last axis: int32, `[...]` or `[..., samples]` for `[..., classes]`. It uses the
 * Gumbel-max trick (Gumbel 1954): it takes the class with the largest `logit − log(−log u)`. Without replacement it takes the classes with
 * the largest ones, in order (Kool et al. 2019).
 *
 * @example
 * ```ts
 * import { categorical, tensor } from "@nn/tensor";
 * categorical({ probabilities: tensor([0, 1, 0]) }, { samples: 2 }).toArray(); // => [1, 1]
 * ```
 * @throws ShapeError if there are no classes.
 * @throws ArgumentError if weights are NaN or infinite, if a probability is negative, if all are zero (logits: −Infinity), or if there are more
 *   samples than classes without replacement.
 */
export function categorical(weights: CategoricalWeights, options: CategoricalOptions = {}): Tensor {
  const generator = generatorOf("categorical", options, categoricalOptions);
  const { samples, replacement = true } = options;
  const { name, given } = givenWeights(weights);
  const classes = given.shape.at(-1) ?? 0;
  if (classes === 0) throw new ShapeError(`categorical: weights are ${formatShape(given.shape)}, expected at least one class along a last axis`);
  const count = samples ?? 1;
  if (!replacement && count > classes) throw new ArgumentError(`categorical: cannot draw ${count} samples from ${classes} classes without replacement`);
  requireRoom("categorical", [...given.shape, count]);
  const logits = checkedLogits(name, given, replacement ? 1 : count);
  const batch = logits.shape.slice(0, -1);
  const last = batch.length;
  if (!replacement) {
    const order = apply(primitives.argSort, [perturbed(logits, logits.shape, generator)], { axis: last, descending: true });
    const drawn = apply(primitives.slice, [order], { starts: order.shape.map(() => 0), stops: [...batch, count], steps: order.shape.map(() => 1) });
    return samples === undefined ? apply(primitives.reshape, [drawn], { shape: batch }) : drawn;
  }
  const repeated = samples === undefined ? [] : [samples];
  const rows = samples === undefined ? logits : apply(primitives.reshape, [logits], { shape: [...batch, 1, classes] });
  const noisy = perturbed(rows, [...batch, ...repeated, classes], generator);
  return apply(primitives.reshape, [apply(primitives.argMax, [noisy], { axis: noisy.shape.length - 1 })], { shape: [...batch, ...repeated] });
}

interface GivenWeights {
  readonly name: "logits" | "probabilities";
  readonly given: Tensor;
}

function givenWeights(weights: CategoricalWeights): GivenWeights {
  if (weights === undefined) throw new ArgumentError("categorical: expected { logits } or { probabilities }");
  requireOptions("categorical", weights, { logits: "tensor", probabilities: "tensor" });
  const { logits, probabilities }: { readonly logits?: Tensor; readonly probabilities?: Tensor } = weights;
  const given = logits ?? probabilities;
  if (given === undefined || (logits !== undefined && probabilities !== undefined)) throw new ArgumentError("categorical: expected either { logits } or { probabilities }");
  const name = logits === undefined ? "probabilities" : "logits";
  requireDType("categorical", given.dtype, ["float32", "float64"], name);
  return { name, given };
}

/** Converts weights to logits. Throws unless every distribution has at least `needed` classes that can be drawn. */
function checkedLogits(name: GivenWeights["name"], given: Tensor, needed: number): Tensor {
  const [zero, infinity] = [scalar(0, given.dtype), scalar(Infinity, given.dtype)];
  const axes = [given.rank - 1];
  const least = name === "logits" ? scalar(-Infinity, given.dtype) : zero;
  const possible = apply(primitives.sum, [castTo(apply(primitives.less, [least, given], {}), "int32")], { axes });
  const enough = apply(primitives.lessEqual, [scalar(needed, "int32"), possible], {});
  const isWeight = apply(primitives.logicalAnd, [apply(primitives.lessEqual, [least, given], {}), apply(primitives.less, [given, infinity], {})], {});
  const right = apply(primitives.logicalAnd, [enough, apply(primitives.min, [isWeight], { axes })], {});
  const limits = name === "logits" ? "below Infinity" : "finite, at least 0";
  const classes = needed === 1 ? "one class" : `${needed} classes`;
  const problem = `${name} must be numbers ${limits}, and ${classes} or more of each distribution must have a probability above 0`;
  const checked = refuseWhere("categorical", problem, apply(primitives.logicalNot, [right], {}), given);
  return name === "logits" ? checked : apply(primitives.log, [checked], {});
}

/** Logits plus noise −log(−log(1 − v)). The noise is finite, so that classes with probability 0 are never drawn. */
function perturbed(logits: Tensor, shape: Shape, generator: Generator): Tensor {
  const { dtype } = logits;
  const [float, below]: [FloatDType, number] = dtype === "float64" ? ["float64", 1 - 2 ** -53] : ["float32", 1 - 2 ** -24];
  const v = apply(primitives.minimum, [aboveZero(generator, shape, float), scalar(below, float)], {});
  const waiting = affine(apply(primitives.log1p, [affine(v, -1, 0)], {}), -1, 0);
  return apply(primitives.sub, [logits, apply(primitives.log, [waiting], {})], {});
}
