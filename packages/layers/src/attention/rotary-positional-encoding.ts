import { ArgumentError, concat, DTypeError, reshape, ShapeError, stack, tensor, type FloatDType, type Tensor } from "@nn/tensor";
import { formatShape, requireOptions, requireTensor, type OptionKinds } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import { requireCounts } from "../requirements.js";
import { splitEvenly } from "../shape/split-evenly.js";
import { positionOptions, rowsFor, type PositionOptions } from "./positional-encoding.js";

/** The pairing of elements: neighbours, or each element of the first half with one of the second. */
export type RotaryPairs = "neighbours" | "halves";

/** Options of {@link RotaryPositionalEncoding}. */
export interface RotaryPositionalEncodingOptions {
  /** Number of positions; default 4096. */
  readonly maxLength?: number | undefined;
  /** Default 10,000. */
  readonly base?: number | undefined;
  /** Default `"neighbours"`, the paper's; weights of LLaMA and GPT-NeoX as commonly distributed are for `"halves"`. */
  readonly pairs?: RotaryPairs | undefined;
  /** Default float32. */
  readonly dtype?: FloatDType | undefined;
}

const encodingOptions: OptionKinds<RotaryPositionalEncodingOptions> = {
  maxLength: "count", base: "positive", pairs: ["neighbours", "halves"], dtype: ["float32", "float64"],
};

/**
 * Rotates each pair of elements by an angle proportional to the position p, so that products of queries and keys depend on their
 * distance (Su et al. 2021): `(y₁, y₂) = (x₁ cos θ − x₂ sin θ, x₂ cos θ + x₁ sin θ)`, `θ = p / base^(2i / size)` for pair i.
 *
 * Shapes: input and output `[…, steps, size]`, such as the queries or keys of each head; `MultiheadAttention` applies it to both if
 * it is given one as `rotary`. It has no parameters and nothing in the state dictionary.
 * @throws ArgumentError if the size is odd.
 * @throws ShapeError if the input has another size, or there are more steps than positions.
 */
export class RotaryPositionalEncoding extends Module {
  readonly size: number;
  readonly maxLength: number;
  readonly pairs: RotaryPairs;
  readonly #cosines: Tensor;
  readonly #sines: Tensor;

  constructor(size: number, options: RotaryPositionalEncodingOptions = {}) {
    super();
    takeOptions("RotaryPositionalEncoding", this, options, encodingOptions);
    const { maxLength = 4096, base = 10_000, pairs = "neighbours", dtype = "float32" } = options;
    requireCounts("RotaryPositionalEncoding", { size });
    if (size % 2 !== 0) throw new ArgumentError(`RotaryPositionalEncoding: size is ${size}, expected an even number: elements are rotated in pairs`);
    this.size = size;
    this.maxLength = maxLength;
    this.pairs = pairs;
    const half = size / 2;
    const table = (wave: (angle: number) => number): Tensor => tensor(
      Float64Array.from({ length: maxLength * half }, (_, at) => wave(Math.floor(at / half) / base ** ((at % half) / half))),
      { shape: [maxLength, half], dtype },
    );
    this.#cosines = table(Math.cos);
    this.#sines = table(Math.sin);
  }

  forward(x: Tensor, options: PositionOptions = {}): Tensor {
    const operation = "RotaryPositionalEncoding";
    requireTensor(operation, x);
    requireOptions(operation, options, positionOptions);
    if (x.rank < 2 || x.shape.at(-1) !== this.size) throw new ShapeError(`${operation}: input is ${formatShape(x.shape)}, expected [..., steps, ${this.size}]`);
    if (x.dtype !== this.#cosines.dtype) throw new DTypeError(`${operation}: input has dtype ${x.dtype}, but the angles ${this.#cosines.dtype}; cast one`);
    const angles = (table: Tensor): Tensor => rowsFor(operation, table, x, -2, options);
    const [cosine, sine] = [angles(this.#cosines), angles(this.#sines)];
    const rotate = (first: Tensor, second: Tensor): [Tensor, Tensor] => [first.mul(cosine).sub(second.mul(sine)), second.mul(cosine).add(first.mul(sine))];
    if (this.pairs === "halves") {
      const [first, second] = splitEvenly(x, 2, -1) as Pair;
      return concat(rotate(first, second), -1);
    }
    const half = [...x.shape.slice(0, -1), this.size / 2];
    const [first, second] = splitEvenly(reshape(x, [...half, 2]), 2, -1).map((part) => reshape(part, half)) as readonly Tensor[] as Pair;
    return reshape(stack(rotate(first, second), -1), x.shape);
  }
}

type Pair = readonly [first: Tensor, second: Tensor];
