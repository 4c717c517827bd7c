import {
  arange, less, max, maximum, mean, reshape, select, ShapeError, sum, takeAlongAxis, transpose, unsqueeze, where, type Tensor,
} from "@nn/tensor";
import { formatShape, requireOptions, requireTensor } from "@nn/tensor/extend";
import { Linear, linearOptions, type LinearOptions } from "../linear/linear.js";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import { requireCounts } from "../requirements.js";
import { Dropout } from "../regularization/dropout.js";
import { checkedLengths, type Lengths } from "./lengths.js";

/** The reduction of a sequence: its last step, its first step, the mean of all steps, or the maximum of each feature. */
export type SequencePooling = "last" | "first" | "mean" | "max";

/** Options of {@link SequenceClassifier}. */
export interface SequenceClassifierOptions extends LinearOptions {
  /** Default `"last"`. */
  readonly pooling?: SequencePooling | undefined;
  /** Whether the input is `[N, steps, features]` instead of `[steps, N, features]`; default false. */
  readonly batchFirst?: boolean | undefined;
  /** Probability with which features are dropped before the map; default 0. */
  readonly dropout?: number | undefined;
}

/**
 * The head of a sequence classifier: from the outputs of a recurrent network or an encoder for each step to the logits of the sequence,
 * `y = W pool(x₁ … x_T) + b`. `"last"` suits unidirectional recurrent networks, `"first"` encoders with a token for the whole
 * sequence (Devlin et al. 2019), `"mean"` all.
 *
 * Shapes: input `[steps, N, features]` (`[N, steps, features]` with `batchFirst`, `[steps, features]` without a batch), output
 * `[N, classes]` (`[classes]`). With `lengths`, steps in the padding are ignored.
 *
 * @example
 * ```ts
 * import { zeros } from "@nn/tensor";
 * import { GRU, SequenceClassifier } from "@nn/layers";
 * const [encoder, head] = [new GRU(8, 16, { batchFirst: true }), new SequenceClassifier(16, 3, { batchFirst: true })];
 * const lengths = [10, 4];
 * head.forward(encoder.forward(zeros([2, 10, 8]), { lengths }).output, { lengths }).shape; // => [2, 3]
 * ```
 * @throws ShapeError if the input has other features or no steps, or lengths do not fit.
 */
export class SequenceClassifier extends Module {
  readonly pooling: SequencePooling;
  readonly batchFirst: boolean;
  readonly dropout: Dropout;
  readonly linear: Linear;

  constructor(features: number, classes: number, options: SequenceClassifierOptions = {}) {
    super();
    requireCounts("SequenceClassifier", { features, classes });
    takeOptions("SequenceClassifier", this, options, { ...linearOptions, pooling: Object.keys(poolings), batchFirst: "boolean", dropout: "probability" });
    const { pooling = "last", batchFirst = false, dropout = 0, ...others } = options;
    this.pooling = pooling;
    this.batchFirst = batchFirst;
    this.dropout = new Dropout(dropout, { generator: others.generator });
    this.linear = new Linear(features, classes, others);
  }

  forward(x: Tensor, options: { readonly lengths?: Lengths | undefined } = {}): Tensor {
    requireTensor("SequenceClassifier", x);
    requireOptions("SequenceClassifier", options, { lengths: "any" });
    const { lengths } = options;
    const { inFeatures } = this.linear;
    if ((x.rank !== 2 && x.rank !== 3) || x.shape.at(-1) !== inFeatures) {
      const layout = this.batchFirst ? "[N, steps, " : "[steps, N, ";
      throw new ShapeError(`SequenceClassifier: input is ${formatShape(x.shape)}, expected ${layout}${inFeatures}], or [steps, ${inFeatures}] without a batch`);
    }
    const batch = x.rank === 2 ? unsqueeze(x, 0) : this.batchFirst ? x : transpose(x, 0, 1);
    const [count = 0, steps = 0] = batch.shape;
    if (steps === 0) throw new ShapeError(`SequenceClassifier: input ${formatShape(x.shape)} has no steps, expected at least one`);
    const pooled = poolings[this.pooling](batch, lengths === undefined ? undefined : extentOf(lengths, count, steps));
    const logits = this.linear.forward(this.dropout.forward(pooled));
    return x.rank === 2 ? reshape(logits, [-1]) : logits;
  }
}

/** Lengths of sequences and, `[N, steps, 1]`, which steps lie within them. */
interface Extent {
  readonly lengths: Tensor;
  readonly valid: Tensor;
}

function extentOf(given: Lengths, batch: number, steps: number): Extent {
  const lengths = checkedLengths("SequenceClassifier", given, { batch, steps });
  return { lengths, valid: reshape(less(arange(steps), reshape(lengths, [batch, 1])), [batch, steps, 1]) };
}

/** From `[N, steps, features]` to `[N, features]`. */
const poolings: Readonly<Record<SequencePooling, (x: Tensor, extent: Extent | undefined) => Tensor>> = {
  last: (x, extent) => (extent === undefined ? select(x, 1, -1) : select(takeAlongAxis(x, reshape(extent.lengths.sub(1), [-1, 1, 1]), 1), 1, 0)),
  // The first step is always valid; reading the lengths refuses invalid ones.
  first: (x, extent) => (extent === undefined ? select(x, 1, 0) : where(select(extent.valid, 1, 0), select(x, 1, 0), 0)),
  mean: (x, extent) => (extent === undefined ? mean(x, 1) : sum(where(extent.valid, x, 0), 1).div(maximum(extent.lengths, 1).cast(x.dtype).reshape([-1, 1]))),
  max: (x, extent) => max(extent === undefined ? x : where(extent.valid, x, -Infinity), 1),
};
