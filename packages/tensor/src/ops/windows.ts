import { requireKind } from "../arguments/kinds.js";
import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { requireDType } from "../dtype.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { apply } from "../interpreter/stack.js";
import { requireTensor, scalar } from "../operand.js";
import { inNameOf } from "../out-of-memory.js";
import * as primitives from "../primitives/all.js";
import { windowCount } from "../primitives/contraction.js";
import { formatShape, normalizeAxis } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { arange } from "./creation.js";
import { stack } from "./joining.js";
import { pad } from "./padding.js";
import { moveAxis, reshape, squeeze } from "./shape.js";
import { slice } from "./slicing.js";
import { perAxis, withBatch } from "./spatial.js";

/**
 * Overlapping windows of `size` elements along `axis`, one every `step` elements. The size of the axis becomes the number of windows,
 * and a last axis of `size` is added. (PyTorch: `Tensor.unfold`; NumPy: `sliding_window_view`.)
 *
 * @example
 * ```ts
 * import { arange, slidingWindows } from "@nn/tensor";
 * slidingWindows(arange(5), 0, 3).toArray(); // => [[0, 1, 2], [1, 2, 3], [2, 3, 4]]
 * ```
 * @throws ArgumentError if the window is longer than the axis, or size or step are not positive whole numbers.
 */
export function slidingWindows(x: Tensor, axis: number, size: number, step = 1): Tensor {
  requireTensor("slidingWindows", x);
  const at = normalizeAxis("slidingWindows", axis, x.shape.length);
  const length = x.shape[at] as number;
  requireKind("slidingWindows", "size", size, "count");
  requireKind("slidingWindows", "step", step, "count");
  if (size > length) {
    throw new ArgumentError(
      `slidingWindows: windows of ${size} every ${step} along axis ${axis} of ${formatShape(x.shape)}; ` +
        `expected a size from 1 to ${length} and a step of at least 1`,
    );
  }
  const count = Math.floor((length - size) / step) + 1;
  return inNameOf("slidingWindows", () => {
    const starts = apply(primitives.mul, [arange(count, { dtype: "int32" }), scalar(step, "int32")], {});
    const positions = apply(primitives.add, [reshape(starts, [count, 1]), arange(size, { dtype: "int32" })], {});
    const index = reshape(positions, x.shape.map((_, other) => (other === at ? count * size : 1)));
    const windows = apply(primitives.gather, [x, index], { axis: at });
    return moveAxis(reshape(windows, x.shape.toSpliced(at, 1, count, size)), at + 1, -1);
  });
}

/** A size for both spatial axes of an image, or one for each. */
export type Size2d = number | readonly [height: number, width: number];

/** Options of {@link unfold} and {@link fold}. */
export interface UnfoldOptions {
  /** Distance between neighbouring patches; default 1. */
  readonly stride?: Size2d | undefined;
  /** Zeros on both ends of each axis; default 0. */
  readonly padding?: Size2d | undefined;
  /** Distance between neighbouring elements of a patch; default 1. */
  readonly dilation?: Size2d | undefined;
}

const unfoldOptions: OptionKinds<UnfoldOptions> = { stride: "any", padding: "any", dilation: "any" };

/** How patches lie on one axis. */
interface PatchAxis {
  readonly length: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
  readonly count: number;
}

/**
 * The patches of images as columns (im2col): `[N, C, H, W]` to `[N, C · kernel height · kernel width, patches]`, or the same without `N`.
 * Patches are in row-major order. A convolution is a matrix product with this. {@link fold} is its adjoint.
 * @throws ShapeError if the input does not have three or four axes, or no patch fits.
 */
export function unfold(x: Tensor, kernelSize: Size2d, options: UnfoldOptions = {}): Tensor {
  requireOptions("unfold", options, unfoldOptions);
  return withBatch("unfold", x, 2, (images) => {
    const [batch = 0, channels = 0, height = 0, width = 0] = images.shape;
    const [rows, columns] = patchAxes("unfold", [height, width], kernelSize, options);
    const padded = pad(images, [[rows.padding, rows.padding], [columns.padding, columns.padding]]);
    const patches = kernelPositions(rows, columns).map(([row, column]) => slice(padded, ["...", strided(rows, row), strided(columns, column)]));
    return reshape(stack(patches, 2), [batch, channels * patches.length, rows.count * columns.count]);
  });
}

/**
 * Adds each patch to an image of `outputSize`, at the position where {@link unfold} would read it:
 * `[N, C · kernel height · kernel width, patches]` to `[N, C, height, width]`, or the same without `N`.
 * @throws ShapeError if the sizes do not fit.
 */
export function fold(x: Tensor, outputSize: Size2d, kernelSize: Size2d, options: UnfoldOptions = {}): Tensor {
  requireTensor("fold", x);
  requireDType("fold", x.dtype, ["float32", "float64", "int32"]);
  requireOptions("fold", options, unfoldOptions);
  const [height, width] = pair("fold", "outputSize", outputSize, 1);
  const [rows, columns] = patchAxes("fold", [height, width], kernelSize, options);
  const positions = kernelPositions(rows, columns);
  const [taps = 0, patches] = x.shape.slice(-2);
  if (x.rank < 2 || x.rank > 3 || taps % positions.length !== 0 || patches !== rows.count * columns.count) {
    throw new ShapeError(
      `fold: input is ${formatShape(x.shape)}, expected [N, a multiple of ${positions.length} (the kernel's elements), ` +
        `${rows.count * columns.count} (${rows.count} x ${columns.count} patches)], or the same without N`,
    );
  }
  const batch = x.rank === 3 ? (x.shape[0] ?? 0) : 1;
  const channels = taps / positions.length;
  const split = reshape(x, [batch, channels, positions.length, rows.count, columns.count]);
  const total = inNameOf("fold", () => {
    const images = positions.map(([row, column], at) => spread(slice(split, [null, null, at]), rows, columns, row, column));
    return images.reduce((sum, image) => apply(primitives.add, [sum, image], {}));
  });
  const image = pad(total, [[-rows.padding, -rows.padding], [-columns.padding, -columns.padding]]);
  return x.rank === 3 ? image : squeeze(image, 0);
}

/** Puts the elements of all patches at one position of the kernel back to their positions in the padded image. */
function spread(x: Tensor, rows: PatchAxis, columns: PatchAxis, row: number, column: number): Tensor {
  const along = [[rows, row], [columns, column]] as const;
  const low = along.map(([axis, position]) => position * axis.dilation);
  const high = along.map(([axis], at) => axis.length + 2 * axis.padding - (low[at] as number) - (axis.count - 1) * axis.stride - 1);
  return apply(primitives.pad, [x], { low: [0, 0, ...low], high: [0, 0, ...high], interior: [0, 0, ...along.map(([axis]) => axis.stride - 1)], value: 0 });
}

function strided({ dilation, count, stride }: PatchAxis, position: number): { readonly start: number; readonly stop: number; readonly step: number } {
  const start = position * dilation;
  return { start, stop: start + (count - 1) * stride + 1, step: stride };
}

function kernelPositions(rows: PatchAxis, columns: PatchAxis): (readonly [row: number, column: number])[] {
  return Array.from({ length: rows.kernel * columns.kernel }, (_, at) => [Math.floor(at / columns.kernel), at % columns.kernel] as const);
}

function patchAxes(operation: string, lengths: readonly [number, number], kernelSize: Size2d, { stride = 1, padding = 0, dilation = 1 }: UnfoldOptions): readonly [PatchAxis, PatchAxis] {
  const kernels = pair(operation, "kernelSize", kernelSize, 1);
  const strides = pair(operation, "stride", stride, 1);
  const paddings = pair(operation, "padding", padding, 0);
  const dilations = pair(operation, "dilation", dilation, 1);
  const axis = (at: 0 | 1): PatchAxis => {
    const each = { length: lengths[at], kernel: kernels[at], stride: strides[at], padding: paddings[at], dilation: dilations[at] };
    const count = windowCount(each.length, each.kernel, each.stride, [each.padding, each.padding], 1, each.dilation);
    if (count < 1) {
      throw new ShapeError(`${operation}: a kernel of ${each.kernel} (dilation ${each.dilation}) does not fit on an axis of ${each.length} with padding ${each.padding}`);
    }
    return { ...each, count };
  };
  return [axis(0), axis(1)];
}

function pair(operation: string, name: string, size: Size2d, least: number): readonly [number, number] {
  const [height = 0, width = 0] = perAxis(operation, name, size, 2, least);
  return [height, width];
}
