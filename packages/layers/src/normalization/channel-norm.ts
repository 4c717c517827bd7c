import {
  formatShape, lerp, mean, ones, reshape, ShapeError, sizeOf, sqrt, square, tensor, Variable, zeros,
  type DType, type FloatDType, type Tensor,
} from "@nn/tensor";
import { requireKind, type OptionKinds } from "@nn/tensor/extend";
import { createParameter } from "../create-parameter.js";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import type { Parameter } from "../parameter.js";
import { requireCounts, requireFloat } from "../requirements.js";

/** Options of batch and instance normalisation. */
export interface ChannelNormOptions {
  /** Added to the variance; default 1e-5. */
  readonly epsilon?: number | undefined;
  /** Whether there are a learned scale and shift. */
  readonly affine?: boolean | undefined;
  /** Whether statistics are kept for evaluation; without them evaluation uses those of its input. */
  readonly trackRunningStats?: boolean | undefined;
  /** Default float32. */
  readonly dtype?: FloatDType | undefined;
}

/** The options with the defaults of the class filled in. */
export interface ChannelNormSettings extends ChannelNormOptions {
  readonly momentum: number | null;
  readonly affine: boolean;
  readonly trackRunningStats: boolean;
}

/** The options of batch and instance normalisation. */
export const channelNormOptions: OptionKinds<ChannelNormSettings> = {
  epsilon: "nonNegative", affine: "boolean", trackRunningStats: "boolean", momentum: "any", dtype: ["float32", "float64"],
};

/** Of each channel, shaped to broadcast against the input. */
interface Statistics {
  readonly center: Tensor;
  readonly variance: Tensor;
}

/** What the normalisations of channels share; they differ in what a channel's statistics are taken over. */
export abstract class ChannelNorm extends Module {
  readonly features: number;
  readonly epsilon: number;
  readonly momentum: number | null;
  readonly weight: Parameter | undefined;
  readonly bias: Parameter | undefined;
  readonly runningMean: Variable | undefined;
  readonly runningVar: Variable | undefined;
  readonly numBatchesTracked: Variable | undefined;

  /** The layouts that the class accepts, by the number of axes. */
  protected abstract readonly layouts: ReadonlyMap<number, string>;

  /** What to do about a channel with too few values to train with, in an error message. */
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
    const spread = (values: Tensor): Tensor => reshape(values, x.shape.map((length, axis) => (axis === 1 ? length : 1)));
    const { center, variance } = this.#running(spread) ?? this.#current(x);
    const normalized = x.sub(center).div(sqrt(variance.add(this.epsilon)));
    if (this.weight === undefined || this.bias === undefined) return normalized;
    return normalized.mul(spread(this.weight.value)).add(spread(this.bias.value));
  }

  /** The axes of `[N, C, …]` that statistics are taken over. */
  protected abstract statisticsAxes(rank: number): number[];

  /** The weight of the newest statistics in the running ones; called once for each batch that enters them. */
  protected abstract nextShare(dtype: DType): Tensor | number;

  /** In evaluation the running statistics, if there are any. */
  #running(spread: (values: Tensor) => Tensor): Statistics | undefined {
    const { runningMean, runningVar } = this;
    if (runningMean === undefined || runningVar === undefined || this.training) return undefined;
    return { center: spread(runningMean.value), variance: spread(runningVar.value) };
  }

  /** The statistics of the input, which in training enter the running ones. */
  #current(x: Tensor): Statistics {
    const axes = this.statisticsAxes(x.rank);
    const count = sizeOf(axes.map((axis) => x.shape[axis] ?? 1));
    if (this.training && count < 2) {
      throw new ShapeError(
        `${this.constructor.name}: input ${formatShape(x.shape)} has fewer than two values per channel, whose variance says nothing; ${this.tooFew}`,
      );
    }
    const center = mean(x, axes, { keepAxes: true });
    const variance = mean(square(x.sub(center)), axes, { keepAxes: true });
    if (this.training) this.#track(center, variance.mul(count / (count - 1)));
    return { center, variance };
  }

  /** Moves the running statistics towards those of the input, the mean of all if there are several; the variance is the unbiased one. */
  #track(center: Tensor, variance: Tensor): void {
    const { runningMean, runningVar } = this;
    if (runningMean === undefined || runningVar === undefined) return;
    const share = this.nextShare(runningMean.dtype);
    const overall = (values: Tensor): Tensor => reshape(values.shape[0] === 1 ? values.detach() : mean(values.detach(), 0), [this.features]);
    runningMean.value = lerp(runningMean.value, overall(center), share);
    runningVar.value = lerp(runningVar.value, overall(variance), share);
  }

  #check(x: Tensor): void {
    const operation = this.constructor.name;
    requireFloat(operation, x);
    if (!this.layouts.has(x.rank) || x.shape[1] !== this.features) {
      const expected = [...this.layouts.values()].map((layout) => layout.replaceAll(/\bC\b/g, String(this.features))).join(" or ");
      throw new ShapeError(`${operation}: input is ${formatShape(x.shape)}, expected ${expected}`);
    }
  }
}
