import { requireDType, requireOneDType } from "../dtype.js";
import { convolution as convolutionKernel } from "../eager/contraction/convolution.js";
import { matmul as matmulKernel } from "../eager/contraction/matmul.js";
import { windowArgMax as windowArgMaxKernel, windowSum as windowSumKernel } from "../eager/contraction/window.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { broadcastShapes, formatShape, sameShape, subShape, type Shape } from "../shape.js";
import type { ConvolutionAttributes, MatmulAttributes, WindowAttributes } from "./attributes.js";
import type { PrimitiveDefinition } from "./definition.js";

/** The number of windows along one axis: `⌊(dilated input + padding − dilated window) / stride⌋ + 1`. */
export function windowCount(
  length: number, window: number, stride: number, [low, high]: readonly [number, number], inputDilation: number, windowDilation: number,
): number {
  const input = length === 0 ? 0 : (length - 1) * inputDilation + 1;
  const span = (window - 1) * windowDilation + 1;
  return Math.floor((input + low + high - span) / stride) + 1;
}

/** The first window along an axis that lies entirely in the padding; `undefined` if every window contains an element of the input. */
function emptyWindow(
  length: number, window: number, stride: number, padding: readonly [number, number], windowDilation: number,
): number | undefined {
  const count = windowCount(length, window, stride, padding, 1, windowDilation);
  for (let at = 0; at < count; at++) {
    const start = at * stride - padding[0];
    const first = Math.max(0, Math.ceil(-start / windowDilation));
    if (first >= window || start + first * windowDilation >= length) return at;
  }
  return undefined;
}

/** Throws if a window contains no element of the input. */
export function requireFilledWindows(operation: string, spatial: Shape, { window, strides, padding, windowDilation }: Omit<WindowAttributes, "inputDilation">): void {
  spatial.forEach((length, axis) => {
    const [low, high] = padding[axis] ?? [0, 0];
    const found = emptyWindow(length, window[axis] ?? 1, strides[axis] ?? 1, [low, high], windowDilation[axis] ?? 1);
    if (found === undefined) return;
    throw new ArgumentError(
      `${operation}: window ${found} along spatial axis ${axis} lies entirely in the padding ${low} and ${high} ` +
        `(size ${length}, window ${window[axis] ?? 1}); use less padding`,
    );
  });
}

function windowedShape(operation: string, spatial: Shape, window: readonly number[], attributes: Omit<WindowAttributes, "window">): number[] {
  return spatial.map((length, axis) => {
    const size = window[axis] ?? 1;
    const padding = attributes.padding[axis] ?? [0, 0];
    const dilation = attributes.windowDilation[axis] ?? 1;
    const count = windowCount(length, size, attributes.strides[axis] ?? 1, padding, attributes.inputDilation[axis] ?? 1, dilation);
    if (count < 1) {
      throw new ShapeError(
        `${operation}: a window of ${size} (dilation ${dilation}) does not fit on spatial axis ${axis} of size ${length} ` +
          `with padding ${padding.join(" and ")}`,
      );
    }
    return count;
  });
}

const floats = ["float32", "float64"] as const;

// Primitives that multiply and sum over shared axes, or slide a window over spatial axes.

/** `[…, m, k] x […, k, n] → […, m, n]`; leading axes broadcast. Transposed operands are given as `[…, k, m]`, `[…, n, k]`. */
export const matmul: PrimitiveDefinition<"matmul", 2, MatmulAttributes> = {
  name: "matmul",
  arity: 2,
  kernel: matmulKernel,
  type: ([a, b], { transposeA, transposeB }) => {
    requireOneDType("matmul", a.dtype, b.dtype);
    requireDType("matmul", a.dtype, ["float32", "float64", "int32"]);
    const [rankA, rankB] = [a.shape.length, b.shape.length];
    const [aRows = 1, aColumns = 1] = [a.shape[rankA - 2], a.shape[rankA - 1]];
    const [bRows = 1, bColumns = 1] = [b.shape[rankB - 2], b.shape[rankB - 1]];
    const [m, k] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
    const [bk, n] = transposeB ? [bColumns, bRows] : [bRows, bColumns];
    if (k !== bk) {
      const show = (shape: Shape, transposed: boolean) => formatShape(shape) + (transposed ? "ᵀ" : "");
      const fits = transposeB ? bRows === k : bColumns === k;
      throw new ShapeError(
        `matmul: inner dimensions differ: ${show(a.shape, transposeA)} x ${show(b.shape, transposeB)} (${k} and ${bk})` +
          (fits ? "; did you mean to transpose the second?" : ""),
      );
    }
    if (rankA === 2 && rankB === 2) return { shape: [m, n], dtype: a.dtype };
    const [leadingA, leadingB] = [subShape(a.shape, 0, -2), subShape(b.shape, 0, -2)];
    if (sameShape(leadingA, leadingB)) return { shape: [...leadingA, m, n], dtype: a.dtype };
    const leading = broadcastShapes(`matmul: ${formatShape(a.shape)} x ${formatShape(b.shape)}`, [leadingA, leadingB]);
    return { shape: [...leading, m, n], dtype: a.dtype };
  },
};

/** Cross-correlation of `[N, C, …spatial]` with `[O, C / groups, …kernel]` to `[N, O, …windows]`. */
export const convolution: PrimitiveDefinition<"convolution", 2, ConvolutionAttributes> = {
  name: "convolution",
  arity: 2,
  kernel: convolutionKernel,
  type: ([x, weight], attributes) => {
    const name = `conv${x.shape.length - 2}d`;
    requireOneDType(name, x.dtype, weight.dtype);
    requireDType(name, x.dtype, floats);
    const [batch = 0, channels = 0, ...spatial] = x.shape;
    const [outputs = 0, perGroup = 0, ...kernel] = weight.shape;
    if (weight.shape.length !== x.shape.length) {
      throw new ShapeError(`${name}: input ${formatShape(x.shape)} and weight ${formatShape(weight.shape)} differ in rank`);
    }
    if (channels !== perGroup * attributes.groups) {
      throw new ShapeError(
        `${name}: input ${formatShape(x.shape)} has ${channels} channels but weight ${formatShape(weight.shape)} ` +
          `expects ${perGroup * attributes.groups} (groups = ${attributes.groups})`,
      );
    }
    if (outputs % attributes.groups !== 0) {
      throw new ShapeError(`${name}: ${outputs} output channels of weight ${formatShape(weight.shape)} do not split into ${attributes.groups} groups`);
    }
    const windows = windowedShape(name, spatial, kernel, { ...attributes, windowDilation: attributes.kernelDilation });
    return { shape: [batch, outputs, ...windows], dtype: x.dtype };
  },
};

/** Sum over each window of `[N, C, …spatial]`; padding counts as 0. */
export const windowSum: PrimitiveDefinition<"windowSum", 1, WindowAttributes> = {
  name: "windowSum",
  arity: 1,
  kernel: windowSumKernel,
  type: ([x], attributes) => {
    requireDType("windowSum", x.dtype, floats);
    const [batch = 0, channels = 0, ...spatial] = x.shape;
    return { shape: [batch, channels, ...windowedShape("windowSum", spatial, attributes.window, attributes)], dtype: x.dtype };
  },
};

/**
 * For each window of `[N, C, …spatial]`, the position of its first largest element in the flattened spatial axes. A NaN counts as largest.
 * Padding is never chosen. Every window has an element of the input.
 */
export const windowArgMax: PrimitiveDefinition<"windowArgMax", 1, Omit<WindowAttributes, "inputDilation">> = {
  name: "windowArgMax",
  arity: 1,
  kernel: windowArgMaxKernel,
  type: ([x], attributes) => {
    requireDType("windowArgMax", x.dtype, floats);
    const [batch = 0, channels = 0, ...spatial] = x.shape;
    const windows = windowedShape("windowArgMax", spatial, attributes.window, { ...attributes, inputDilation: spatial.map(() => 1) });
    requireFilledWindows("windowArgMax", spatial, attributes);
    return { shape: [batch, channels, ...windows], dtype: "int32" };
  },
};
