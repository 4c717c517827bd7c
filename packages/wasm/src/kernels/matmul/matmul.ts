import type { Expr } from "../../assembler/expression.js";
import { i32 } from "../../assembler/operators.js";
import { AssemblerError } from "../../assembler/types.js";
import { blockedScratchBytes, emitBlocked } from "./blocked.js";
import { directScratchBytes, emitDirect } from "./direct.js";
import { type Address, type Code, type Element, float32, float64 } from "./element.js";
import { type Store, storeBlock } from "./finish.js";
import { panelColumns, panelRows } from "./pack.js";
import { type MatmulPlan, type MatmulSizes, planMatmul } from "./plan.js";
import { grainsOf, type Share } from "./share.js";
import type { Operand } from "./tile.js";

/** A matrix in linear memory, row-major as it is stored; its first element is at `address + offset`. */
export interface MatrixPlace {
  readonly address: Expr<"i32">;
  /** Default 0. */
  readonly offset?: number;
  /** Elements from one stored row to the next. Default: the rows follow one another. */
  readonly rowStride?: number;
  /**
   * Of B, not transposed: address of a table of int32 that says how many bytes after the first one each row begins, in place of
   * `rowStride`. So the matrix of all patches of an image is the image itself (Dukhan 2019, "The indirect convolution algorithm").
   */
  readonly table?: Expr<"i32">;
}

/** What {@link emitMatmul} writes code for. */
export interface MatmulOptions extends MatmulSizes {
  readonly a: MatrixPlace;
  readonly b: MatrixPlace;
  /** Where the product goes. Not used with `store`. */
  readonly c?: MatrixPlace;
  /**
   * Whether multiplication and addition may be rounded once together: faster where the engine has relaxed SIMD, but not the same bits
   * on every machine.
   */
  readonly fusedMultiplyAdd: boolean;
  /** The running thread and the number of threads, which share the work. Default: one thread does all. */
  readonly thread?: Expr<"i32">;
  readonly threads?: Expr<"i32">;
  /** Address of scratch memory: `matmulScratchBytes` for each thread. Without it large products are slower. */
  readonly scratch?: Expr<"i32">;
  /** How it is computed. Default: `planMatmul` decides. */
  readonly plan?: MatmulPlan;
  /** Takes the elements instead of C, while they are at hand: each exactly once, up to a vector of neighbours in a row at a time. */
  readonly store?: Store;
}

const elementOf = ({ dtype = "float32" }: MatmulSizes): Element => (dtype === "float32" ? float32 : float64);

/** Bytes of scratch memory that the code for a product wants for each thread: a multiple of 64. */
export function matmulScratchBytes(sizes: MatmulSizes, plan: MatmulPlan = planMatmul(sizes)): number {
  const bytes = plan.method === "blocked" ? blockedScratchBytes(sizes.k, plan.blocks) : sizes.heavyStore === true ? directScratchBytes : 0;
  return Math.ceil(bytes / 64) * 64;
}

/**
 * Writes code for the product of two matrices, `C = op(A) · op(B)`, into a function: sizes are known, addresses are computed when it
 * runs. See {@link planMatmul} for how. The sum along the shared axis is never divided among threads, so the result has the same
 * bits whatever their number.
 *
 * Up to 12 bytes beyond the end of A and of B are read, and not used.
 *
 * @throws AssemblerError if neither `c` nor `store` is given.
 */
export function emitMatmul(b: Code, options: MatmulOptions): void {
  const { m, n, k, fusedMultiplyAdd: fused } = options;
  const element = elementOf(options);
  const { plan = planMatmul(options) } = options;
  const [left, right] = operandsOf(options, element);
  const store = options.store ?? storeTo(options, element);
  const share = shareOf(options, plan.share);
  const scratch = scratchOf(b, options);
  const indirect = right.table !== undefined;
  if (plan.method !== "blocked" || scratch === undefined || indirect) {
    const contiguous = left.sharedStride === element.bytes && right.sharedStride === element.bytes && !indirect;
    const method = contiguous && plan.method !== "outer" ? "dot" : "outer";
    emitDirect(b, { element, method, rows: m, columns: n, shared: k, fused, left, right, share, store, scratch });
    return;
  }
  const { blocks } = plan;
  emitBlocked(b, {
    shared: k, fused, height: panelRows(fused), left, right, blocks,
    rows: grainsOf(b, share, "rows", m, panelRows(fused)),
    columns: grainsOf(b, share, "columns", n, panelColumns),
    scratch,
    finish: (block) => storeBlock(b, element, block, n, store),
  });
}

function shareOf({ thread, threads }: MatmulOptions, axis: Share["axis"]): Share | undefined {
  return thread === undefined || threads === undefined ? undefined : { thread, threads, axis };
}

/** The operands with the strides of what they are here, not of how they are stored. */
function operandsOf(options: MatmulOptions, { bytes }: Element): readonly [left: Operand, right: Operand] {
  const { m, n, k, transposeA = false, transposeB = false, a, b } = options;
  const operand = ({ address, offset = 0, rowStride, table }: MatrixPlace, outer: number, sharedIsLast: boolean): Operand => {
    const stride = (rowStride ?? (sharedIsLast ? k : outer)) * bytes;
    return { address, offset, outerStride: sharedIsLast ? stride : bytes, sharedStride: sharedIsLast ? bytes : stride, table };
  };
  return [operand(a, m, !transposeA), operand(b, n, transposeB)];
}

function storeTo({ c, n }: MatmulOptions, { bytes, store }: Element): Store {
  if (c === undefined) throw new AssemblerError("emitMatmul: expected `c`, where the product goes, or `store`, got neither");
  const { address, offset = 0, rowStride = n } = c;
  return (b, { row, column, width, value }) => {
    const at = i32.add(address, i32.add(i32.mul(row, rowStride * bytes), i32.mul(column, bytes)));
    store(b, at, offset, width, value);
  };
}

/** The scratch memory of this thread. */
function scratchOf(b: Code, options: MatmulOptions): Address | undefined {
  const { scratch, thread } = options;
  const bytes = matmulScratchBytes(options, options.plan);
  if (scratch === undefined || bytes === 0) return undefined;
  return b.let(thread === undefined ? scratch : i32.add(scratch, i32.mul(thread, bytes)));
}
