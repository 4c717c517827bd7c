import { i32 } from "@nn/wasm";
import type { LibraryKernel } from "../../ir/program.js";
import { dotProducts } from "./dot-products.js";
import type { LibraryEmitter } from "./emitter.js";
import { emitPackedProducts, packedScratchBytes, type PackedFormat } from "./packed-products.js";
import { packColumns, packRow } from "./quantized-pack.js";

/** Four bytes in a word; the words of a row lie side by side. */
const bytes: PackedFormat = {
  perWord: 4,
  inputParts: 1,
  products: dotProducts,
  packRow,
  packColumns,
  column: (column, _, n) => ({ bytes: i32.mul(column, 4), step: 4 * n }),
};

export function quantizedMatmulScratchBytes(kernel: LibraryKernel<"quantizedMatmul">, threads: number): number {
  return packedScratchBytes(kernel, bytes, threads);
}

/** Products of whole numbers. */
export const emitQuantizedMatmul: LibraryEmitter<"quantizedMatmul"> = (b, kernel, context) => emitPackedProducts(b, kernel, bytes, context);
