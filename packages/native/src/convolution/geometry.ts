import { at, type LibraryKernel } from "@nn/compiler/target";
import type { Shape } from "@nn/tensor";
import { sizeOf } from "@nn/tensor/extend";

export type ConvolutionKernel = LibraryKernel<"convolution">;

/** One spatial axis of a convolution, in elements. */
export interface SpatialAxis {
  readonly size: number;
  readonly windows: number;
  readonly taps: number;
  /** From one window to the next. */
  readonly stride: number;
  /** From one tap of a window to the next. */
  readonly dilation: number;
  /** From one element of the input to the next, where zeros lie between. */
  readonly spread: number;
  /** Zeros before the first element and behind the last one; negative: elements that are left out. */
  readonly padding: readonly [low: number, high: number];
}

/** The sizes of a convolution: of one group of one image, which is a part, and how many parts there are. There are two spatial axes or more. */
export interface Geometry {
  readonly images: number;
  readonly groups: number;
  readonly channels: number;
  readonly outputs: number;
  readonly axes: readonly SpatialAxis[];
}

const single: SpatialAxis = { size: 1, windows: 1, taps: 1, stride: 1, dilation: 1, spread: 1, padding: [0, 0] };

/** Whether nothing happens along an axis but a product with one weight. */
function isPointwise({ taps, stride, spread, padding }: SpatialAxis): boolean {
  return taps === 1 && stride === 1 && spread === 1 && padding.every((count) => count === 0);
}

export function geometryOf({ inputs: [input, weight], output, attributes }: ConvolutionKernel): Geometry {
  const { strides, padding, inputDilation, kernelDilation, groups } = attributes;
  const axes = input.shape.slice(2).map((size, axis): SpatialAxis => ({
    size, windows: at(output.shape, axis + 2), taps: at(weight.shape, axis + 2), stride: at(strides, axis), dilation: at(kernelDilation, axis), spread: at(inputDilation, axis), padding: at(padding, axis),
  }));
  const whole = axes.reduce((product, { size }) => product * size, 1);
  const lines = axes.every(isPointwise) ? [single, { ...single, size: whole, windows: whole }] : axes.length === 1 ? [single, ...axes] : axes;
  return { images: at(output.shape, 0), groups, channels: at(weight.shape, 1), outputs: at(weight.shape, 0) / groups, axes: lines };
}

/** The elements of an image of one channel, of the windows of one output, and of the weights of one output. */
export const inputPlane = ({ axes }: Geometry): number => sizeOf(axes.map(({ size }) => size));
export const outputPlane = ({ axes }: Geometry): number => sizeOf(axes.map(({ windows }) => windows));
export const tapsOf = ({ axes }: Geometry): number => sizeOf(axes.map(({ taps }) => taps));
export const patchOf = (geometry: Geometry): number => geometry.channels * tapsOf(geometry);
export const lastAxis = ({ axes }: Geometry): SpatialAxis => at(axes, -1);

/** The multiplications of a convolution. */
export function multiplicationsOf(geometry: Geometry): number {
  return geometry.images * geometry.groups * geometry.outputs * outputPlane(geometry) * patchOf(geometry);
}

/** How a part is read: as it lies in the input, or as a copy with its padding. */
export interface ImageLayout {
  readonly copied: boolean;
  /** The sizes of the spatial axes, with padding. Along the last one, the elements of a phase lie together. */
  readonly shape: Shape;
  /** Every `phases`-th element of a line has the same phase, so that the elements of neighbouring lanes are neighbours. */
  readonly phases: number;
  /** The elements of a phase of a line. */
  readonly phaseLength: number;
}

/** The layout for lanes whose elements are `laneStep` apart along the last axis. */
export function layoutOf({ axes }: Geometry, laneStep: number): ImageLayout {
  const copied = laneStep > 1 || axes.some(({ padding, spread }) => spread > 1 || padding.some((count) => count !== 0));
  const padded = axes.map(({ size, spread, padding: [low, high] }) => (size - 1) * spread + 1 + low + high);
  const phaseLength = Math.ceil(at(padded, -1) / laneStep);
  return { copied, shape: [...padded.slice(0, -1), laneStep * phaseLength], phases: laneStep, phaseLength };
}

/** Where position `position` of a line lies in it. */
export function inLine({ phases, phaseLength }: ImageLayout, position: number): number {
  return (position % phases) * phaseLength + Math.floor(position / phases);
}
