import { ZeroPad1d, ZeroPad2d, ZeroPad3d, type TensorModule } from "@nn/layers";
import { LayerProblem, type Config } from "../config.js";
import { SwapSteps } from "../modules/layout.js";

/** How a window moves along one axis. */
export interface Window {
  readonly size: number | null;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
}

/** The zeros before and after an axis, and the size of the result. */
export interface Extent {
  readonly before: number;
  readonly after: number;
  readonly size: number | null;
}

/**
 * Padding "same" of TensorFlow: the result has `⌈size / stride⌉` elements, and the smaller half of the padding comes first. With a stride it depends on the size of the input, which must then be known.
 */
export function extentOf(config: Config, { size, kernel, stride, dilation }: Window): Extent {
  const padding = config.string("padding", "valid");
  const reach = dilation * (kernel - 1) + 1;
  if (padding === "valid") return { before: 0, after: 0, size: size === null ? null : Math.floor((size - reach) / stride) + 1 };
  if (padding !== "same") throw new LayerProblem(`padding "${padding}" is not supported`);
  if (size === null && stride !== 1) throw new LayerProblem('its padding "same" depends on the size of the input; say it with the option inputShape');
  const result = size === null ? null : Math.ceil(size / stride);
  const total = size === null || result === null ? reach - 1 : Math.max((result - 1) * stride + reach - size, 0);
  return { before: Math.floor(total / 2), after: Math.ceil(total / 2), size: result };
}

/** Whether every axis has as much padding before as after it. */
export const isSymmetric = (extents: readonly Extent[]): boolean => extents.every(({ before, after }) => before === after);

const zeroPads = [ZeroPad1d, ZeroPad2d, ZeroPad3d] as const;

/** Zeros around the spatial axes. Negative widths remove elements. */
export function zeroPad(widths: readonly (readonly [before: number, after: number])[]): TensorModule {
  const Pad = zeroPads[widths.length - 1] ?? ZeroPad1d;
  return new Pad(widths);
}

/** Sequences have their channels last, so that they are turned around layers that take them first. Images and volumes have them first. */
export const channelsFirst = (axes: number, modules: readonly TensorModule[]): readonly TensorModule[] => (axes === 1 ? [new SwapSteps(), ...modules, new SwapSteps()] : modules);
