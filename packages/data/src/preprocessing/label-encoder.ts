import { ArgumentError, Tensor } from "@nn/tensor";
import { requireDType, requireTensor } from "@nn/tensor/extend";
import { categoriesOf, requireValues, unseen, type Category } from "./categories.js";
import { StateReader } from "./state.js";

/** The JSON form of a {@link LabelEncoder}. */
export interface LabelEncoderState {
  readonly type: "LabelEncoder";
  readonly classes: readonly Category[];
}

/**
 * Encodes classes as the indices 0, 1, … in ascending order of the classes, for losses that take class indices.
 *
 * @example
 * ```ts
 * import { LabelEncoder } from "@nn/data";
 * const encoder = LabelEncoder.fit(["cat", "dog", "cat", "ape"]);
 * encoder.classes; // => ["ape", "cat", "dog"]
 * encoder.transform(["dog", "cat"]).toArray(); // => [2, 1]
 * encoder.inverseTransform(encoder.transform(["dog", "cat"])); // => ["dog", "cat"]
 * ```
 */
export class LabelEncoder {
  readonly classes: readonly Category[];
  readonly #indices: ReadonlyMap<Category, number>;

  private constructor(classes: readonly Category[]) {
    this.classes = classes;
    this.#indices = new Map(classes.map((each, index) => [each, index]));
  }

  /** @throws FormatError if a label is missing. */
  static fit(labels: ArrayLike<Category | null>): LabelEncoder {
    return new LabelEncoder(categoriesOf("LabelEncoder.fit", labels));
  }

  /**
   * The indices of the classes, an int32 tensor.
   * @throws FormatError, with the label, if a label did not occur in the fit.
   */
  transform(labels: ArrayLike<Category | null>): Tensor {
    requireValues("LabelEncoder.transform", labels);
    const indices = Int32Array.from(labels, (label, item) => {
      const index = label === null ? undefined : this.#indices.get(label);
      if (index === undefined) throw unseen("LabelEncoder.transform", label, item, this.classes);
      return index;
    });
    return new Tensor([indices.length], "int32", indices);
  }

  /**
   * The labels of class indices.
   * @throws ArgumentError if an index is out of range.
   */
  inverseTransform(indices: Tensor): Category[] {
    requireTensor("LabelEncoder.inverseTransform", indices, "indices");
    requireDType("LabelEncoder.inverseTransform", indices.dtype, ["int32"], "indices");
    return Array.from(indices.data("LabelEncoder.inverseTransform"), (index, item) => {
      const label = this.classes[index];
      if (label === undefined) throw new ArgumentError(`LabelEncoder.inverseTransform: item ${item} is ${index}, expected 0 to ${this.classes.length - 1}`);
      return label;
    });
  }

  /** The fitted state as plain data for a file; pass it to `fromJSON`. */
  toJSON(): LabelEncoderState {
    return { type: "LabelEncoder", classes: this.classes };
  }

  /** Restores an encoder from its JSON, as text or parsed. */
  static fromJSON(value: unknown): LabelEncoder {
    return new LabelEncoder(new StateReader("LabelEncoder", value).labels("classes"));
  }
}
