import { compile } from "@nn/compiler";
import type { Tensor } from "@nn/tensor";

/** How a program is executed: as it is, or compiled. The runner is the same. */
export interface Execution {
  readonly name: string;
  /** The program in the form that is called. Called again, it must go on from the state that the last call left. */
  readonly prepare: (program: (...inputs: Tensor[]) => Tensor[]) => (...inputs: Tensor[]) => readonly Tensor[];
}

/** Operation by operation. */
export const eager: Execution = { name: "eager", prepare: (program) => program };

/** As one WebAssembly program. */
export const compiled: Execution = { name: "compiled", prepare: (program) => compile(program) };
