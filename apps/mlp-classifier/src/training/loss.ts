import { classLabels, classWeights } from "@nn/data";
import { crossEntropy } from "@nn/losses";
import { sum, take, type Tensor } from "@nn/tensor";
import { listed } from "../data/column-warnings.js";
import type { LoadedData } from "../data/loaded-data.js";
import { Failure } from "../failure.js";
import type { Settings } from "../settings/settings.js";

/** The loss that is minimised, and what it is a mean over. */
export interface TrainingLoss {
  readonly loss: (logits: Tensor, y: Tensor, options?: { readonly labelSmoothing: number }) => Tensor;
  /** Default: the number of examples. */
  readonly weight?: (logits: Tensor, y: Tensor) => Tensor;
}

/**
 * The cross-entropy, in which examples count equally or, with balanced weights, classes do: an example weighs `n / (K n_c)`, where `n_c` of
 * the `n` training examples are of its class and there are `K` classes.
 * @throws Failure if a class has no training example, since its weight would be infinite.
 */
export function trainingLoss({ train, classes }: Pick<LoadedData, "train" | "classes">, { classWeights: mode }: Pick<Settings, "classWeights">): TrainingLoss {
  if (mode === "none") return { loss: crossEntropy };
  const labels = classLabels(train).map(Number);
  const absent = classes.filter((_, label) => !labels.includes(label));
  if (absent.length > 0) throw new Failure(`--class-weights balanced: there is no training example of ${listed(absent)}, so that its weight would be infinite; use --class-weights none`);
  const weight = classWeights(labels, mode, { classes: classes.length });
  return {
    loss: (logits, y, options) => crossEntropy(logits, y, { ...options, weight }),
    weight: (_, y) => sum(take(weight, y)),
  };
}
