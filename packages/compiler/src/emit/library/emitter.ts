import type { Expr } from "@nn/wasm";
import type { LibraryKernel, LibraryPrimitive } from "../../ir/program.js";
import type { Code } from "../lanes.js";
import type { EpilogueEmitter } from "../epilogue.js";
import type { EmitContext } from "../context.js";

/** What the code of a library kernel needs to know about its program. */
export interface LibraryContext extends EmitContext {
  /** Whether a multiplication and an addition may be fused and rounded once. */
  readonly relaxedSimd: boolean;
  /** Whether the engine merges pairs of vectors. */
  readonly wide: boolean;
  /** Where the kernel's scratch memory begins. */
  readonly scratchAddress: Expr<"i32">;
  /** Elementwise work on output elements in registers, if there is any. It stores them. */
  readonly epilogue: EpilogueEmitter | undefined;
}

/** Writes a library kernel. All threads run it; they divide the work by `thread` and `threads`. */
export type LibraryEmitter<P extends LibraryPrimitive> = (b: Code, kernel: LibraryKernel<P>, context: LibraryContext) => void;
