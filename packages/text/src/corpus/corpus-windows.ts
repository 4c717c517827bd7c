import { Dataset, type Collated } from "@nn/data";
import { ArgumentError, Tensor } from "@nn/tensor";
import { describeValue, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { maxId, requireIds, type TokenIds } from "../requirements.js";

/** Options of {@link CorpusWindows}. */
export interface WindowOptions {
  /** Number of tokens of a window. */
  readonly length: number;
  /** From one window to the next; default `length`, so that each token is a target once. */
  readonly stride?: number | undefined;
}

const windowOptions: OptionKinds<WindowOptions> = { length: "count", stride: "count" };

/** The tokens of a window, and for each the one that follows it. */
export type Window = readonly [input: Int32Array, target: Int32Array];

/**
 * A data set of windows over a corpus, for language models: the tokens `t … t + length − 1`, and as targets those one further on. A last window that is not
 * full is left out.
 *
 * @example
 * ```ts
 * import { CorpusWindows } from "@nn/text";
 * const windows = new CorpusWindows([10, 11, 12, 13, 14, 15], { length: 2 });
 * const [inputs, targets] = windows.all();
 * inputs.toArray(); // => [[10, 11], [12, 13]]
 * targets.toArray(); // => [[11, 12], [13, 14]]
 * ```
 * @throws ArgumentError if the corpus has fewer than `length + 1` tokens.
 */
export class CorpusWindows extends Dataset<Window> {
  readonly tokens: Int32Array;
  readonly windowLength: number;
  readonly stride: number;

  constructor(tokens: TokenIds, options: WindowOptions) {
    super();
    requireOptions("CorpusWindows", options, windowOptions);
    requireKind("CorpusWindows", "length", options?.length, "count");
    requireIds("CorpusWindows", tokens, maxId, "the tokens");
    const { length, stride = length } = options;
    if (tokens.length <= length) throw new ArgumentError(`CorpusWindows: there are ${tokens.length} tokens, expected at least ${length + 1}, a window and the token after it`);
    this.tokens = Int32Array.from(tokens);
    this.windowLength = length;
    this.stride = stride;
  }

  override get length(): number {
    return Math.floor((this.tokens.length - 1 - this.windowLength) / this.stride) + 1;
  }

  override get(index: number): Window {
    if (!Number.isInteger(index) || index < 0 || index >= this.length) {
      throw new ArgumentError(`CorpusWindows.get: index is ${describeValue(index)}, expected a whole number from 0 to ${this.length - 1}`);
    }
    const at = index * this.stride;
    return [this.tokens.slice(at, at + this.windowLength), this.tokens.slice(at + 1, at + 1 + this.windowLength)];
  }

  override batch(indices: ArrayLike<number>): Collated<Window> {
    const windows = Array.from(indices, (index) => this.get(index));
    if (windows.length === 0) throw new ArgumentError("CorpusWindows.batch: a batch needs at least one index");
    return [this.#stacked(windows.map(([input]) => input)), this.#stacked(windows.map(([, target]) => target))];
  }

  #stacked(rows: readonly Int32Array[]): Tensor {
    const data = new Int32Array(rows.length * this.windowLength);
    for (const [row, values] of rows.entries()) data.set(values, row * this.windowLength);
    return new Tensor([rows.length, this.windowLength], "int32", data);
  }
}
