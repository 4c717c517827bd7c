import type { BinaryCode, UnaryCode } from "@nn/wasm";
import type { PrimitiveOfKind } from "../ir/op-kinds.js";
import type { Kernel, LibraryKernel, LibraryPrimitive } from "../ir/program.js";
import type { ImportedFunctions } from "./imported.js";
import type { Lanes } from "./lanes.js";
import type { LibraryEmitter } from "./library/emitter.js";

/** The code of a library kernel. */
export interface LibraryCode<P extends LibraryPrimitive> {
  readonly emit: LibraryEmitter<P>;
  /** Bytes of scratch memory that the kernel needs while a number of threads run it. Default: none. */
  scratchBytes?(kernel: LibraryKernel<P>, threads: number): number;
}

/** How elements without a vector form are computed: one at a time. */
export interface ScalarCode {
  readonly lanes: Lanes;
  /** The functions of JavaScript that kernels call, if there are any. */
  importedFunctions(kernels: readonly Kernel[]): ImportedFunctions | undefined;
}

/** The code that programs are emitted with. @throws UsageError that names the feature, where the compiler lacks it. */
export interface EmitTarget {
  readonly scalar: ScalarCode;
  libraryCode<P extends LibraryPrimitive>(primitive: P): LibraryCode<P>;
  /** The code of an elementary function of four float32. */
  vectorFunction(primitive: PrimitiveOfKind<"function">): UnaryCode | BinaryCode;
}
