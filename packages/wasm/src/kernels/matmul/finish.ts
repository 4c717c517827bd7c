import { i32, v128 } from "../../assembler/operators.js";
import type { FinishedBlock } from "./blocked.js";
import type { Address, Code, Element, Vector } from "./element.js";
import { type Size, sum, value } from "./size.js";

/** Finished elements of a product: `width` neighbours in `row` from `column` on, in the first lanes of `value`. */
export interface FinishedVector {
  readonly row: Address;
  readonly column: Address;
  readonly width: number;
  readonly value: Vector;
}

/** Receives finished elements, each once. */
export type Store = (b: Code, elements: FinishedVector) => void;

/** Passes the elements of a block in memory to `store`, a vector at a time; `columns` is the number of columns of the product. */
export function storeBlock(b: Code, element: Element, block: FinishedBlock, columns: number, store: Store): void {
  const { lanes, bytes } = element;
  const rest = columns % lanes;
  const known = typeof block.columns === "number";
  const whole: Size = typeof block.columns === "number" ? block.columns - (block.columns % lanes) : i32.and(block.columns, -lanes);
  const each = (i: Address, j: Size, width: number): void => {
    const at = i32.add(i32.add(block.address, i32.mul(i, block.strideBytes)), i32.mul(value(j), bytes));
    const elements = { row: b.let(value(sum(block.row, i))), column: b.let(value(sum(block.column, j))), width };
    store(b, { ...elements, value: b.let(v128.load(at, { align: bytes })) });
  };
  b.forRange(0, value(block.rows), 1, (i) => {
    const end = known ? whole : b.let(value(whole));
    b.forRange(0, end, lanes, (j) => each(i, j, lanes));
    if (rest === 0) return;
    // Only the last block of columns may end with part of a vector.
    if (!known) b.if(i32.ne(value(end), value(block.columns)), () => each(i, end, rest));
    else if (whole !== block.columns) b.scope(() => each(i, end, rest));
  });
}
