import { bfloat16PanelColumns } from "@nn/tensor/extend";
import { f32x4, i32, i32x4, select, v128, type Expr } from "@nn/wasm";
import type { LibraryKernel } from "../../ir/program.js";
import type { Code, LaneAddress } from "../lanes.js";
import type { LibraryEmitter } from "./emitter.js";
import { emitPackedProducts, packedScratchBytes, type PackedFormat, type Panel, type WordPart } from "./packed-products.js";

type Vector = Expr<"v128">;
type Index = Expr<"i32">;
type Source = Pick<LaneAddress, "address" | "offset">;

/** The upper half of a word. */
const upperHalf = (words: Vector): Vector => v128.and(words, i32x4.const(-0x1_0000));

/** The nearest number with 8 significant bits in each lane, halves to even; 0 for numbers below 2⁻¹²⁶. All bits of the upper half of NaN are set, so that the addition does not make it a number. */
function rounded(b: Code, source: Vector): Vector {
  const x = b.let(source);
  const nearest = i32x4.add(i32x4.add(x, i32x4.const(0x7fff)), v128.and(i32x4.shr_u(x, 16), i32x4.const(1)));
  const small = f32x4.lt(f32x4.abs(x), f32x4.const(2 ** -126));
  return upperHalf(v128.andnot(v128.or(nearest, f32x4.ne(x, x)), small));
}

/** Rounds a row. An odd one ends with a 0, which the upper half of its last word meets. */
function packRow(b: Code, { address, offset }: Source, to: Index, k: number): void {
  const [from, target] = [b.let(address), b.let(to)];
  const whole = Math.floor(k / 4);
  const load = (): Vector => b.let(rounded(b, v128.load(from, { offset, align: 4 })));
  b.forRange(0, whole, 1, () => {
    b.v128.store(target, load(), { align: 4 });
    b.set(from, i32.add(from, 16));
    b.set(target, i32.add(target, 16));
  });
  const rest = k % 4;
  if (rest === 0) return;
  const numbers = load();
  if (rest === 3) b.v128.store(target, v128.and(numbers, i32x4.const(-1, -1, -1, 0)), { align: 4 });
  else b.v128.store64_lane(target, rest === 2 ? numbers : b.let(v128.and(numbers, i32x4.const(-1, 0, 0, 0))), 0, { align: 4 });
}

/** Rounds the columns of a panel; a row of zeros follows an odd number of rows. */
function packColumns(b: Code, { address, offset }: Source, to: Index, { k, m, columns }: Panel): void {
  const vectors = Math.ceil(columns / 4);
  const [from, target] = [b.let(address), b.let(to)];
  const writeRow = (number: (vector: number) => Vector): void => {
    for (let vector = 0; vector < vectors; vector++) b.v128.store(target, number(vector), { offset: 16 * vector });
  };
  b.forRange(0, k, 1, () => {
    writeRow((vector) => rounded(b, v128.load(from, { offset: offset + 16 * vector, align: 4 })));
    b.set(from, i32.add(from, 4 * m));
    b.set(target, i32.add(target, 16 * vectors));
  });
  if (k % 2 > 0) writeRow(() => f32x4.const(0));
}

/** The panel of a column begins after all words of the columns before it. */
function columnOf(column: Index, words: number, n: number): ReturnType<PackedFormat["column"]> {
  const inPanel = i32.and(column, bfloat16PanelColumns - 1);
  const bytes = i32.mul(i32.add(i32.mul(i32.sub(column, inPanel), words), inPanel), 4);
  const last = n % bfloat16PanelColumns;
  const wide = 4 * bfloat16PanelColumns;
  if (last === 0) return { bytes, step: wide };
  return { bytes, step: n === last ? 4 * last : select(i32.lt_s(column, n - last), i32.const(wide), i32.const(4 * last)) };
}

/** Since products are exact, it does not matter whether they are rounded before they are added. */
const add = (relaxedSimd: boolean): WordPart["add"] => (weights, inputs, sum) => (relaxedSimd ? f32x4.relaxed_madd(weights, inputs, sum) : f32x4.add(sum, f32x4.mul(weights, inputs)));

/** Two numbers in a word, by panels. */
const halves: PackedFormat = {
  perWord: 2,
  inputParts: 2,
  products: (relaxedSimd) => [
    { weights: (words) => i32x4.shl(words, 16), inputs: (load) => load(0), add: add(relaxedSimd) },
    { weights: upperHalf, inputs: (load) => load(1), add: add(relaxedSimd) },
  ],
  packRow,
  packColumns,
  column: columnOf,
};

export function bfloat16MatmulScratchBytes(kernel: LibraryKernel<"bfloat16Matmul">, threads: number): number {
  return packedScratchBytes(kernel, halves, threads);
}

/** Products of bfloat16, with sums of float32. */
export const emitBfloat16Matmul: LibraryEmitter<"bfloat16Matmul"> = (b, kernel, context) => emitPackedProducts(b, kernel, halves, context);
