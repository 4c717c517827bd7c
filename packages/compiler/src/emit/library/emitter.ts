import type { Expr } from "@nn/wasm";
import type { LibraryKernel, LibraryPrimitive } from "../../ir/program.js";
import type { Code } from "../lanes.js";
import type { EpilogueEmitter } from "../epilogue.js";
import type { EmitContext } from "../context.js";

/** What a library kernel needs to know of the program it is in. */
export interface LibraryContext extends EmitContext {
  /** Whether multiplication and addition may be rounded once together. */
  readonly relaxedSimd: boolean;
  /** Where the kernel's scratch memory begins. */
  readonly scratchAddress: Expr<"i32">;
  /** Elementwise work on the output's elements while they are in registers, if there is any; it stores them. */
  readonly epilogue: EpilogueEmitter | undefined;
}

/** Writes a library kernel. All threads run it; they divide the work by `thread` and `threads`. */
export type LibraryEmitter<P extends LibraryPrimitive> = (b: Code, kernel: LibraryKernel<P>, context: LibraryContext) => void;
