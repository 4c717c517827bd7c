import { ArgumentError, tensor, type Tensor } from "@nn/tensor";
import { describeValue, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { requireLabels } from "../split/class-labels.js";

/** Options of {@link classWeights}. */
export interface ClassWeightOptions {
  /** The number of classes. Default: one more than the largest label. */
  readonly classes?: number;
}

const weightOptions: OptionKinds<ClassWeightOptions> = { classes: "count" };

/**
 * A weight for each class, float32 `[classes]`, for the option `weight` of losses such as `crossEntropy`. "balanced" weighs classes by
 * `n / (K · n_c)`, with `n` labels of `K` classes of which `n_c` are of class `c`, so that all classes count equally (King and Zeng 2001).
 * scikit-learn: `compute_class_weight("balanced", …)`.
 *
 * @example
 * ```ts
 * import { classWeights } from "@nn/data";
 * classWeights([0, 0, 1, 0, 0, 0], "balanced").toArray(); // => [0.6, 3]
 * ```
 * @param labels - classes, counted from 0: a list, or a tensor. A `LabelEncoder` makes them from texts.
 * @throws ArgumentError if a label is not a whole number from 0 to `classes − 1`, or a class has no label: its weight would be infinite.
 */
export function classWeights(labels: ArrayLike<number> | Tensor, mode: "balanced" = "balanced", options: ClassWeightOptions = {}): Tensor {
  if (mode !== "balanced") throw new ArgumentError(`classWeights: mode is ${describeValue(mode)}, expected "balanced"`);
  requireOptions("classWeights", options, weightOptions);
  const own = requireLabels("classWeights", labels);
  const classes = options.classes ?? own.reduce<number>((largest, label) => (typeof label === "number" && label >= largest ? label + 1 : largest), 0);
  const counts = new Array<number>(Number.isInteger(classes) ? classes : 0).fill(0);
  for (const [index, label] of own.entries()) {
    if (typeof label !== "number" || counts[label] === undefined) {
      throw new ArgumentError(`classWeights: label ${index} is ${describeValue(label)}, expected a class, a whole number from 0${options.classes === undefined ? "" : ` to ${classes - 1}`}; encode texts with a LabelEncoder`);
    }
    counts[label]++;
  }
  const empty = counts.indexOf(0);
  if (empty >= 0) throw new ArgumentError(`classWeights: class ${empty} of ${classes} has no label, so its weight would be infinite; classes count from 0 without a gap`);
  return tensor(counts.map((count) => own.length / (classes * count)), { dtype: "float32" });
}
