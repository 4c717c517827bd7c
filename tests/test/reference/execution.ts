import { compile } from "@nn/compiler";
import type { Tensor } from "@nn/tensor";

/** How a program is executed: eagerly or compiled, by the same runner. */
export interface Execution {
  readonly name: string;
  /** The callable program. Each call continues from the state after the last call. */
  readonly prepare: <Input extends Tensor | undefined = Tensor>(program: (...inputs: Input[]) => Tensor[]) => (...inputs: Input[]) => readonly Tensor[];
}

/** Operation by operation. */
export const eager: Execution = { name: "eager", prepare: (program) => program };

/** As one WebAssembly program. */
export const compiled: Execution = { name: "compiled", prepare: (program) => compile(program) };
