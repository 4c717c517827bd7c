import { ShapeError, Tensor, type FloatDType } from "@nn/tensor";
import { allocate, formatShape, requireOptions, requireTensor, type OptionKinds } from "@nn/tensor/extend";
import { categoriesOf, requireValues, unseen, type Category } from "./categories.js";
import { StateReader } from "./state.js";

/** Options of {@link OneHotEncoder}. */
export interface OneHotOptions {
  /** What happens to a category that did not occur in the fit: `"error"`, or `"zeros"` for all its columns. Default `"error"`. */
  readonly unseen?: "error" | "zeros";
  /** What happens to a missing value (null): `"error"`, or `"zeros"` for all its columns. Default `"error"`. */
  readonly missing?: "error" | "zeros";
}

const oneHotOptions: OptionKinds<OneHotOptions> = { unseen: ["error", "zeros"], missing: ["error", "zeros"] };

/** Options of the encoders' `transform`. */
export interface EncodingOptions {
  /** Default `"float32"`. */
  readonly dtype?: FloatDType;
}

/** The kinds of {@link EncodingOptions}. */
export const encodingOptions: OptionKinds<EncodingOptions> = { dtype: ["float32", "float64"] };

/** The JSON form of a {@link OneHotEncoder}. */
export interface OneHotEncoderState {
  readonly type: "OneHotEncoder";
  readonly unseen: "error" | "zeros";
  readonly missing: "error" | "zeros";
  readonly categories: readonly Category[];
}

/**
 * Encodes categories as one column each: 1 for items of the category, 0 for all others. Columns are in ascending order of the categories.
 *
 * @example
 * ```ts
 * import { OneHotEncoder } from "@nn/data";
 * const encoder = OneHotEncoder.fit(["red", "blue", "red"]);
 * encoder.categories; // => ["blue", "red"]
 * encoder.transform(["red", "blue"]).toArray(); // => [[0, 1], [1, 0]]
 * ```
 */
export class OneHotEncoder {
  readonly categories: readonly Category[];
  readonly #columns: ReadonlyMap<Category, number>;
  readonly options: Required<OneHotOptions>;

  private constructor(categories: readonly Category[], options: Required<OneHotOptions>) {
    this.categories = categories;
    this.#columns = new Map(categories.map((each, index) => [each, index]));
    this.options = options;
  }

  /** @throws FormatError if a value is missing and `missing` is `"error"`. */
  static fit(values: ArrayLike<Category | null>, options: OneHotOptions = {}): OneHotEncoder {
    requireOptions("OneHotEncoder.fit", options, oneHotOptions);
    requireValues("OneHotEncoder.fit", values);
    const { unseen: ofUnseen = "error", missing = "error" } = options;
    const known = missing === "zeros" ? Array.from(values).filter((value) => value !== null) : values;
    return new OneHotEncoder(categoriesOf("OneHotEncoder.fit", known), { unseen: ofUnseen, missing });
  }

  /**
   * `[items, categories]`.
   * @throws FormatError if a value is missing or did not occur in the fit, and the options do not allow it.
   */
  transform(values: ArrayLike<Category | null>, options: EncodingOptions = {}): Tensor {
    requireOptions("OneHotEncoder.transform", options, encodingOptions);
    requireValues("OneHotEncoder.transform", values);
    const { dtype = "float32" } = options;
    const width = this.categories.length;
    const data = allocate(dtype, values.length * width);
    for (let item = 0; item < values.length; item++) {
      const value = values[item] ?? null;
      const column = value === null ? undefined : this.#columns.get(value);
      if (column !== undefined) data[item * width + column] = 1;
      else if (this.options[value === null ? "missing" : "unseen"] === "error") throw unseen("OneHotEncoder.transform", value, item, this.categories);
    }
    return new Tensor([values.length, width], dtype, data);
  }

  /**
   * The category of the largest column of each item; null where all columns are 0. The input may hold probabilities.
   * @throws ShapeError unless the input is `[items, categories]`.
   */
  inverseTransform(x: Tensor): (Category | null)[] {
    requireTensor("OneHotEncoder.inverseTransform", x);
    const width = this.categories.length;
    if (x.shape.length !== 2 || x.shape[1] !== width) {
      throw new ShapeError(`OneHotEncoder.inverseTransform: input is ${formatShape(x.shape)}, expected [items, ${width}]`);
    }
    const data = x.data("OneHotEncoder.inverseTransform");
    return Array.from({ length: x.shape[0] ?? 0 }, (_, item) => {
      const row = Array.from(data.subarray(item * width, (item + 1) * width));
      const largest = row.indexOf(Math.max(...row));
      return row.every((value) => value === 0) ? null : (this.categories[largest] ?? null);
    });
  }

  /** The fitted state as plain data for a file; pass it to `fromJSON`. */
  toJSON(): OneHotEncoderState {
    return { type: "OneHotEncoder", ...this.options, categories: this.categories };
  }

  /** Restores an encoder from its JSON, as text or parsed. */
  static fromJSON(value: unknown): OneHotEncoder {
    const state = new StateReader("OneHotEncoder", value);
    const choices = ["error", "zeros"] as const;
    return new OneHotEncoder(state.labels("categories"), { unseen: state.oneOf("unseen", choices), missing: state.oneOf("missing", choices) });
  }
}
