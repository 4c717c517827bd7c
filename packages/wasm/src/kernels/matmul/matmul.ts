import { type FieldKinds, refuseArgument, requireFields } from "../../arguments.js";
import { asExpr, type Expr } from "../../assembler/expression.js";
import { FunctionBuilder } from "../../assembler/function-builder.js";
import { i32 } from "../../assembler/operators.js";
import { AssemblerError } from "../../assembler/types.js";
import { blockedScratchBytes, emitBlocked } from "./blocked.js";
import { directScratchBytes, emitDirect } from "./direct.js";
import { type Address, type Code, type Element, float32, float64 } from "./element.js";
import { type Store, storeBlock } from "./finish.js";
import { panelRows } from "./pack.js";
import { type MatmulPlan, type MatmulSizes, planMatmul } from "./plan.js";
import { grainsOf, type Partition } from "./partition.js";
import type { Operand } from "./tile.js";

/** A matrix stored in row-major order in linear memory. Its first element is at `address + offset`. */
export interface MatrixLocation {
  readonly address: Expr<"i32">;
  /** Bytes beyond `address`. Default 0. */
  readonly offset?: number;
  /** Elements from one stored row to the next. Default: rows are contiguous. */
  readonly rowStride?: number;
  /**
   * Replaces `rowStride` of B, if B is not transposed: the address of a table of int32 with the distance in bytes of each row from the first. With
   * it, the matrix of all patches of an image is the image itself (Dukhan 2019, "The indirect convolution algorithm").
   */
  readonly table?: Expr<"i32">;
}

/** Options of {@link emitMatmul}. */
export interface MatmulOptions extends MatmulSizes {
  readonly a: MatrixLocation;
  readonly b: MatrixLocation;
  /** Where the product is written. Not used with `store`. */
  readonly c?: MatrixLocation;
  /**
   * Whether a multiplication and an addition may be fused and rounded once. This is faster if the engine has relaxed SIMD, but results do not have
   * the same bits on every machine.
   */
  readonly fusedMultiplyAdd: boolean;
  /** The number of this thread and the number of threads that divide the work. Default: one thread. */
  readonly thread?: Expr<"i32">;
  readonly threads?: Expr<"i32">;
  /** Address of scratch memory: `matmulScratchBytes` for each thread. Without it large products are slower. */
  readonly scratch?: Expr<"i32">;
  /** Receives the elements instead of C: each exactly once, at most a vector of neighbours in a row at a time. */
  readonly store?: Store;
}

const elementOf = ({ dtype = "float32" }: MatmulSizes): Element => (dtype === "float32" ? float32 : float64);

const sizeKinds: FieldKinds<MatmulSizes> = {
  m: "number", n: "number", k: "number", transposeA: "boolean | undefined", transposeB: "boolean | undefined", dtype: [undefined, "float32", "float64"],
  heavyStore: "boolean | undefined", wide: "boolean | undefined", unpacked: "boolean | undefined",
};
/** The other options. */
const optionKinds: FieldKinds<Omit<MatmulOptions, keyof MatmulSizes>> = {
  a: "object", b: "object", c: "object | undefined", fusedMultiplyAdd: "boolean", thread: "object | undefined", threads: "object | undefined",
  scratch: "object | undefined", store: "function | undefined",
};
const matrixKinds: FieldKinds<MatrixLocation> = { address: "object", offset: "number | undefined", rowStride: "number | undefined", table: "object | undefined" };

/** Bytes of scratch memory that the code for a product needs for each thread: a multiple of 64. */
export function matmulScratchBytes(sizes: MatmulSizes): number {
  requireFields("matmulScratchBytes", sizes, sizeKinds);
  return scratchBytes(sizes);
}

/** The same for a given plan. */
export function scratchBytes(sizes: MatmulSizes, plan: MatmulPlan = planMatmul(sizes)): number {
  const bytes = plan.method === "blocked" ? blockedScratchBytes(sizes.k, plan.blocks) : sizes.heavyStore || sizes.wide ? directScratchBytes : 0;
  return Math.ceil(bytes / 64) * 64;
}

/**
 * Writes code for the product of two matrices, `C = op(A) · op(B)`, into a function. Sizes are fixed; addresses are computed at run time. The sum
 * along the shared axis is never divided among threads, so the result has the same bits with any number of threads.
 *
 * Reads up to 12 bytes beyond the ends of A and B, and ignores them.
 *
 * @throws AssemblerError if neither `c` nor `store` is given.
 */
export function emitMatmul(b: Code, options: MatmulOptions): void {
  const call = "emitMatmul";
  if (!(b instanceof FunctionBuilder)) refuseArgument(call, "b", b, "a FunctionBuilder");
  requireFields(call, options, { ...sizeKinds, ...optionKinds });
  const { thread, threads, scratch, ...operands } = options;
  const expressions = [thread, threads, scratch];
  for (const matrix of [operands.a, operands.b, operands.c]) {
    if (matrix === undefined) continue;
    requireFields(call, matrix, matrixKinds);
    expressions.push(matrix.address, matrix.table);
  }
  for (const each of expressions) if (each !== undefined) asExpr("i32", each, call);
  emitPlanned(b, options, planMatmul(options));
}

/** The same with a given plan, for options that have been checked. */
export function emitPlanned(b: Code, options: MatmulOptions, plan: MatmulPlan): void {
  const { m, n, k, fusedMultiplyAdd: fused, heavyStore, wide } = options;
  const element = elementOf(options);
  const [left, right] = operandsOf(options, element);
  const store = options.store ?? storeTo(options, element);
  const partition = partitionOf(options, plan.parallelAxis);
  const scratch = scratchOf(b, options, plan);
  const indirect = right.table !== undefined;
  if (plan.method !== "blocked" || scratch === undefined || indirect) {
    const contiguous = left.sharedStride === element.bytes && right.sharedStride === element.bytes && !indirect;
    const method = contiguous && plan.method !== "outer" ? "dot" : "outer";
    const scratches = { scratch: heavyStore ? scratch : undefined, pairs: wide ? scratch : undefined };
    emitDirect(b, { element, method, rows: m, columns: n, shared: k, fused, left, right, partition, store, ...scratches });
    return;
  }
  const { blocks } = plan;
  emitBlocked(b, {
    shared: k, fused, height: panelRows(fused), left, right, blocks,
    rows: grainsOf(b, partition, "rows", m, panelRows(fused)),
    columns: grainsOf(b, partition, "columns", n, blocks.panel),
    scratch,
    finish: (block) => storeBlock(b, element, block, n, store),
  });
}

function partitionOf({ thread, threads }: MatmulOptions, axis: Partition["axis"]): Partition | undefined {
  return thread === undefined || threads === undefined ? undefined : { thread, threads, axis };
}

/** The operands, with strides that take transposition into account. */
function operandsOf(options: MatmulOptions, { bytes }: Element): readonly [left: Operand, right: Operand] {
  const { m, n, k, transposeA = false, transposeB = false, a, b } = options;
  const operand = ({ address, offset = 0, rowStride, table }: MatrixLocation, outer: number, sharedIsLast: boolean): Operand => {
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
function scratchOf(b: Code, options: MatmulOptions, plan: MatmulPlan): Address | undefined {
  const { scratch, thread } = options;
  const bytes = scratchBytes(options, plan);
  if (scratch === undefined || bytes === 0) return undefined;
  return b.let(thread === undefined ? scratch : i32.add(scratch, i32.mul(thread, bytes)));
}
