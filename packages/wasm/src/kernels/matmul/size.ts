import { asExpr, type Expr, select } from "../../assembler/expression.js";
import { i32 } from "../../assembler/operators.js";
import type { Code } from "./element.js";

/** A whole number: known when the code is written, or computed at run time. */
export type Size = number | Expr<"i32">;

/** The expression of a size. */
export function value(x: Size): Expr<"i32"> {
  return asExpr<"i32">("i32", x, "size");
}

export function sum(x: Size, y: Size): Size {
  if (typeof x === "number" && typeof y === "number") return x + y;
  if (x === 0) return y;
  return y === 0 ? x : i32.add(x, y);
}

export function difference(x: Size, y: Size): Size {
  if (typeof x === "number" && typeof y === "number") return x - y;
  return y === 0 ? x : i32.sub(x, y);
}

export function product(x: Size, y: Size): Size {
  if (typeof x === "number" && typeof y === "number") return x * y;
  if (x === 0 || y === 1) return x;
  return y === 0 || x === 1 ? y : i32.mul(x, y);
}

/** The smaller of two signed numbers. */
export function minimum(b: Code, x: Size, y: Size): Size {
  if (typeof x === "number" && typeof y === "number") return Math.min(x, y);
  const [p, q] = [named(b, x), named(b, y)];
  return select(i32.lt_s(p, q), value(p), q);
}

/** A size, computed once, here. */
export function named(b: Code, x: Size): Size {
  return typeof x === "number" ? x : b.let(x);
}

/** `⌈x / divisor⌉ · divisor` for a divisor that is a power of two. */
export function roundUp(x: Size, divisor: number): Size {
  return typeof x === "number" ? Math.ceil(x / divisor) * divisor : i32.and(i32.add(x, divisor - 1), -divisor);
}

/** Runs `body` for blocks of `step` elements from `low` to before `high`. The last block may be smaller. */
export function forBlocks(b: Code, low: Size, high: Size, step: number, body: (start: Size, size: Size) => void): void {
  const known = typeof low === "number" && typeof high === "number";
  if (known && high - low <= step) {
    if (high > low) b.scope(() => body(low, high - low));
    return;
  }
  const end = named(b, high);
  b.forRange(low, end, step, (start) => {
    const size = known && (high - low) % step === 0 ? step : named(b, minimum(b, step, difference(end, start)));
    body(start, size);
  });
}
