import { i32, type Expr } from "@nn/wasm";
import type { Buffer, Fault } from "../ir/program.js";
import type { Code, ElementCode, Functions } from "./lanes.js";

/** Where a buffer begins in linear memory: known now, or `offset` bytes beyond the address `base` that the kernel is called with. */
export interface BufferLocation {
  readonly base: Expr<"i32"> | undefined;
  readonly offset: number;
}

/** The address `index` bytes into a buffer, without the offset of its location. */
export function withBase({ base }: BufferLocation, index: Expr<"i32">): Expr<"i32"> {
  return base === undefined ? index : i32.add(base, index);
}

/** What the code of a kernel needs to know of the program that it belongs to. */
export interface EmitContext extends Functions {
  readonly code: ElementCode;
  /** Where a buffer begins in linear memory. */
  locate(buffer: Buffer): BufferLocation;
  /** Writes code that reports a fault with two whole numbers, and stops the program, where `condition` holds. */
  failIf(b: Code, condition: Expr<"i32">, fault: Fault, x: Expr<"i32">, y: Expr<"i32">): void;
  readonly thread: Expr<"i32">;
  readonly threads: Expr<"i32">;
}
