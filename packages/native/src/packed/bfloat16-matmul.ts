import type { KernelOptions, LibraryKernel } from "@nn/compiler/target";
import { bfloat16PanelColumns } from "@nn/tensor/extend";
import type { MachineKernel } from "../machine-kernel.js";
import type { Level } from "../vectors/level.js";
import { Bfloat16Pairs, RoundedNumbers } from "./bfloat16-inputs.js";
import type { PackedFormat } from "./packed-format.js";
import { packedProductsCode } from "./packed-products.js";

/** One instruction for the products of pairs (AVX-512 BF16). */
const pairs: PackedFormat = {
  perWord: 2,
  inputParts: 1,
  panel: bfloat16PanelColumns,
  products: { parts: 1, unpack: () => undefined, add: ({ asm }, sums, inputs, weights) => asm.vector("vdpbf16ps", sums, inputs, weights) },
  packedRowBytes: (k) => Math.ceil(k / 32) * 64,
  packer: (f, w) => new Bfloat16Pairs(f, w),
};

/** The weights become float32, first those in the lower halves of words, then those in the upper ones. Products are exact, so it does not matter that they are not rounded before the addition. */
const numbers: PackedFormat = {
  perWord: 2,
  inputParts: 2,
  panel: bfloat16PanelColumns,
  products: {
    parts: 2,
    unpack: (w, weights, part) => {
      if (part === 0) w.asm.vector("vpslld", weights, weights, 16);
      else w.asm.vector("vandps", weights, weights, w.splatBits(-0x1_0000));
    },
    add: ({ asm }, sums, inputs, weights) => asm.vector("vfmadd231ps", sums, inputs, weights),
  },
  packedRowBytes: (k, { lanes, bytes }) => Math.ceil(k / lanes) * bytes,
  packer: (f, w) => new RoundedNumbers(f, w),
};

/** Machine code for a product of bfloat16, or `undefined` if there is none for its sizes or its epilogue. `hasInstruction`: whether a processor with AVX-512 has `vdpbf16ps`. */
export function bfloat16MatmulCode(kernel: LibraryKernel<"bfloat16Matmul">, level: Level, options: KernelOptions, hasInstruction: boolean): MachineKernel | undefined {
  return packedProductsCode(kernel, hasInstruction && level.name === "AVX-512" ? pairs : numbers, level, options);
}
