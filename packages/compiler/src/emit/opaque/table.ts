import type { Kernel, OpaquePrimitive } from "../../program.js";
import type { OpaqueEmitter } from "./emitter.js";
import { emitMatmul, matmulScratch } from "./matmul.js";
import { emitCumprod, emitCumsum } from "./scan.js";
import { emitScatterAdd } from "./scatter.js";
import { emitArgSort, sortScratchBytes } from "./sort.js";
import { convolutionScratchBytes, emitConvolution } from "./convolution.js";
import { emitRandomBits } from "./random-bits.js";
import { emitWindowArgMax } from "./window-max.js";
import { emitWindowSum } from "./window-sum.js";

/** How the kernel of each primitive that has one of its own is written. */
export const opaqueEmitters: { readonly [P in OpaquePrimitive]: OpaqueEmitter<P> } = {
  matmul: emitMatmul,
  convolution: emitConvolution,
  windowSum: emitWindowSum,
  windowArgMax: emitWindowArgMax,
  argSort: emitArgSort,
  cumsum: emitCumsum,
  cumprod: emitCumprod,
  scatterAdd: emitScatterAdd,
  randomBits: emitRandomBits,
};

/** Bytes of scratch memory that a kernel wants while it runs. */
export function scratchBytes(kernel: Kernel, threads: number): number {
  if (kernel.kind !== "opaque") return 0;
  if (kernel.primitive === "argSort") return sortScratchBytes(kernel, threads);
  if (kernel.primitive === "matmul") return matmulScratch(kernel, threads);
  return kernel.primitive === "convolution" ? convolutionScratchBytes(kernel, threads) : 0;
}
