import { slice, type Shape, type Tensor } from "@nn/tensor";
import type { Padding } from "@nn/tensor/extend";
import type { ConvolutionAttributes, WindowAttributes } from "@nn/tensor/interpreter";

/**
 * The geometry of the adjoint of a sliding window. The flipped window moves over the gradient in steps of the input dilation.
 * `padding` lets it reach every input element; `starts` counts the positions at the start of the result to skip.
 *
 * A window spans w = (window − 1)·windowDilation + 1 elements, so the gradient needs w − 1 − low elements of padding in front.
 * If that is negative (the padding is wider than the window), there is no padding, and the surplus is skipped.
 */
export function adjointWindow(
  input: Shape, output: Shape, { window, strides, padding, inputDilation, windowDilation }: WindowAttributes,
): { readonly padding: Padding; readonly starts: readonly number[] } {
  const axes = input.map((length, axis) => {
    const [paddedBefore] = padding[axis] ?? [0, 0];
    const step = inputDilation[axis] ?? 1;
    const low = ((window[axis] ?? 1) - 1) * (windowDilation[axis] ?? 1) - paddedBefore;
    const high = (length - 1) * step + paddedBefore - ((output[axis] ?? 1) - 1) * (strides[axis] ?? 1);
    const start = Math.max(0, Math.ceil(-low / step));
    return { padding: [low + start * step, Math.max(0, high)] as const, start };
  });
  return { padding: axes.map((axis) => axis.padding), starts: axes.map((axis) => axis.start) };
}

/**
 * The padding for the gradient of a weight. A kernel of the gradient's size, dilated by the strides, moves over the input in steps
 * of the kernel dilation, one position for each element of the weight. The padding is that of the convolution, but at the end no
 * more than needed.
 */
export function kernelWindow(
  input: Shape, kernel: Shape, output: Shape, { strides, padding, inputDilation, kernelDilation }: ConvolutionAttributes,
): Padding {
  return input.map((length, axis) => {
    const [low] = padding[axis] ?? [0, 0];
    const reach = ((kernel[axis] ?? 1) - 1) * (kernelDilation[axis] ?? 1) + ((output[axis] ?? 1) - 1) * (strides[axis] ?? 1);
    return [low, Math.max(0, reach - (length - 1) * (inputDilation[axis] ?? 1) - low)];
  });
}

/** The part of `sizes` from `starts` on, along the spatial axes. */
export function trim(x: Tensor, starts: readonly number[], sizes: Shape): Tensor {
  return slice(x, [null, null, ...sizes.map((size, axis) => ({ start: starts[axis] ?? 0, stop: (starts[axis] ?? 0) + size }))]);
}
