import {
  ArgumentError, DTypeError, formatShape, isFloat, lerp, mean, ones, reshape, ShapeError, sizeOf, sqrt, square, tensor, Variable, zeros,
  type FloatDType, type Tensor,
} from "@nn/tensor";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";

/** Options of `BatchNorm1d` and its relatives. */
export interface BatchNormOptions {
  /** Added to the variance; default 1e-5. */
  readonly epsilon?: number | undefined;
  /** Weight of the newest batch in the running statistics; `null`: all batches count the same. Default 0.1. */
  readonly momentum?: number | null | undefined;
  /** Whether there are a learned scale and shift; default true. */
  readonly affine?: boolean | undefined;
  /** Whether statistics are kept for evaluation; without them evaluation uses those of the batch. Default true. */
  readonly trackRunningStats?: boolean | undefined;
  /** Default float32. */
  readonly dtype?: FloatDType | undefined;
}

/** Of each channel, shaped to broadcast against the input. */
interface Statistics {
  readonly center: Tensor;
  readonly variance: Tensor;
}

/** What the batch normalisations share; they differ in the ranks that they accept. */
export abstract class BatchNorm extends Module {
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

  constructor(features: number, options: BatchNormOptions = {}) {
    super();
    const { epsilon = 1e-5, momentum = 0.1, affine = true, trackRunningStats = true, dtype = "float32" } = options;
    const operation = this.constructor.name;
    if (!Number.isInteger(features) || features < 1) throw new ArgumentError(`${operation}: features is ${features}, expected a positive whole number`);
    if (momentum !== null && !(momentum >= 0 && momentum <= 1)) throw new ArgumentError(`${operation}: momentum is ${momentum}, expected 0 to 1 or null`);
    this.features = features;
    this.epsilon = epsilon;
    this.momentum = momentum;
    this.weight = affine ? new Parameter(ones([features], { dtype }), { name: `${operation}.weight` }) : undefined;
    this.bias = affine ? new Parameter(zeros([features], { dtype }), { name: `${operation}.bias` }) : undefined;
    this.runningMean = trackRunningStats ? new Variable(zeros([features], { dtype }), { name: `${operation}.runningMean` }) : undefined;
    this.runningVar = trackRunningStats ? new Variable(ones([features], { dtype }), { name: `${operation}.runningVar` }) : undefined;
    this.numBatchesTracked = trackRunningStats ? new Variable(tensor(0, { dtype: "int32" }), { name: `${operation}.numBatchesTracked` }) : undefined;
  }

  forward(x: Tensor): Tensor {
    this.#check(x);
    const spread = (values: Tensor): Tensor => reshape(values, x.shape.map((length, axis) => (axis === 1 ? length : 1)));
    const { center, variance } = this.#running(spread) ?? this.#batch(x);
    const normalized = x.sub(center).div(sqrt(variance.add(this.epsilon)));
    if (this.weight === undefined || this.bias === undefined) return normalized;
    return normalized.mul(spread(this.weight.value)).add(spread(this.bias.value));
  }

  /** In evaluation the running statistics, if there are any. */
  #running(spread: (values: Tensor) => Tensor): Statistics | undefined {
    const { runningMean, runningVar } = this;
    if (runningMean === undefined || runningVar === undefined || this.training) return undefined;
    return { center: spread(runningMean.value), variance: spread(runningVar.value) };
  }

  /** The statistics of the batch, which in training enter the running ones. */
  #batch(x: Tensor): Statistics {
    const axes = x.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
    const count = sizeOf(axes.map((axis) => x.shape[axis] ?? 1));
    if (this.training && count < 2) {
      throw new ShapeError(
        `${this.constructor.name}: input ${formatShape(x.shape)} has fewer than two values per channel, whose variance says nothing; ` +
          "train on larger batches, or call eval()",
      );
    }
    const center = mean(x, axes, { keepDims: true });
    const variance = mean(square(x.sub(center)), axes, { keepDims: true });
    if (this.training) this.#track(center, variance.mul(count / (count - 1)));
    return { center, variance };
  }

  /** Moves the running statistics towards those of the batch; the variance is the unbiased one. */
  #track(center: Tensor, variance: Tensor): void {
    const { runningMean, runningVar, numBatchesTracked } = this;
    if (runningMean === undefined || runningVar === undefined || numBatchesTracked === undefined) return;
    const batches = numBatchesTracked.value.add(1);
    numBatchesTracked.value = batches;
    const share = this.momentum ?? batches.cast(runningMean.dtype).reciprocal();
    runningMean.value = lerp(runningMean.value, reshape(center.detach(), [this.features]), share);
    runningVar.value = lerp(runningVar.value, reshape(variance.detach(), [this.features]), share);
  }

  #check(x: Tensor): void {
    const operation = this.constructor.name;
    if (!this.layouts.has(x.rank) || x.shape[1] !== this.features) {
      const expected = [...this.layouts.values()].map((layout) => layout.replace("C", String(this.features))).join(" or ");
      throw new ShapeError(`${operation}: input is ${formatShape(x.shape)}, expected ${expected}`);
    }
    if (!isFloat(x.dtype)) throw new DTypeError(`${operation}: input has dtype ${x.dtype}, expected float32 or float64`);
  }
}
