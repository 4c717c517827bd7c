import type { Expr } from "../../assembler/expression.js";
import { i32 } from "../../assembler/operators.js";
import type { Code } from "./element.js";
import { minimum, named, product, type Size } from "./size.js";

/** How the work is divided among threads, and which of them is running. */
export interface Partition {
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

/** This thread's part of `count` items along `axis`: all of them, unless the threads divide that axis. */
export function rangeOf(b: Code, partition: Partition | undefined, axis: Partition["axis"], count: number): Range {
  if (partition?.axis !== axis) return { low: 0, high: count };
  const bound = (thread: Expr<"i32">): Expr<"i32"> => b.let(i32.div_u(i32.mul(thread, count), partition.threads));
  return { low: bound(partition.thread), high: bound(i32.add(partition.thread, 1)) };
}

/** The same for elements, divided in multiples of `grain`. */
export function grainsOf(b: Code, partition: Partition | undefined, axis: Partition["axis"], length: number, grain: number): Range {
  if (partition?.axis !== axis) return { low: 0, high: length };
  const { low, high } = rangeOf(b, partition, axis, Math.ceil(length / grain));
  return { low: product(low, grain), high: named(b, minimum(b, product(high, grain), length)) };
}
