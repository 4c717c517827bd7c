import type { LibraryKernel, LibraryPrimitive } from "../ir/program.js";
import type { ElementCode } from "./lanes.js";
import type { LibraryEmitter } from "./library/emitter.js";

/** The code of a library kernel. */
export interface LibraryCode<P extends LibraryPrimitive> {
  readonly emit: LibraryEmitter<P>;
  /** Bytes of scratch memory that the kernel needs while a number of threads run it; `wide`: where the engine merges pairs of vectors. Default: none. */
  scratchBytes?(kernel: LibraryKernel<P>, threads: number, wide: boolean): number;
}

/** The code that programs are emitted with. @throws UsageError that names the feature, where the compiler lacks it. */
export interface ProgramCode extends ElementCode {
  libraryCode<P extends LibraryPrimitive>(primitive: P): LibraryCode<P>;
}
