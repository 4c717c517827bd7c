import type { Expr } from "../../assembler/expression.js";
import { i32 } from "../../assembler/operators.js";
import { emitDirect, type Sink } from "./direct.js";
import { type Code, float32, float64 } from "./element.js";
import type { Operand } from "./tile.js";

/** A matrix in linear memory, row-major as it is stored; its first element is at `address + offset`. */
export interface MatrixPlace {
  readonly address: Expr<"i32">;
  readonly offset: number;
  /** Elements from one stored row to the next. Default: the rows follow one another. */
  readonly rowStride?: number;
}

/** Sizes of a product `op(A) · op(B)`: `[m, k] x [k, n]`, where `op` transposes or not. */
export interface MatmulSizes {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** A is stored as `[k, m]`. */
  readonly transposeA: boolean;
  /** B is stored as `[n, k]`. */
  readonly transposeB: boolean;
}

export interface MatmulOptions extends MatmulSizes {
  readonly dtype?: "float32" | "float64";
  readonly a: MatrixPlace;
  readonly b: MatrixPlace;
  readonly c?: MatrixPlace;
  readonly fusedMultiplyAdd: boolean;
  readonly thread?: Expr<"i32">;
  readonly threads?: Expr<"i32">;
  readonly scratch?: Expr<"i32">;
  readonly store?: Sink;
}

export function emitMatmul(b: Code, options: MatmulOptions): void {
  const { m, n, k, transposeA, transposeB, dtype = "float32", thread, threads } = options;
  const element = dtype === "float32" ? float32 : float64;
  const { bytes } = element;
  const operand = ({ address, offset, rowStride }: MatrixPlace, columns: number, contiguous: boolean): Operand => {
    const stride = (rowStride ?? columns) * bytes;
    return { address, offset, outerStride: contiguous ? stride : bytes, sharedStride: contiguous ? bytes : stride };
  };
  const left = operand(options.a, transposeA ? m : k, !transposeA);
  const right = operand(options.b, transposeB ? k : n, transposeB);
  const sink: Sink = options.store ?? ((_, { row, column, width, value }) => {
    if (options.c === undefined) throw new Error("c");
    const { address, offset, rowStride = n } = options.c;
    const at = i32.add(address, i32.add(i32.mul(row, rowStride * bytes), i32.mul(column, bytes)));
    element.store(b, at, offset, width, value);
  });
  const share = thread === undefined || threads === undefined ? undefined : { thread, threads, axis: "rows" as const };
  emitDirect(b, { element, method: transposeB ? "dot" : "outer", rows: m, columns: n, shared: k, fused: options.fusedMultiplyAdd, left, right, share, sink });
}
