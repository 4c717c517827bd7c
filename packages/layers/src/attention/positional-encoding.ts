import { arange, DTypeError, narrow, normal, reshape, ShapeError, tensor, UsageError, type FloatDType, type RandomOptions, type Shape, type Tensor } from "@nn/tensor";
import { apply, formatShape, requireDType, requireOptions, requireTensor, type OptionKinds } from "@nn/tensor/extend";
import * as primitives from "@nn/tensor/primitives";
import { createParameter } from "../create-parameter.js";
import type { Initializer, InitializerOptions } from "../initializers/initializer.js";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import type { Parameter } from "../parameter.js";
import { Dropout } from "../regularization/dropout.js";
import { requireCounts } from "../requirements.js";
import { fits } from "./fits.js";

/** Options of a call: the position of the sequence, or that of each step. */
export interface PositionOptions {
  /** Position of its first step: a number, or an int32 scalar, such as the one of a `KeyValueCache`; default 0. */
  readonly position?: number | Tensor | undefined;
  /** The position of each step, int32, of a shape that broadcasts to the input's without the last axis: for sequences that begin at different steps. Default: one after the other, from `position` on. */
  readonly positions?: Tensor | undefined;
}

/** The options of encodings of positions. */
export const positionOptions: OptionKinds<PositionOptions> = { position: "any", positions: "tensor" };

/**
 * The rows of a table that has one for each position: those of the steps of an input, along its axis `axis`. They broadcast to the input if its steps are its last axis but one.
 * @throws UsageError if there are position and positions.
 */
export function rowsFor(operation: string, table: Tensor, x: Tensor, axis: number, { position, positions }: PositionOptions): Tensor {
  if (positions === undefined) return rowsAt(operation, table, x.shape.at(axis) ?? 0, position);
  if (position !== undefined) throw new UsageError(`${operation}: there are position and positions, expected one of them`);
  return rowsOf(operation, table, x.shape.slice(0, -1), positions);
}

/**
 * `steps` rows of a table that has one for each position, from `position` on.
 * @throws ShapeError if the table has fewer rows.
 * @throws ArgumentError if a position given as a tensor goes beyond it.
 */
function rowsAt(operation: string, table: Tensor, steps: number, position: number | Tensor = 0): Tensor {
  const [length = 0] = table.shape;
  if (typeof position !== "number") {
    requireTensor(operation, position, "position");
    if (position.rank > 0 || position.dtype !== "int32") throw new DTypeError(`${operation}: position is ${position.dtype} ${formatShape(position.shape)}, expected a number or an int32 scalar`);
    const rows = reshape(arange(steps, { dtype: "int32" }).add(position), [steps, 1]);
    const report = { operation, shape: [], problem: `${steps} steps from the position given on, but there are ${length} positions; make it with a larger maxLength` };
    return apply(primitives.gather, [table, rows], { axis: 0, report });
  }
  if (!Number.isInteger(position) || position < 0 || position + steps > length) {
    throw new ShapeError(`${operation}: ${steps} steps from position ${position} on, but there are ${length} positions; make it with a larger maxLength`);
  }
  return narrow(table, 0, position, steps);
}

/**
 * The rows of a table that has one for each position, `[…, features]` for positions `[…]` that broadcast to a shape.
 * @throws ShapeError if they do not broadcast to it.
 * @throws ArgumentError if the table has no such row.
 */
function rowsOf(operation: string, table: Tensor, shape: Shape, positions: Tensor): Tensor {
  requireTensor(operation, positions, "positions");
  requireDType(operation, positions.dtype, ["int32"], "positions");
  if (!fits(positions.shape, shape)) {
    throw new ShapeError(`${operation}: positions are ${formatShape(positions.shape)}, expected a shape that broadcasts to ${formatShape(shape)}, the input's without the last axis`);
  }
  const report = { operation, shape: positions.shape };
  return reshape(apply(primitives.gather, [table, reshape(positions, [-1, 1])], { axis: 0, report }), [...positions.shape, table.shape[1] ?? 0]);
}

/** The input with the row of its position added to each step. */
function addRows(operation: string, x: Tensor, table: Tensor, batchFirst: boolean, options: PositionOptions): Tensor {
  requireTensor(operation, x);
  requireOptions(operation, options, positionOptions);
  const features = table.shape[1] ?? 0;
  if ((x.rank !== 2 && x.rank !== 3) || x.shape.at(-1) !== features) {
    const layout = batchFirst ? "[N, steps, " : "[steps, N, ";
    throw new ShapeError(`${operation}: input is ${formatShape(x.shape)}, expected ${layout}${features}], or [steps, ${features}] without a batch`);
  }
  if (x.dtype !== table.dtype) throw new DTypeError(`${operation}: input has dtype ${x.dtype}, but the positions ${table.dtype}; cast one`);
  const inRows = batchFirst || x.rank === 2;
  const rows = rowsFor(operation, table, x, inRows ? -2 : 0, options);
  return x.add(inRows || options.positions !== undefined ? rows : reshape(rows, [-1, 1, features]));
}

/** Options of {@link SinusoidalPositionalEncoding}. */
export interface SinusoidalPositionalEncodingOptions extends RandomOptions {
  /** Number of positions; default 5000. */
  readonly maxLength?: number | undefined;
  /** Default 10,000. */
  readonly base?: number | undefined;
  /** Probability with which elements of the sum are dropped; default 0. */
  readonly dropout?: number | undefined;
  /** Whether input and output are `[N, steps, features]` instead of `[steps, N, features]`; default false. */
  readonly batchFirst?: boolean | undefined;
  /** Default float32. */
  readonly dtype?: FloatDType | undefined;
}

const sinusoidalOptions: OptionKinds<SinusoidalPositionalEncodingOptions> = {
  maxLength: "count", base: "positive", dropout: "probability", batchFirst: "boolean", dtype: ["float32", "float64"], generator: "any",
};

/**
 * Adds sine and cosine waves of the position p to each step. Wavelengths rise from 2π to 2π · base (Vaswani et al. 2017):
 * `y₂ᵢ = x₂ᵢ + sin(p / base^(2i / features))`, `y₂ᵢ₊₁ = x₂ᵢ₊₁ + cos(p / base^(2i / features))`.
 *
 * Shapes: input and output `[steps, N, features]` (`[N, steps, features]` with `batchFirst`, `[steps, features]` without a batch).
 * It has no parameters and nothing in the state dictionary.
 * @throws ShapeError if the input has other features, or there are more steps than positions.
 */
export class SinusoidalPositionalEncoding extends Module {
  readonly features: number;
  readonly maxLength: number;
  readonly batchFirst: boolean;
  readonly dropout: Dropout;
  readonly #table: Tensor;

  constructor(features: number, options: SinusoidalPositionalEncodingOptions = {}) {
    super();
    takeOptions("SinusoidalPositionalEncoding", this, options, sinusoidalOptions);
    const { maxLength = 5000, base = 10_000, dropout = 0, batchFirst = false, dtype = "float32", generator } = options;
    requireCounts("SinusoidalPositionalEncoding", { features });
    this.features = features;
    this.maxLength = maxLength;
    this.batchFirst = batchFirst;
    this.dropout = new Dropout(dropout, { generator });
    this.#table = waves(maxLength, features, base, dtype);
  }

  forward(x: Tensor, options: PositionOptions = {}): Tensor {
    return this.dropout.forward(addRows("SinusoidalPositionalEncoding", x, this.#table, this.batchFirst, options));
  }
}

function waves(length: number, features: number, base: number, dtype: FloatDType): Tensor {
  const values = Float64Array.from({ length: length * features }, (_, at) => {
    const feature = at % features;
    const angle = Math.floor(at / features) / base ** ((feature - (feature % 2)) / features);
    return feature % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
  return tensor(values, { shape: [length, features], dtype });
}

/** Options of {@link LearnedPositionalEncoding}. */
export interface LearnedPositionalEncodingOptions extends InitializerOptions {
  /** Whether input and output are `[N, steps, features]` instead of `[steps, N, features]`; default false. */
  readonly batchFirst?: boolean | undefined;
  /** Default: normal with standard deviation 0.02. */
  readonly initializeWeight?: Initializer | undefined;
}

const learnedOptions: OptionKinds<LearnedPositionalEncodingOptions> = {
  batchFirst: "boolean", initializeWeight: "function", dtype: ["float32", "float64"], generator: "any",
};

/**
 * Adds a learned vector for each position: `yₜ = xₜ + weight[position + t]` (Gehring et al. 2017; Devlin et al. 2019).
 *
 * Shapes: input and output `[steps, N, features]` (`[N, steps, features]` with `batchFirst`, `[steps, features]` without a batch);
 * `weight` `[maxLength, features]`, as that of an embedding of positions in PyTorch.
 * @throws ShapeError if the input has other features, or there are more steps than positions.
 */
export class LearnedPositionalEncoding extends Module {
  readonly batchFirst: boolean;
  readonly weight: Parameter;

  constructor(maxLength: number, features: number, options: LearnedPositionalEncodingOptions = {}) {
    super();
    takeOptions("LearnedPositionalEncoding", this, options, learnedOptions);
    const { batchFirst = false, initializeWeight = (shape, given) => normal(shape, { ...given, std: 0.02 }), ...common } = options;
    requireCounts("LearnedPositionalEncoding", { maxLength, features });
    this.batchFirst = batchFirst;
    this.weight = createParameter("LearnedPositionalEncoding", "weight", initializeWeight, [maxLength, features], common);
  }

  forward(x: Tensor, options: PositionOptions = {}): Tensor {
    return addRows("LearnedPositionalEncoding", x, this.weight.value, this.batchFirst, options);
  }
}
