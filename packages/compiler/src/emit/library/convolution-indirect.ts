import type { Shape } from "@nn/tensor";
import { sizeOf, stridesOf } from "@nn/tensor/extend";
import { emitMatmul, i32, matmulScratchBytes, type Expr } from "@nn/wasm";
import { at } from "../../ir/at.js";
import type { Buffer, LibraryKernel } from "../../ir/program.js";
import type { Code, LaneAddress } from "../lanes.js";
import { areShortLines, emitShortLines, type ConvolutionPart } from "./convolution-short-lines.js";
import type { LibraryContext } from "./emitter.js";
import { linear, nest, addressOnce, parallelNest } from "./nest.js";
import { emitPatchColumns } from "./patches.js";

type Index = Expr<"i32">;
type Convolution = LibraryKernel<"convolution">;

/** With at least this many images (times groups), threads divide the images; with fewer, the lines of windows of each image. */
const manyImages = 4;

/** A convolution whose windows are neighbours along the last axis, so that the elements under one tap of several windows form a vector. */
interface Plan {
  readonly input: Buffer;
  readonly weight: Buffer;
  readonly outputs: number;
  readonly channels: number;
  readonly kernel: Shape;
  readonly windows: Shape;
  /** The spatial sizes of an image as it is read: with padding, and with zeros between its elements if the input is dilated. */
  readonly spatial: Shape;
  /** Whether the image is read from a copy with padding and zeros. */
  readonly copied: boolean;
  /** Where the first window begins in the image that is read. */
  readonly origin: readonly number[];
}

/** How to compute a convolution without patches; `undefined` if that is not possible. */
export function indirectPlan({ inputs: [input, weight], output, attributes }: Convolution): Plan | undefined {
  const { strides, padding, inputDilation, groups } = attributes;
  const [outputs, channels] = [at(weight.shape, 0), at(weight.shape, 1)];
  const kernel = weight.shape.slice(2);
  const windows = output.shape.slice(2);
  if (output.dtype !== "float32" || strides.at(-1) !== 1 || arePatchesWorthwhile(outputs / groups, sizeOf(windows))) return undefined;
  const copied = padding.flat().some((count) => count > 0) || inputDilation.some((step) => step > 1);
  const whole = input.shape.slice(2);
  const spatial = copied ? whole.map((size, axis) => spread(size, at(inputDilation, axis)) + sum(at(padding, axis))) : whole;
  const origin = copied ? whole.map(() => 0) : padding.map(([low]) => -low);
  return { input, weight, outputs: outputs / groups, channels, kernel, windows, spatial, copied, origin };
}

/** Whether there are enough patches, and enough outputs that read them, for larger products to repay the cost of writing the patches. */
function arePatchesWorthwhile(outputs: number, windows: number): boolean {
  return outputs >= 32 && windows >= 128;
}

const spread = (size: number, step: number): number => (size === 0 ? 0 : (size - 1) * step + 1);
const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
/** A multiple of 64 bytes. */
export const aligned = (bytes: number): number => Math.ceil(bytes / 64) * 64;

const tableBytes = ({ channels, kernel }: Plan): number => aligned(channels * sizeOf(kernel) * 4);

/** Bytes of the copy of an image. Vectors may be read up to 12 bytes beyond it. */
const copyBytes = ({ copied, channels, spatial }: Plan): number => (copied ? aligned(channels * sizeOf(spatial) * 4 + 12) : 0);

/** Bytes for the sums of a tile, if the engine merges pairs of vectors. */
export const tileBytes = (wide: boolean): number => matmulScratchBytes({ m: 1, n: 1, k: 1, unpacked: true, wide });

/** Bytes for the table of taps, the copy of an image and the sums of a tile. */
export function indirectScratchBytes(plan: Plan, wide: boolean): number {
  return tableBytes(plan) + copyBytes(plan) + tileBytes(wide);
}

/**
 * Cross-correlation as a product of the kernel with a matrix of patches that is never written. A row of that matrix, the elements under one tap
 * of neighbouring windows, is a vector of the image; a table holds where each row begins.
 */
export function emitConvolutionIndirectly(b: Code, kernel: Convolution, plan: Plan, context: LibraryContext): void {
  const { windows, channels, spatial, copied } = plan;
  const { groups, kernelDilation } = kernel.attributes;
  const images = at(kernel.output.shape, 0);
  const table = b.let(i32.add(context.scratchAddress, i32.mul(context.thread, indirectScratchBytes(plan, context.wide))));
  const write = b.let(table);
  const steps = stridesOf([channels, ...spatial]).map((stride, axis) => stride * (axis === 0 ? 1 : at(kernelDilation, axis - 1)));
  nest(b, [channels, ...plan.kernel], (indices) => {
    b.i32.store(write, linear(indices, steps, 4));
    b.set(write, i32.add(write, 4));
  });
  const byImage = images * groups >= manyImages;
  const lines = windows.slice(0, -1);
  const eachPart = (part: Index): void => {
    const image = copied
      ? { address: b.let(i32.add(table, tableBytes(plan))), offset: 0 }
      : addressOnce(b, plan.input, i32.mul(part, channels * sizeOf(spatial) * 4), context);
    if (copied) copyImage(b, kernel, plan, part, image.address, context);
    const convolution = partOf(b, kernel, plan, part, image, table, context);
    const line = (indices: readonly Index[]): void => emitLine(b, convolution, indices);
    if (areShortLines(windows)) emitShortLines(b, convolution, byImage ? undefined : context);
    else if (byImage) nest(b, lines, line);
    else parallelNest(b, lines, context, line);
  };
  if (byImage) parallelNest(b, [images * groups], context, ([part]) => eachPart(part));
  else nest(b, [images * groups], ([part]) => eachPart(part));
}

/** Copies the channels of one group of an image, with the zeros of padding and of input dilation. */
function copyImage(b: Code, { attributes }: Convolution, { input, channels, spatial }: Plan, part: Index, target: Index, context: LibraryContext): void {
  const ones = spatial.map(() => 1);
  const single = { input, kernel: ones, channels, attributes: { ...attributes, strides: ones, kernelDilation: ones } };
  const { address, offset } = addressOnce(b, input, i32.mul(part, channels * sizeOf(input.shape.slice(2)) * 4), context);
  emitPatchColumns(b, single, spatial, i32.const(0), at(spatial, 0), address, offset, target);
}

/** The operands for one group of an image; `image` is where its channels are read. */
function partOf(b: Code, { output, attributes }: Convolution, plan: Plan, part: Index, image: Pick<LaneAddress, "address" | "offset">, table: Index, context: LibraryContext): ConvolutionPart {
  const { windows, spatial, outputs, origin } = plan;
  const patch = plan.channels * sizeOf(plan.kernel);
  const strides = stridesOf(spatial);
  const first = origin.reduce((total, start, axis) => total + start * at(strides, axis), 0) * 4;
  const group = attributes.groups === 1 ? i32.const(0) : i32.rem_u(part, attributes.groups);
  return {
    windows, outputs, patch, table,
    steps: strides.map((stride, axis) => stride * at(attributes.strides, axis)),
    image: { address: image.address, offset: image.offset + first },
    weights: addressOnce(b, plan.weight, i32.mul(group, outputs * patch * 4), context),
    target: addressOnce(b, output, i32.mul(part, outputs * sizeOf(windows) * 4), context),
    sums: i32.add(table, tableBytes(plan) + copyBytes(plan)),
    fusedMultiplyAdd: context.relaxedSimd, wide: context.wide,
  };
}

/** The outputs of all windows of one line. */
function emitLine(b: Code, { windows, outputs, patch, table, steps, image, weights, target, sums, fusedMultiplyAdd, wide }: ConvolutionPart, indices: readonly Index[]): void {
  emitMatmul(b, {
    m: outputs, n: at(windows, -1), k: patch, fusedMultiplyAdd, unpacked: true, wide, scratch: sums,
    a: weights,
    b: { address: b.let(i32.add(image.address, linear(indices, steps, 4))), offset: image.offset, table },
    c: { address: b.let(i32.add(target.address, linear(indices, stridesOf(windows), 4))), offset: target.offset, rowStride: sizeOf(windows) },
  });
}
