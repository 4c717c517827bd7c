import { bfloat16MatmulScratchBytes, emitBfloat16Matmul } from "../emit/library/bfloat16-matmul.js";
import { convolutionScratchBytes, emitConvolution } from "../emit/library/convolution.js";
import { emitMatmul, matmulScratchBytes } from "../emit/library/matmul.js";
import { emitQuantizedMatmul, quantizedMatmulScratchBytes } from "../emit/library/quantized-matmul.js";
import { emitRandomBits } from "../emit/library/random-bits.js";
import { emitCumProd, emitCumSum } from "../emit/library/scan.js";
import { emitScatterAdd, scatterScratchBytes } from "../emit/library/scatter.js";
import { emitArgSort, sortScratchBytes } from "../emit/library/sort.js";
import { emitWindowArgMax } from "../emit/library/window-max.js";
import { emitWindowSum } from "../emit/library/window-sum.js";
import { polyphaseDecomposition } from "../passes/polyphase-decomposition.js";
import { productsOfPatches } from "../passes/products-of-patches.js";
import type { KernelFeature } from "./feature.js";

/** Products of matrices. */
export const matmul: KernelFeature<"matmul"> = { feature: "matmul", emit: emitMatmul, scratchBytes: matmulScratchBytes };
/** Products of whole numbers of 8 bits, for quantized networks. */
export const quantizedMatmul: KernelFeature<"quantizedMatmul"> = { feature: "quantizedMatmul", emit: emitQuantizedMatmul, scratchBytes: quantizedMatmulScratchBytes };
/** Products of bfloat16, for networks with such weights. */
export const bfloat16Matmul: KernelFeature<"bfloat16Matmul"> = { feature: "bfloat16Matmul", emit: emitBfloat16Matmul, scratchBytes: bfloat16MatmulScratchBytes };
/** Cross-correlations of images with kernels. */
export const convolution: KernelFeature<"convolution"> = { feature: "convolution", emit: emitConvolution, scratchBytes: convolutionScratchBytes, passes: { polyphaseDecomposition, productsOfPatches } };
/** Sums over sliding windows: average pooling. */
export const windowSum: KernelFeature<"windowSum"> = { feature: "windowSum", emit: emitWindowSum };
/** Positions of the largest elements under sliding windows: maximum pooling. */
export const windowArgMax: KernelFeature<"windowArgMax"> = { feature: "windowArgMax", emit: emitWindowArgMax };
/** Sorting. */
export const argSort: KernelFeature<"argSort"> = { feature: "argSort", emit: emitArgSort, scratchBytes: sortScratchBytes };
/** Running sums. */
export const cumSum: KernelFeature<"cumSum"> = { feature: "cumSum", emit: emitCumSum };
/** Running products. */
export const cumProd: KernelFeature<"cumProd"> = { feature: "cumProd", emit: emitCumProd };
/** Additions at computed positions: gradients of gathers, as of embeddings. */
export const scatterAdd: KernelFeature<"scatterAdd"> = { feature: "scatterAdd", emit: emitScatterAdd, scratchBytes: scatterScratchBytes };
/** Random numbers, for dropout and all other draws. */
export const randomBits: KernelFeature<"randomBits"> = { feature: "randomBits", emit: emitRandomBits };
