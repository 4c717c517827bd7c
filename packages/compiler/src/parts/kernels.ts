import { convolutionScratchBytes, emitConvolution } from "../emit/opaque/convolution.js";
import { emitMatmul, matmulScratchBytes } from "../emit/opaque/matmul.js";
import { emitRandomBits } from "../emit/opaque/random-bits.js";
import { emitCumProd, emitCumSum } from "../emit/opaque/scan.js";
import { emitScatterAdd } from "../emit/opaque/scatter.js";
import { emitArgSort, sortScratchBytes } from "../emit/opaque/sort.js";
import { emitWindowArgMax } from "../emit/opaque/window-max.js";
import { emitWindowSum } from "../emit/opaque/window-sum.js";
import { phaseDecomposition } from "../passes/phase-decomposition.js";
import type { KernelPart } from "./part.js";

/** Products of matrices. */
export const matmul: KernelPart<"matmul"> = { emit: emitMatmul, scratchBytes: matmulScratchBytes };
/** Cross-correlations of images with kernels. */
export const convolution: KernelPart<"convolution"> = { emit: emitConvolution, scratchBytes: convolutionScratchBytes, passes: { phaseDecomposition } };
/** Sums over sliding windows: average pooling. */
export const windowSum: KernelPart<"windowSum"> = { emit: emitWindowSum };
/** Places of the largest elements under sliding windows: maximum pooling. */
export const windowArgMax: KernelPart<"windowArgMax"> = { emit: emitWindowArgMax };
/** Sorting. */
export const argSort: KernelPart<"argSort"> = { emit: emitArgSort, scratchBytes: sortScratchBytes };
/** Running sums. */
export const cumSum: KernelPart<"cumSum"> = { emit: emitCumSum };
/** Running products. */
export const cumProd: KernelPart<"cumProd"> = { emit: emitCumProd };
/** Additions at computed places: gradients of gathers, as of embeddings. */
export const scatterAdd: KernelPart<"scatterAdd"> = { emit: emitScatterAdd };
/** Random numbers, for dropout and all other draws. */
export const randomBits: KernelPart<"randomBits"> = { emit: emitRandomBits };
