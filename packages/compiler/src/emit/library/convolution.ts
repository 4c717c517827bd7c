import { sizeOf } from "@nn/tensor/extend";
import { emitMatmul, i32, type Expr } from "@nn/wasm";
import { at } from "../../ir/at.js";
import type { Buffer, LibraryKernel } from "../../ir/program.js";
import type { Code } from "../lanes.js";
import { emitConvolutionDirectly } from "./convolution-direct.js";
import { aligned, emitConvolutionIndirectly, indirectPlan, indirectScratchBytes, tileBytes } from "./convolution-indirect.js";
import type { LibraryEmitter, LibraryContext } from "./emitter.js";
import { nest, addressIn, addressOnce, parallelNest } from "./nest.js";
import { emitPatchColumns, type PatchSource } from "./patches.js";

type Convolution = LibraryKernel<"convolution">;

/** The most elements of a matrix of patches that stay in the cache during a product. */
const blockElements = 2 ** 16;

/** How the windows of one image are turned into matrix products. */
interface Tiling {
  readonly source: PatchSource;
  readonly weight: Buffer;
  readonly outputs: number;
  /** Length of a patch: channels of a group times elements of the kernel. */
  readonly patch: number;
  readonly windows: readonly number[];
  /** Windows at one position of the first spatial axis. */
  readonly rowWindows: number;
  /** Positions of the first spatial axis that one product computes. */
  readonly rows: number;
  /** Whether a patch is one element: then the image itself is the matrix of patches. */
  readonly pointwise: boolean;
}

function tilingOf({ inputs: [input, weight], output, attributes }: Convolution): Tiling {
  const [outputs, channels] = [at(weight.shape, 0), at(weight.shape, 1)];
  const kernel = weight.shape.slice(2);
  const windows = output.shape.slice(2);
  const patch = channels * sizeOf(kernel);
  const total = sizeOf(windows);
  const firstAxis = at(windows, 0);
  const rowWindows = windows.length > 1 ? total / firstAxis : total;
  const rows = windows.length > 1 ? Math.max(1, Math.min(firstAxis, Math.floor(blockElements / (patch * rowWindows)))) : 1;
  const { strides, padding, inputDilation, groups } = attributes;
  const pointwise = sizeOf(kernel) === 1 && strides.every((s) => s === 1) && inputDilation.every((d) => d === 1) && padding.flat().every((p) => p === 0);
  return { source: { input, kernel, channels, attributes }, weight, outputs: outputs / groups, patch, windows, rowWindows, rows, pointwise };
}

/** How to compute it from the image itself, if that is possible. */
function planWithoutPatches(kernel: Convolution, { pointwise }: Tiling): ReturnType<typeof indirectPlan> {
  return pointwise ? undefined : indirectPlan(kernel);
}

/** Bytes of scratch memory: for the patches that each thread writes at a time, or for the table of taps and the copy of an image. */
export function convolutionScratchBytes(kernel: Convolution, threads: number, wide: boolean): number {
  if (kernel.output.dtype !== "float32") return 0;
  const tiling = tilingOf(kernel);
  const plan = planWithoutPatches(kernel, tiling);
  return (plan === undefined ? scratchOfThread(tiling, wide) : indirectScratchBytes(plan, wide)) * threads;
}

const patchBytes = ({ pointwise, patch, rows, rowWindows }: Tiling): number => (pointwise ? 0 : aligned(patch * rows * rowWindows * 4 + 16));

const scratchOfThread = (tiling: Tiling, wide: boolean): number => patchBytes(tiling) + tileBytes(wide);

/**
 * Cross-correlation. In float32 it is a product of the kernel with the matrix of patches. The image itself serves as that matrix if a patch is
 * one element, or if neighbouring windows read neighbouring elements and few outputs read them. Otherwise the patches are written first, for
 * several windows at a time. The threads divide the images.
 */
export const emitConvolution: LibraryEmitter<"convolution"> = (b, kernel, context) => {
  if (kernel.output.dtype !== "float32") return emitConvolutionDirectly(b, kernel, context);
  const tiling = tilingOf(kernel);
  const plan = planWithoutPatches(kernel, tiling);
  if (plan !== undefined) return emitConvolutionIndirectly(b, kernel, plan, context);
  const { source: { input, channels }, outputs, pointwise } = tiling;
  const { groups } = kernel.attributes;
  const scratch = b.let(i32.add(context.scratchAddress, i32.mul(context.thread, scratchOfThread(tiling, context.wide))));
  const images = at(kernel.output.shape, 0);
  const plane = sizeOf(input.shape.slice(2));
  parallelNest(b, [images], context, ([image]) => {
    nest(b, groups === 1 ? [] : [groups], ([group = i32.const(0)]) => {
      const part = b.let(i32.add(i32.mul(image, groups), group));
      const channel = b.let(i32.mul(part, channels * plane * 4));
      const target = b.let(i32.mul(part, outputs * sizeOf(tiling.windows) * 4));
      const weights = b.let(i32.mul(group, outputs * tiling.patch * 4));
      const addresses: PartAddresses = { channel, target, weights, scratch };
      if (pointwise) emitProduct(b, kernel, tiling, context, addresses, sizeOf(tiling.windows));
      else emitBlocks(b, kernel, tiling, context, addresses);
    });
  });
  return undefined;
};

/** The addresses of one group of an image. */
interface PartAddresses {
  readonly channel: Expr<"i32">;
  readonly target: Expr<"i32">;
  readonly weights: Expr<"i32">;
  readonly scratch: Expr<"i32">;
}

/** Computes several rows of windows at a time. */
function emitBlocks(b: Code, kernel: Convolution, tiling: Tiling, context: LibraryContext, addresses: PartAddresses): void {
  const { windows, rows, rowWindows } = tiling;
  const firstAxis = windows.length > 1 ? at(windows, 0) : 1;
  const whole = firstAxis - (firstAxis % rows);
  const block = (row: Expr<"i32">, count: number): void => {
    const { address, offset } = addressIn(tiling.source.input, addresses.channel, context);
    emitPatchColumns(b, tiling.source, windows, row, count, address, offset, addresses.scratch);
    const target = b.let(i32.add(addresses.target, i32.mul(row, rowWindows * 4)));
    emitProduct(b, kernel, tiling, context, { ...addresses, target }, count * rowWindows);
  };
  if (whole > 0) b.forRange(0, whole, rows, (row) => block(row, rows));
  if (whole < firstAxis) b.scope(() => block(b.let(i32.const(whole)), firstAxis - whole));
}

function emitProduct(b: Code, kernel: Convolution, tiling: Tiling, context: LibraryContext, addresses: PartAddresses, windows: number): void {
  const { pointwise, outputs, patch, source } = tiling;
  emitMatmul(b, {
    m: outputs, n: windows, k: patch, transposeA: false, transposeB: false,
    a: addressOnce(b, tiling.weight, addresses.weights, context),
    b: pointwise ? addressOnce(b, source.input, addresses.channel, context) : { address: addresses.scratch, offset: 0 },
    c: { ...addressOnce(b, kernel.output, addresses.target, context), rowStride: sizeOf(tiling.windows) },
    fusedMultiplyAdd: context.relaxedSimd, unpacked: true, wide: context.wide,
    scratch: i32.add(addresses.scratch, patchBytes(tiling)),
  });
}
