import type { Tensor, Variable } from "@nn/tensor";
import { currentInterpreter, type Application, type Interpreter, type Primitive } from "@nn/tensor/interpreter";

/**
 * Maps the gradients of a call's outputs to those of its inputs; `undefined` is zero, on both sides.
 * `needed` marks the inputs whose gradients will be used; the others may be left out.
 */
export type Pullback = (
  gradients: readonly (Tensor | undefined)[], needed: readonly boolean[],
) => readonly (Tensor | undefined)[];

/** A call with a custom gradient, as a level outside of it records it. */
export interface Call {
  /** The function that makes such calls. */
  readonly operation: string;
  readonly inputs: readonly Tensor[];
  /** Tensors that did not exist before the call. */
  readonly outputs: readonly Tensor[];
  readonly pullback: Pullback;
  /** Repeats the call with other inputs, on the interpreter that is on top at that time. */
  readonly run: (inputs: readonly Tensor[]) => readonly Tensor[];
}

/** A level of differentiation on the stack of interpreters: a tape, or the recording of a checkpoint. */
export abstract class Level implements Interpreter {
  abstract readonly below: Interpreter;
  abstract bind<P extends Primitive>(application: Application<P>): Tensor;
  abstract read(variable: Variable): Tensor;
  abstract write(variable: Variable, value: Tensor): void;
  /** Whether gradients may flow through this tensor. */
  abstract tracks(tensor: Tensor): boolean;
  /** Whether gradients with respect to this variable are wanted. */
  abstract watches(variable: Variable): boolean;
  /** Records a call whose operations this level did not record. */
  abstract record(call: Call): void;

  guard: Interpreter["guard"] = (read) => this.below.guard(read);

  origin(): unknown {
    return this.below.origin?.();
  }
}

/** The levels of differentiation on top of the stack, the uppermost first, and the interpreter below them. */
export function differentiation(): { readonly levels: readonly Level[]; readonly base: Interpreter } {
  const levels: Level[] = [];
  let base = currentInterpreter();
  while (base instanceof Level) {
    levels.push(base);
    base = base.below;
  }
  return { levels, base };
}
