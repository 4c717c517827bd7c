import { storageOf, writesOf, type Buffer, type Kernel } from "@nn/compiler/target";
import type { Level } from "../vectors/level.js";
import { planOf, sizesOf, type MatmulKernel } from "./plan.js";

/**
 * The products of a program whose right matrix is packed already, each with the earlier one that packs it: the same matrix, unchanged, in a product of the same
 * sizes, as in the steps of a recurrent layer. Every thread finds in its own scratch memory the panels that it packed.
 */
export function packedOnce(kernels: readonly Kernel[], level: Level, threads: number): ReadonlyMap<Kernel, MatmulKernel> {
  const packedBy = new Map<Kernel, MatmulKernel>();
  /** The products that packed a matrix, by their sizes. */
  const packed = new Map<Buffer, Map<string, MatmulKernel>>();
  for (const kernel of kernels) {
    if (kernel.kind === "library" && kernel.primitive === "matmul" && packsWhole(kernel, level, threads)) {
      const matrix = storageOf(kernel.inputs[1]);
      const bySizes = packed.get(matrix) ?? new Map<string, MatmulKernel>();
      packed.set(matrix, bySizes);
      const sizes = JSON.stringify(sizesOf(kernel));
      const earlier = bySizes.get(sizes);
      if (earlier === undefined) bySizes.set(sizes, kernel);
      else packedBy.set(kernel, earlier);
    }
    for (const buffer of writesOf(kernel)) packed.delete(storageOf(buffer));
  }
  return packedBy;
}

/** Whether a product packs its right matrix in one piece, which then lies in the scratch memory. */
function packsWhole(kernel: MatmulKernel, level: Level, threads: number): boolean {
  const sizes = sizesOf(kernel);
  const { packB, blocks, panelsPerBlock, vectors } = planOf(sizes, level, threads);
  return packB && sizes.batch === 1 && blocks === 1 && panelsPerBlock * vectors * level.lanes >= sizes.n;
}
