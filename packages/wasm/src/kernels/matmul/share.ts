import type { Expr } from "../../assembler/expression.js";
import { i32 } from "../../assembler/operators.js";
import type { Code } from "./element.js";
import { minimum, product, type Size } from "./size.js";

/** The share of the work that the running thread does. */
export interface Share {
  readonly thread: Expr<"i32">;
  readonly threads: Expr<"i32">;
  /** What is divided among the threads. */
  readonly axis: "rows" | "columns";
}

/** From `low` to before `high`. */
export interface Range {
  readonly low: Size;
  readonly high: Size;
}

/** The part of `count` things that are divided along `axis` which this thread does; all if there is nothing to share. */
export function rangeOf(b: Code, share: Share | undefined, axis: Share["axis"], count: number): Range {
  if (share?.axis !== axis) return { low: 0, high: count };
  const bound = (thread: Expr<"i32">): Expr<"i32"> => b.let(i32.div_u(i32.mul(thread, count), share.threads));
  return { low: bound(share.thread), high: bound(i32.add(share.thread, 1)) };
}

/** The same for elements that are divided in multiples of `grain`. */
export function grainsOf(b: Code, share: Share | undefined, axis: Share["axis"], length: number, grain: number): Range {
  if (share?.axis !== axis) return { low: 0, high: length };
  const { low, high } = rangeOf(b, share, axis, Math.ceil(length / grain));
  return { low: product(low, grain), high: minimum(b, product(high, grain), length) };
}
