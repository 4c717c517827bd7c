import type { Expr } from "@nn/wasm";
import type { LibraryKernel, LibraryPrimitive } from "../../ir/program.js";
import type { Code } from "../lanes.js";
import type { PointEmitter } from "../loop.js";
import type { Surroundings } from "../values.js";

/** What an opaque kernel needs to know of the program it is in. */
export interface OpaqueSurroundings extends Surroundings {
  /** Whether multiplication and addition may be rounded once together. */
  readonly relaxedSimd: boolean;
  /** Where the kernel's scratch memory begins. */
  readonly scratchAddress: Expr<"i32">;
  /** Elementwise work on the output's elements while they are in registers, if there is some; it stores them. */
  readonly point: PointEmitter | undefined;
}

/** Writes the kernel of a primitive. All threads run it; they share the work by `thread` and `threads`. */
export type OpaqueEmitter<P extends LibraryPrimitive> = (b: Code, kernel: LibraryKernel<P>, around: OpaqueSurroundings) => void;
