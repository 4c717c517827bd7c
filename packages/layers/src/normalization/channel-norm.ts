import {
  DTypeError, lerp, mean, ones, reshape, ShapeError, tensor, Variable, zeros, type ChannelNormalizationOptions, type DType,
  type FloatDType, type Tensor,
} from "@nn/tensor";
import { formatShape, requireKind, sizeOf, standardize, type OptionKinds } from "@nn/tensor/extend";
import { createParameter } from "../create-parameter.js";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import type { Parameter } from "../parameter.js";
import { requireCounts, requireFloat } from "../requirements.js";

/** Options of batch and instance normalisation. */
export interface ChannelNormOptions {
  /** Added to the variance; default 1e-5. */
  readonly epsilon?: number | undefined;
  /** Whether there is a learned scale and shift. */
  readonly affine?: boolean | undefined;
  /** Whether running statistics are kept for evaluation; without them, evaluation uses the statistics of its input. */
  readonly trackRunningStats?: boolean | undefined;
  /** Default float32. */
  readonly dtype?: FloatDType | undefined;
}

/** The options, with the defaults of the class filled in. */
export interface ChannelNormSettings extends ChannelNormOptions {
  readonly momentum: number | null;
  readonly affine: boolean;
  readonly trackRunningStats: boolean;
}

/** The options of batch and instance normalisation. */
export const channelNormOptions: OptionKinds<ChannelNormSettings> = {
  epsilon: "nonNegative", affine: "boolean", trackRunningStats: "boolean", momentum: "any", dtype: ["float32", "float64"],
};

/** A mean and a variance for each channel. */
type Statistics = Required<Pick<ChannelNormalizationOptions, "mean" | "variance">>;

/** Base of batch and instance normalisation, which differ in the axes of the statistics. */
export abstract class ChannelNorm extends Module {
  readonly features: number;
  readonly epsilon: number;
  readonly momentum: number | null;
  readonly weight: Parameter | undefined;
  readonly bias: Parameter | undefined;
  readonly runningMean: Variable | undefined;
  readonly runningVar: Variable | undefined;
  readonly numBatchesTracked: Variable | undefined;

  /** The layouts that the class accepts, by rank. */
  protected abstract readonly layouts: ReadonlyMap<number, string>;

  /** The hint in the error about too few values per channel for training. */
  protected abstract readonly tooFew: string;

  constructor(features: number, options: ChannelNormSettings) {
    super();
    const operation = this.constructor.name;
    requireCounts(operation, { features });
    takeOptions(operation, this, options, channelNormOptions);
    const { epsilon = 1e-5, momentum, affine, trackRunningStats, dtype } = options;
    if (momentum !== null) requireKind(operation, "momentum", momentum, "probability");
    this.features = features;
    this.epsilon = epsilon;
    this.momentum = momentum;
    this.weight = affine ? createParameter(operation, "weight", ones, [features], { dtype }) : undefined;
    this.bias = affine ? createParameter(operation, "bias", zeros, [features], { dtype }) : undefined;
    this.runningMean = trackRunningStats ? new Variable(zeros([features], { dtype }), { name: `${operation}.runningMean` }) : undefined;
    this.runningVar = trackRunningStats ? new Variable(ones([features], { dtype }), { name: `${operation}.runningVar` }) : undefined;
    this.numBatchesTracked = trackRunningStats ? new Variable(tensor(0, { dtype: "int32" }), { name: `${operation}.numBatchesTracked` }) : undefined;
  }

  forward(x: Tensor): Tensor {
    this.#check(x);
    const running = this.#running();
    if (running === undefined) return this.#affine(this.#byItself(x));
    return this.normalize(x, { ...running, weight: this.weight?.value, bias: this.bias?.value, epsilon: this.epsilon });
  }

  /** The function that computes the result from the input and running statistics. */
  protected abstract normalize(x: Tensor, options: ChannelNormalizationOptions): Tensor;

  /** The axes of `[N, C, …]` over which the statistics are computed. */
  protected abstract statisticsAxes(rank: number): number[];

  /** The weight of the newest statistics in the running ones; called once for each batch that updates them. */
  protected abstract nextMomentum(dtype: DType): Tensor | number;

  /** In evaluation, the running statistics, if they are kept. */
  #running(): Statistics | undefined {
    const { runningMean, runningVar } = this;
    if (runningMean === undefined || runningVar === undefined || this.training) return undefined;
    return { mean: runningMean.value, variance: runningVar.value };
  }

  /** The input normalised by its own statistics. In training they also update the running statistics. */
  #byItself(x: Tensor): Tensor {
    const axes = this.statisticsAxes(x.rank);
    const count = sizeOf(axes.map((axis) => x.shape[axis] ?? 1));
    if (this.training && count < 2) {
      throw new ShapeError(
        `${this.constructor.name}: input ${formatShape(x.shape)} has fewer than two values per channel, whose variance is always 0; ${this.tooFew}`,
      );
    }
    const { normalized, mean: center, variance } = standardize(x, axes, this.epsilon);
    const examples = center.shape[0] ?? 1;
    const perChannel = (values: Tensor): Tensor => reshape(values, examples === 1 ? [this.features] : [examples, this.features]);
    if (this.training) this.#track(perChannel(center), perChannel(variance).mul(count / (count - 1)));
    return normalized;
  }

  #affine(normalized: Tensor): Tensor {
    const column = normalized.shape.map((length, axis) => (axis === 1 ? length : 1));
    const product = this.weight === undefined ? normalized : normalized.mul(reshape(this.weight.value, column));
    return this.bias === undefined ? product : product.add(reshape(this.bias.value, column));
  }

  /** Moves the running statistics towards those of the input, or towards their mean over the examples. The running variance is unbiased. */
  #track(center: Tensor, variance: Tensor): void {
    const { runningMean, runningVar } = this;
    if (runningMean === undefined || runningVar === undefined) return;
    const momentum = this.nextMomentum(runningMean.dtype);
    const overall = (values: Tensor): Tensor => (values.rank === 1 ? values.detach() : mean(values.detach(), 0));
    runningMean.value = lerp(runningMean.value, overall(center), momentum);
    runningVar.value = lerp(runningVar.value, overall(variance), momentum);
  }

  #check(x: Tensor): void {
    const operation = this.constructor.name;
    requireFloat(operation, x);
    if (!this.layouts.has(x.rank) || x.shape[1] !== this.features) {
      const expected = [...this.layouts.values()].map((layout) => layout.replaceAll(/\bC\b/g, String(this.features))).join(" or ");
      throw new ShapeError(`${operation}: input is ${formatShape(x.shape)}, expected ${expected}`);
    }
    const dtype = (this.runningMean ?? this.weight)?.dtype ?? x.dtype;
    if (x.dtype !== dtype) throw new DTypeError(`${operation}: input has dtype ${x.dtype}, but the parameters ${dtype}; cast one`);
  }
}
