import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { isFloat } from "../dtype.js";
import { ArgumentError, DTypeError, ShapeError } from "../errors.js";
import { apply } from "../interpreter/stack.js";
import { requireTensor } from "../operand.js";
import * as primitives from "../primitives/all.js";
import { formatShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { adaptiveAverage } from "./adaptive-pooling.js";
import { tensor } from "./from-values.js";
import { numberList } from "./lists.js";
import { expand, reshape, unsqueeze } from "./shape.js";
import { perAxis, requireSpatial, type PerAxis } from "./spatial.js";

/**
 * How {@link interpolate} finds a new element. `"nearest"`: the element at `⌊place · old / new⌋`; `"nearestExact"`: the one whose
 * middle is nearest; `"linear"` (sequences), `"bilinear"` (images), `"trilinear"` (volumes): between neighbours; `"bicubic"`
 * (images): cubic convolution over four neighbours on each axis (Keys 1981, a = −0.75); `"area"`: the mean of the elements that it covers.
 */
export type InterpolationMode = "nearest" | "nearestExact" | "linear" | "bilinear" | "trilinear" | "bicubic" | "area";

/** Options of {@link interpolate}. */
export interface InterpolateOptions {
  /** The new spatial sizes. Either this or `scale`. */
  readonly size?: PerAxis | undefined;
  /** New spatial sizes as multiples of the old ones, rounded down. */
  readonly scale?: number | readonly number[] | undefined;
  /** Default: `"nearest"`. */
  readonly mode?: InterpolationMode | undefined;
  /** Whether the middles of the corner elements stay where they are, instead of their outer edges; only for linear and cubic modes. Default: false. */
  readonly alignCorners?: boolean | undefined;
}

const interpolateOptions: OptionKinds<InterpolateOptions> = {
  size: "any",
  scale: "any",
  mode: ["nearest", "nearestExact", "linear", "bilinear", "trilinear", "bicubic", "area"],
  alignCorners: "boolean",
};

/** How an axis gets another size. */
interface Resizing {
  readonly length: number;
  readonly size: number;
  /** Distance of new elements in old ones. */
  readonly step: number;
  readonly alignCorners: boolean;
}

/** Old elements that a new one is a weighted sum of. */
type Taps = readonly { readonly place: number; readonly weight: number }[];

const ranks: Readonly<Record<InterpolationMode, readonly number[]>> = {
  nearest: [3, 4, 5], nearestExact: [3, 4, 5], area: [3, 4, 5], linear: [3], bilinear: [4], bicubic: [4], trilinear: [5],
};

/**
 * Resizes the spatial axes of `[N, C, …spatial]`, up or down.
 *
 * Distances are those of `scale` where it is given, not of the rounded sizes, but an axis whose size stays is not changed (in
 * PyTorch alike, but for `"nearestExact"` and `"bicubic"`), and one whose size doubles is doubled exactly by `"nearest"`.
 * Unlike PyTorch coordinates are computed in float64, so that no rounding moves a nearest neighbour.
 *
 * @example
 * ```ts
 * import { interpolate, tensor } from "@nn/tensor";
 * const x = tensor([[[1, 3]]]);
 * interpolate(x, { scale: 2 }).toArray(); // => [[[1, 1, 3, 3]]]
 * interpolate(x, { size: 4, mode: "linear" }).toArray(); // => [[[1, 1.5, 2.5, 3]]]
 * ```
 * @throws ShapeError if the input does not have the rank that the mode is for, or no elements to take.
 * @throws ArgumentError unless one of size and scale is given, and for `alignCorners` with a mode that has no use for it.
 */
export function interpolate(x: Tensor, options: InterpolateOptions = {}): Tensor {
  requireTensor("interpolate", x);
  requireOptions("interpolate", options, interpolateOptions);
  const { size, scale, mode = "nearest", alignCorners = false } = options;
  if (!ranks[mode].includes(x.rank)) throw new ShapeError(`interpolate: input is ${formatShape(x.shape)}, but mode "${mode}" expects ${layouts(mode)}`);
  if (!isFloat(x.dtype)) throw new DTypeError(`interpolate: input has dtype ${x.dtype}, expected float32 or float64`);
  if (alignCorners && !isSmooth(mode)) throw new ArgumentError(`interpolate: alignCorners has no meaning for mode "${mode}"; leave it out`);
  const axes = resizings(x, size, scale, alignCorners);
  if (mode === "area") return adaptiveAverage(x, axes.map((axis) => axis.size));
  return axes.reduce((resized, axis, at) => (mode === "nearest" || mode === "nearestExact"
    ? nearest(resized, at + 2, axis, mode === "nearest" ? 0 : 0.5)
    : weighted(resized, at + 2, axis, mode === "bicubic" ? cubicTaps : linearTaps)), x);
}

function isSmooth(mode: InterpolationMode): boolean {
  return mode.endsWith("linear") || mode === "bicubic";
}

function layouts(mode: InterpolationMode): string {
  const names = ["[N, C, L]", "[N, C, H, W]", "[N, C, D, H, W]"];
  return ranks[mode].map((rank) => names[rank - 3]).join(", ");
}

function resizings(x: Tensor, size: PerAxis | undefined, scale: number | readonly number[] | undefined, alignCorners: boolean): Resizing[] {
  const spatial = x.shape.slice(2);
  if ((size === undefined) === (scale === undefined)) throw new ArgumentError(`interpolate: ${size === undefined ? "neither size nor scale is" : "size and scale are both"} given, expected one`);
  const scales = typeof scale === "number" ? spatial.map(() => scale) : scale;
  if (scales !== undefined && numberList("interpolate", "scale", scales, "positive").length !== spatial.length) {
    throw new ArgumentError(`interpolate: scale is [${scales.join(", ")}], expected a positive number or ${spatial.length} of them, one for each spatial axis`);
  }
  const sizes = size === undefined ? spatial.map((length, at) => Math.floor(length * (scales?.[at] ?? 1))) : perAxis("interpolate", "size", size, spatial.length, 1);
  requireSpatial("interpolate", sizes);
  return spatial.map((length, at) => {
    const target = sizes[at] ?? length;
    if (length < 1 || target < 1) throw new ShapeError(`interpolate: spatial axis ${at} of input ${formatShape(x.shape)} cannot become ${target} long; both need elements`);
    if (alignCorners) return { length, size: target, step: target > 1 ? (length - 1) / (target - 1) : 0, alignCorners };
    const given = scales?.[at];
    return { length, size: target, step: given === undefined ? length / target : 1 / given, alignCorners };
  });
}

/** The old element at `⌊(place + shift) · step⌋`. */
function nearest(x: Tensor, axis: number, { length, size, step }: Resizing, shift: number): Tensor {
  if (size === length) return x;
  // A whole multiple only repeats elements, which needs no table.
  if ((size % length === 0 && step === length / size) || (size === 2 * length && shift === 0)) {
    const repeated = unsqueeze(x, axis + 1);
    return reshape(expand(repeated, repeated.shape.with(axis + 1, size / length)), x.shape.with(axis, size));
  }
  // As a fraction of whole numbers where it is one, so that exact places stay exact.
  const place = (at: number): number => (step === length / size ? Math.floor(((at + shift) * length) / size) : Math.floor((at + shift) * step));
  return taken(x, axis, Array.from({ length: size }, (_, at) => Math.min(place(at), length - 1)));
}

/** The weighted sums of old elements. */
function weighted(x: Tensor, axis: number, resizing: Resizing, tapsAt: (place: number, resizing: Resizing) => Taps): Tensor {
  const { length, size } = resizing;
  if (size === length) return x;
  const taps = Array.from({ length: size }, (_, place) => tapsAt(place, resizing));
  const column = x.shape.map((_, other) => (other === axis ? size : 1));
  const [first] = taps;
  const parts = (first ?? []).map((_, each) => {
    const weights = taps.map((tap) => tap[each]?.weight ?? 0);
    const part = taken(x, axis, taps.map((tap) => tap[each]?.place ?? 0));
    return apply(primitives.mul, [part, tensor(weights, { shape: column, dtype: x.dtype })], {});
  });
  return parts.reduce((sum, part) => apply(primitives.add, [sum, part], {}));
}

function taken(x: Tensor, axis: number, places: readonly number[]): Tensor {
  const shape = x.shape.map((_, other) => (other === axis ? places.length : 1));
  return apply(primitives.gather, [x, tensor(places, { shape, dtype: "int32" })], { axis });
}

/** Where the middle of a new element lies among the middles of the old ones. */
function position(place: number, { step, alignCorners }: Resizing): number {
  return alignCorners ? place * step : (place + 0.5) * step - 0.5;
}

function linearTaps(place: number, resizing: Resizing): Taps {
  const last = resizing.length - 1;
  const at = Math.min(Math.max(0, position(place, resizing)), last);
  const below = Math.floor(at);
  return [{ place: below, weight: 1 - (at - below) }, { place: Math.min(below + 1, last), weight: at - below }];
}

function cubicTaps(place: number, resizing: Resizing): Taps {
  const at = position(place, resizing);
  const below = Math.floor(at);
  return [-1, 0, 1, 2].map((offset) => ({
    place: Math.min(Math.max(0, below + offset), resizing.length - 1),
    weight: cubicKernel(Math.abs(at - below - offset)),
  }));
}

/** The cubic convolution kernel of Keys (1981) at a distance, with its slope of −0.75 at 1. */
function cubicKernel(distance: number): number {
  const a = -0.75;
  if (distance <= 1) return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
  return distance < 2 ? ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a : 0;
}
