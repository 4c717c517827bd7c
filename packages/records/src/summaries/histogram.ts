import { ArgumentError, type Tensor } from "@nn/tensor";
import { describeValue, normalizeAxis, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { HistogramRecord } from "../run-record.js";

/** Options of {@link histogramOf}. */
export interface HistogramOptions {
  /** The number of bins. Default 30. */
  readonly bins?: number;
  /** The axis of the units of a layer. If it is given, units that are 0 for every example are counted. */
  readonly unitAxis?: number;
}

/** A histogram without a name, a step and a time. */
export type Histogram = Omit<HistogramRecord, "type" | "step" | "time" | "name">;

const kinds: OptionKinds<HistogramOptions> = { bins: "count", unitAxis: "integer" };

/**
 * The histogram of numbers: bins of equal width from the least to the largest finite value, and moments, computed in float64. Equal values are in one bin.
 * Unlike `histogram` of `@nn/tensor`, it counts values that are not finite separately.
 * @throws ArgumentError if `unitAxis` is given for plain numbers, or the tensor has no such axis.
 *
 * @example
 * ```ts
 * import { histogramOf } from "@nn/records";
 *
 * const { edges, counts, mean } = histogramOf([0, 1, 1, 4], { bins: 2 });
 * edges; // => [0, 2, 4]
 * counts; // => [3, 1]
 * mean; // => 1.5
 * ```
 */
export function histogramOf(values: Tensor | ArrayLike<number>, options: HistogramOptions = {}): Histogram {
  requireOptions("histogramOf", options, kinds);
  const tensor = isTensor(values) ? values : undefined;
  const numbers = tensor === undefined ? plainNumbers(values) : tensor.toTypedArray();
  const moments = momentsOf(numbers);
  const units = options.unitAxis === undefined ? {} : { units: unitsOf(tensor, numbers, options.unitAxis) };
  return { ...binsOf(numbers, moments, options.bins ?? 30), mean: moments.mean, deviation: moments.deviation, zeros: moments.zeros, nonFinite: numbers.length - moments.finite, ...units };
}

function isTensor(values: unknown): values is Tensor {
  return typeof values === "object" && values !== null && "toTypedArray" in values && typeof values.toTypedArray === "function" && "shape" in values;
}

function plainNumbers(values: unknown): ArrayLike<number> {
  const isNumbers = Array.isArray(values) ? values.every((each) => typeof each === "number") : ArrayBuffer.isView(values) && "length" in values && !(values instanceof BigInt64Array || values instanceof BigUint64Array);
  if (!isNumbers) throw new ArgumentError(`histogramOf: the values are ${describeValue(values)}, expected a Tensor or numbers`);
  return values as ArrayLike<number>;
}

interface Moments {
  readonly finite: number;
  readonly zeros: number;
  readonly least: number;
  readonly largest: number;
  readonly mean: number;
  readonly deviation: number;
}

/** Two passes, of values scaled by the largest, so that squares neither overflow nor lose digits. */
function momentsOf(values: ArrayLike<number>): Moments {
  let [finite, zeros, least, largest] = [0, 0, Infinity, -Infinity];
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? NaN;
    if (!Number.isFinite(value)) continue;
    finite += 1;
    if (value === 0) zeros += 1;
    if (value < least) least = value;
    if (value > largest) largest = value;
  }
  const scale = Math.max(Math.abs(least), Math.abs(largest));
  if (finite === 0 || scale === 0) return { finite, zeros, least: 0, largest: 0, mean: 0, deviation: 0 };
  let sum = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? NaN;
    if (Number.isFinite(value)) sum += value / scale;
  }
  const mean = sum / finite;
  let squares = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? NaN;
    if (Number.isFinite(value)) squares += (value / scale - mean) ** 2;
  }
  const deviation = least === largest ? 0 : Math.min(Math.sqrt(squares / finite) * scale, Number.MAX_VALUE);
  // Rounding may push the mean of equal values past them. A sum with 0 is not −0.
  return { finite, zeros, least: least + 0, largest: largest + 0, mean: Math.min(largest, Math.max(least, mean * scale)) + 0, deviation };
}

function binsOf(values: ArrayLike<number>, { finite, least, largest }: Moments, bins: number): Pick<Histogram, "edges" | "counts"> {
  if (finite === 0) return { edges: [], counts: [] };
  if (least === largest) return { edges: [least, largest], counts: [finite] };
  // The difference of the largest numbers overflows, that of their halves does not.
  const scale = Number.isFinite(largest - least) ? 1 : 0.5;
  const width = largest * scale - least * scale;
  const edges = [least];
  // Rounding must not put a limit below the one before it.
  for (let at = 1; at < bins; at++) edges.push(Math.min(largest, Math.max(edges[at - 1] ?? least, least * (1 - at / bins) + largest * (at / bins))));
  edges.push(largest);
  const counts = new Array<number>(bins).fill(0);
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? NaN;
    if (!Number.isFinite(value)) continue;
    const bin = Math.min(bins - 1, Math.floor(((value * scale - least * scale) / width) * bins));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { edges, counts };
}

/** The number of units, and of those that are 0 everywhere. */
function unitsOf(tensor: Tensor | undefined, values: ArrayLike<number>, axis: number): { readonly count: number; readonly inactive: number } {
  if (tensor === undefined) throw new ArgumentError("histogramOf: unitAxis is given for plain numbers, expected a Tensor with this axis");
  const { shape } = tensor;
  const along = normalizeAxis("histogramOf", axis, shape.length);
  const count = shape[along] ?? 0;
  const inner = shape.slice(along + 1).reduce((product, each) => product * each, 1);
  const active = new Uint8Array(count);
  for (let at = 0; at < values.length; at++) if (values[at] !== 0) active[Math.floor(at / inner) % count] = 1;
  return { count, inactive: active.reduce((left, each) => left - each, count) };
}
