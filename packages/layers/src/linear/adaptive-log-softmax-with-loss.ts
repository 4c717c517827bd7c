import {
  argMax, ArgumentError, concat, DTypeError, gather, greaterEqual, less, logicalAnd, logSoftmax, mean, narrow, ShapeError, squeeze,
  unsqueeze, where, type Tensor,
} from "@nn/tensor";
import { apply, describeValue, formatShape, requireTensor, sameShape, type OptionKinds } from "@nn/tensor/extend";
import * as primitives from "@nn/tensor/primitives";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import { requireCounts } from "../requirements.js";
import { Sequential } from "../sequential.js";
import type { InitializerOptions } from "../initializers/initializer.js";
import { Linear } from "./linear.js";

/** Options of {@link AdaptiveLogSoftmaxWithLoss}. */
export interface AdaptiveLogSoftmaxOptions extends InitializerOptions {
  /** Cluster i has `⌊inFeatures / divValueⁱ⁺¹⌋` features; default 4. As in PyTorch, this may be 0: then all classes of the cluster are equally probable. */
  readonly divValue?: number | undefined;
  /** Whether the head, the map to frequent classes and clusters, has a bias; default false. */
  readonly headBias?: boolean | undefined;
}

const adaptiveOptions: OptionKinds<AdaptiveLogSoftmaxOptions> = { divValue: "positive", headBias: "boolean", dtype: ["float32", "float64"], generator: "any" };

/** The result of an {@link AdaptiveLogSoftmaxWithLoss}. */
export interface AdaptiveLogSoftmaxOutput {
  /** `[N]` or `[]`: the log-probability of each target. */
  readonly output: Tensor;
  /** `[]`: the negative mean of these log-probabilities. */
  readonly loss: Tensor;
}

/** Classes that are predicted together. */
interface Cluster {
  readonly map: Sequential<readonly [Linear, Linear]>;
  readonly start: number;
  readonly stop: number;
}

/**
 * Computes log-probabilities of very many classes, and the loss of targets, with an adaptive softmax (Grave et al. 2017). Number the
 * classes by decreasing frequency. The head predicts the classes below the first cutoff, and one entry for each cluster of rarer
 * classes. Each cluster predicts its classes from fewer features: `log p(c) = log p_head(cluster) + log p_cluster(c)`.
 *
 * Shapes: input `[N, inFeatures]` or `[inFeatures]`, target int32 `[N]` or `[]`. `head.weight` `[cutoffs[0] + clusters, inFeatures]`,
 * `head.bias`; cluster i has `tail.i.0.weight` `[hᵢ, inFeatures]` and `tail.i.1.weight` `[its classes, hᵢ]`.
 * Initialised like `Linear`.
 *
 * Unlike PyTorch, it computes every cluster for every sample, because shapes must not depend on values. It saves time only through
 * the smaller maps of the clusters.
 *
 * @example
 * ```ts
 * import { tensor, zeros } from "@nn/tensor";
 * import { AdaptiveLogSoftmaxWithLoss } from "@nn/layers";
 * const words = new AdaptiveLogSoftmaxWithLoss(64, 10000, [100, 1000], { divValue: 4 });
 * const { output, loss } = words.forward(zeros([2, 64]), tensor([3, 7000], { dtype: "int32" }));
 * output.shape; // => [2]
 * loss.shape; // => []
 * words.predict(zeros([2, 64])).shape; // => [2]
 * ```
 * @throws ShapeError, DTypeError if input or target do not fit; ArgumentError for a class that does not exist.
 */
export class AdaptiveLogSoftmaxWithLoss extends Module {
  readonly inFeatures: number;
  readonly classes: number;
  readonly cutoffs: readonly number[];
  readonly head: Linear;
  readonly tail: readonly Sequential<readonly [Linear, Linear]>[];

  /**
   * `cutoffs` holds the first class of each cluster, in increasing order.
   * @throws ArgumentError for sizes that are not positive whole numbers, and cutoffs that do not increase within 1 to `classes − 1`.
   */
  constructor(inFeatures: number, classes: number, cutoffs: readonly number[], options: AdaptiveLogSoftmaxOptions = {}) {
    super();
    requireCounts("AdaptiveLogSoftmaxWithLoss", { inFeatures, classes });
    requireCutoffs(cutoffs, classes);
    takeOptions("AdaptiveLogSoftmaxWithLoss", this, options, adaptiveOptions);
    const { divValue = 4, headBias = false, ...common } = options;
    const [frequent = 0] = cutoffs;
    this.inFeatures = inFeatures;
    this.classes = classes;
    this.cutoffs = [...cutoffs];
    this.head = new Linear(inFeatures, frequent + cutoffs.length, { ...common, bias: headBias });
    this.tail = cutoffs.map((start, at) => {
      const features = Math.floor(inFeatures / divValue ** (at + 1));
      const map = { ...common, bias: false };
      return new Sequential(new Linear(inFeatures, features, map), new Linear(features, (cutoffs[at + 1] ?? classes) - start, map));
    });
  }

  /** The log-probabilities of the targets, and the loss. */
  forward(x: Tensor, target: Tensor): AdaptiveLogSoftmaxOutput {
    this.#requireInput(x);
    requireTensor("AdaptiveLogSoftmaxWithLoss", target, "target");
    if (!sameShape(target.shape, x.shape.slice(0, -1))) {
      throw new ShapeError(`AdaptiveLogSoftmaxWithLoss: target is ${formatShape(target.shape)} for input ${formatShape(x.shape)}, expected ${formatShape(x.shape.slice(0, -1))}`);
    }
    if (target.dtype !== "int32") {
      throw new DTypeError(`AdaptiveLogSoftmaxWithLoss: target has dtype ${target.dtype}, expected class indices, int32; convert it with .cast("int32")`);
    }
    const classes = unsqueeze(target, -1);
    const [frequent = 0] = this.cutoffs;
    const members = this.#clusters().map((cluster, at) => {
      const isMember = logicalAnd(greaterEqual(classes, cluster.start), less(classes, cluster.stop));
      const position = where(isMember, classes.sub(cluster.start), 0);
      return { isMember, entry: frequent + at, logProbability: gather(logSoftmax(cluster.map.forward(x)), position, -1) };
    });
    // Classes that do not exist are passed on unchanged: the head has at most as many entries as there are classes, so it refuses them too.
    const entries = members.reduce((positions, { isMember, entry }) => where(isMember, entry, positions), classes);
    const ofHead = apply(primitives.gather, [this.#head(x), entries], {
      axis: x.rank - 1, report: { operation: "AdaptiveLogSoftmaxWithLoss", shape: target.shape, problem: `a target is no class; classes count from 0 to ${this.classes - 1}` },
    });
    const output = squeeze(members.reduce((sum, { isMember, logProbability }) => sum.add(where(isMember, logProbability, 0)), ofHead), -1);
    return { output, loss: mean(output).neg() };
  }

  /** The log-probabilities of all classes, `[N, classes]` or `[classes]`. */
  logProbabilities(x: Tensor): Tensor {
    this.#requireInput(x);
    const [frequent = 0] = this.cutoffs;
    const head = this.#head(x);
    const clusters = this.#clusters().map(({ map }, at) => logSoftmax(map.forward(x)).add(narrow(head, -1, frequent + at, 1)));
    return concat([narrow(head, -1, 0, frequent), ...clusters], -1);
  }

  /** The most probable class of each sample, int32 `[N]` or `[]`. */
  predict(x: Tensor): Tensor {
    return argMax(this.logProbabilities(x), -1);
  }

  #head(x: Tensor): Tensor {
    return logSoftmax(this.head.forward(x));
  }

  #clusters(): readonly Cluster[] {
    return this.tail.map((map, at) => ({ map, start: this.cutoffs[at] ?? 0, stop: this.cutoffs[at + 1] ?? this.classes }));
  }

  #requireInput(x: Tensor): void {
    requireTensor("AdaptiveLogSoftmaxWithLoss", x);
    if ((x.rank === 1 || x.rank === 2) && x.shape.at(-1) === this.inFeatures) return;
    throw new ShapeError(`AdaptiveLogSoftmaxWithLoss: input is ${formatShape(x.shape)}, expected [N, ${this.inFeatures}] or [${this.inFeatures}]`);
  }
}

function requireCutoffs(cutoffs: readonly number[], classes: number): void {
  if (!Array.isArray(cutoffs)) throw new ArgumentError(`AdaptiveLogSoftmaxWithLoss: cutoffs are ${describeValue(cutoffs)}, expected a list of whole numbers`);
  const rise = cutoffs.every((cutoff, at) => Number.isInteger(cutoff) && cutoff > (cutoffs[at - 1] ?? 0) && cutoff < classes);
  if (cutoffs.length > 0 && rise) return;
  throw new ArgumentError(`AdaptiveLogSoftmaxWithLoss: cutoffs are [${cutoffs.map(String).join(", ")}], expected whole numbers that rise, from 1 to ${classes - 1}`);
}
