import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { isFloat } from "../dtype.js";
import { ArgumentError, DTypeError, ShapeError } from "../errors.js";
import { apply } from "../interpreter/stack.js";
import { requireTensor } from "../operand.js";
import { inNameOf } from "../out-of-memory.js";
import * as primitives from "../primitives/all.js";
import { formatShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { adaptiveAverage } from "./adaptive-pooling.js";
import { tensor } from "./from-values.js";
import { numberList } from "./lists.js";
import { expand, reshape, unsqueeze } from "./shape.js";
import { perAxis, requireSpatial, type PerAxis } from "./spatial.js";

/**
 * How {@link interpolate} computes a new element. `"nearest"`: the element at `⌊index · old / new⌋`. `"nearestExact"`: the element whose
 * centre is nearest. `"linear"` (sequences), `"bilinear"` (images), `"trilinear"` (volumes): interpolation between neighbours. `"bicubic"`
 * (images): cubic convolution over four neighbours on each axis (Keys 1981, a = −0.75). `"area"`: the mean of the elements that it covers.
 */
export type InterpolationMode = "nearest" | "nearestExact" | "linear" | "bilinear" | "trilinear" | "bicubic" | "area";

/** Options of {@link interpolate}. */
export interface InterpolateOptions {
  /** The new spatial sizes. Give either this or `scale`. */
  readonly size?: PerAxis | undefined;
  /** New spatial sizes as multiples of the old ones, rounded down. */
  readonly scale?: number | readonly number[] | undefined;
  /** Default: `"nearest"`. */
  readonly mode?: InterpolationMode | undefined;
  /** Whether the centres of the corner elements are aligned, instead of their outer edges; only for linear and cubic modes. Default: false. */
  readonly alignCorners?: boolean | undefined;
  /**
   * Whether an axis that becomes shorter takes the weighted mean of all elements that a new one covers, so that fine patterns do not become coarse ones: the
   * kernel is as many times as wide as the axis becomes shorter, as in PIL and in PyTorch's `antialias`. Only for `"linear"`, `"bilinear"`, `"trilinear"` and
   * `"bicubic"` (then with a = −0.5) without `alignCorners`. Default: false.
   */
  readonly antialias?: boolean | undefined;
}

const interpolateOptions: OptionKinds<InterpolateOptions> = {
  size: "any",
  scale: "any",
  mode: ["nearest", "nearestExact", "linear", "bilinear", "trilinear", "bicubic", "area"],
  alignCorners: "boolean",
  antialias: "boolean",
};

/** How an axis is resized. */
interface Resizing {
  readonly length: number;
  readonly size: number;
  /** The distance between new elements, in units of old ones. */
  readonly step: number;
  readonly alignCorners: boolean;
}

/** The old elements, with their weights, that sum to a new one. */
type Taps = readonly { readonly index: number; readonly weight: number }[];

/** A weight at a distance from the centre, and the distance from which on it is 0. */
interface Kernel {
  readonly radius: number;
  readonly weight: (distance: number) => number;
}

const ranks: Readonly<Record<InterpolationMode, readonly number[]>> = {
  nearest: [3, 4, 5], nearestExact: [3, 4, 5], area: [3, 4, 5], linear: [3], bilinear: [4], bicubic: [4], trilinear: [5],
};

/**
 * Resizes the spatial axes of `[N, C, …spatial]`, up or down.
 *
 * If `scale` is given, distances follow from it and not from the rounded sizes. But an axis whose size stays is not changed (also in
 * PyTorch, except for `"nearestExact"` and `"bicubic"`), and `"nearest"` doubles an axis exactly. Unlike in PyTorch, coordinates are
 * computed in float64, so that rounding never changes a nearest neighbour.
 *
 * @example
 * ```ts
 * import { interpolate, tensor } from "@nn/tensor";
 * const x = tensor([[[1, 3]]]);
 * interpolate(x, { scale: 2 }).toArray(); // => [[[1, 1, 3, 3]]]
 * interpolate(x, { size: 4, mode: "linear" }).toArray(); // => [[[1, 1.5, 2.5, 3]]]
 * ```
 * @throws ShapeError if the rank of the input does not fit the mode, or a spatial axis has no elements.
 * @throws ArgumentError unless one of size and scale is given, and for `alignCorners` or `antialias` with a mode that does not use it.
 */
export function interpolate(x: Tensor, options: InterpolateOptions = {}): Tensor {
  requireTensor("interpolate", x);
  requireOptions("interpolate", options, interpolateOptions);
  const { size, scale, mode = "nearest", alignCorners = false, antialias = false } = options;
  if (!ranks[mode].includes(x.rank)) throw new ShapeError(`interpolate: input is ${formatShape(x.shape)}, but mode "${mode}" expects ${layouts(mode)}`);
  if (!isFloat(x.dtype)) throw new DTypeError(`interpolate: input has dtype ${x.dtype}, expected float32 or float64`);
  if (alignCorners && !isSmooth(mode)) throw new ArgumentError(`interpolate: alignCorners has no meaning for mode "${mode}"; leave it out`);
  if (antialias && (alignCorners || !isSmooth(mode))) throw new ArgumentError(`interpolate: antialias has no meaning ${alignCorners ? "with alignCorners" : `for mode "${mode}"`}; leave it out`);
  const axes = resizings(x, size, scale, alignCorners);
  const tapsAt = antialias ? coveringTaps(mode === "bicubic" ? wideCubic : triangle) : mode === "bicubic" ? cubicTaps : linearTaps;
  if (mode === "area") return adaptiveAverage(x, axes.map((axis) => axis.size));
  return inNameOf("interpolate", () => axes.reduce((resized, axis, at) => (mode === "nearest" || mode === "nearestExact"
    ? nearest(resized, at + 2, axis, mode === "nearest" ? 0 : 0.5)
    : weighted(resized, at + 2, axis, tapsAt)), x));
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

/** The old element at `⌊(index + shift) · step⌋`. */
function nearest(x: Tensor, axis: number, { length, size, step }: Resizing, shift: number): Tensor {
  if (size === length) return x;
  // A whole multiple only repeats elements, which needs no table.
  if ((size % length === 0 && step === length / size) || (size === 2 * length && shift === 0)) {
    const repeated = unsqueeze(x, axis + 1);
    return reshape(expand(repeated, repeated.shape.with(axis + 1, size / length)), x.shape.with(axis, size));
  }
  // A fraction of whole numbers is computed as such, so that exact positions stay exact.
  const index = (at: number): number => (step === length / size ? Math.floor(((at + shift) * length) / size) : Math.floor((at + shift) * step));
  return taken(x, axis, Array.from({ length: size }, (_, at) => Math.min(index(at), length - 1)));
}

/** The weighted sums of old elements. */
function weighted(x: Tensor, axis: number, resizing: Resizing, tapsAt: (index: number, resizing: Resizing) => Taps): Tensor {
  const { length, size } = resizing;
  if (size === length) return x;
  const taps = Array.from({ length: size }, (_, index) => tapsAt(index, resizing));
  const column = x.shape.map((_, other) => (other === axis ? size : 1));
  const most = taps.reduce((longest, { length: count }) => Math.max(longest, count), 0);
  const parts = Array.from({ length: most }, (_, each) => {
    const weights = taps.map((tap) => tap[each]?.weight ?? 0);
    const part = taken(x, axis, taps.map((tap) => tap[each]?.index ?? 0));
    return apply(primitives.mul, [part, tensor(weights, { shape: column, dtype: x.dtype })], {});
  });
  return parts.reduce((sum, part) => apply(primitives.add, [sum, part], {}));
}

function taken(x: Tensor, axis: number, indices: readonly number[]): Tensor {
  const shape = x.shape.map((_, other) => (other === axis ? indices.length : 1));
  return apply(primitives.gather, [x, tensor(indices, { shape, dtype: "int32" })], { axis });
}

/** The position of the centre of a new element, relative to the centres of the old ones. */
function position(index: number, { step, alignCorners }: Resizing): number {
  return alignCorners ? index * step : (index + 0.5) * step - 0.5;
}

function linearTaps(index: number, resizing: Resizing): Taps {
  const last = resizing.length - 1;
  const at = Math.min(Math.max(0, position(index, resizing)), last);
  const below = Math.floor(at);
  return [{ index: below, weight: 1 - (at - below) }, { index: Math.min(below + 1, last), weight: at - below }];
}

function cubicTaps(index: number, resizing: Resizing): Taps {
  const at = position(index, resizing);
  const below = Math.floor(at);
  return [-1, 0, 1, 2].map((offset) => ({
    index: Math.min(Math.max(0, below + offset), resizing.length - 1),
    weight: cubicKernel(Math.abs(at - below - offset)),
  }));
}

/** The elements that a new one covers, weighted by a kernel that is as many times as wide as the axis becomes shorter. */
function coveringTaps({ radius, weight }: Kernel): (index: number, resizing: Resizing) => Taps {
  return (index, { length, step }) => {
    const stretch = Math.max(1, step);
    const centre = (index + 0.5) * step;
    const first = Math.max(0, Math.floor(centre - radius * stretch + 0.5));
    const end = Math.min(length, Math.floor(centre + radius * stretch + 0.5));
    const weights = Array.from({ length: end - first }, (_, at) => weight(Math.abs(first + at + 0.5 - centre) / stretch));
    const total = weights.reduce((sum, each) => sum + each, 0);
    return weights.map((each, at) => ({ index: first + at, weight: each / total }));
  };
}

const triangle: Kernel = { radius: 1, weight: (distance) => Math.max(0, 1 - distance) };

const wideCubic: Kernel = { radius: 2, weight: (distance) => cubicKernel(distance, -0.5) };

/** The cubic convolution kernel of Keys (1981) at a distance, with its slope `a` at 1. */
function cubicKernel(distance: number, a = -0.75): number {
  if (distance <= 1) return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
  return distance < 2 ? ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a : 0;
}
