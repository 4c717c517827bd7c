import type { KernelOptions, LibraryKernel } from "@nn/compiler/target";
import type { MachineKernel } from "../machine-kernel.js";
import { levels, type Level, type LevelName } from "../vectors/level.js";
import type { PackedFormat, Products } from "./packed-format.js";
import { packedProductsCode } from "./packed-products.js";
import { WholeNumbers } from "./whole-numbers.js";

/** One instruction for the products of unsigned bytes and signed ones (VNNI). */
const dotProducts: Products = {
  parts: 1,
  unpack: () => undefined,
  add: ({ asm }, sums, inputs, weights) => {
    if (sums.bytes === 64) asm.vector("vpdpbusd", sums, inputs, weights);
    else asm.vector("vpdpbusd_vex", sums, inputs, weights);
  },
};

/** The same in three instructions of AVX2. The inputs have 7 bits, so that sums of two products fit 16 bits. */
const pairwise: Products = {
  parts: 1,
  unpack: () => undefined,
  add: (w, sums, inputs, weights, product) => {
    w.asm.vector("vpmaddubsw", product, inputs, weights);
    w.asm.vector("vpmaddwd", product, product, w.splatBits(0x0001_0001));
    w.asm.vector("vpaddd", sums, sums, product);
  },
};

const bytes = (products: Products): PackedFormat => ({
  perWord: 4,
  inputParts: 1,
  panel: undefined,
  products,
  packedRowBytes: (k, { lanes }) => Math.ceil(k / lanes) * lanes,
  packer: (f, w) => new WholeNumbers(f, w),
});

/**
 * Machine code for a product of whole numbers, or `undefined` if there is none for its sizes or its epilogue. `instructions`: the instruction sets that have `vpdpbusd`.
 * Without it, vectors of AVX2 do the work of it in three instructions.
 */
export function quantizedMatmulCode(kernel: LibraryKernel<"quantizedMatmul">, widest: Level, options: KernelOptions, instructions: ReadonlySet<LevelName>): MachineKernel | undefined {
  const hasInstruction = instructions.has(widest.name);
  return packedProductsCode(kernel, bytes(hasInstruction ? dotProducts : pairwise), hasInstruction ? widest : levels["AVX2"], options);
}
