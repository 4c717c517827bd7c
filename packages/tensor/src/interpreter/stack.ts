import { describeValue } from "../arguments/describe.js";
import { requireKind } from "../arguments/kinds.js";
import { requireSynchronous } from "../arguments/synchronous.js";
import { UsageError } from "../errors.js";
import type { TensorType } from "../primitives/definition.js";
import type { AttributesOf, DefinitionOf, InputsOf, Primitive } from "../primitives/table.js";
import type { Tensor } from "../tensor.js";
import type { Variable } from "../variable.js";

/** A primitive with its inputs and attributes, checked, and the type of the output that it will have. */
export interface Application<P extends Primitive = Primitive> {
  readonly definition: DefinitionOf<P>;
  readonly inputs: InputsOf<P, Tensor>;
  readonly attributes: AttributesOf<P>;
  readonly type: TensorType;
}

/**
 * Handles applications of primitives, and reads and writes of variables. Eager execution computes; a gradient tape records and passes
 * everything on to the interpreter below; a compiler's tracer records instead of computing.
 */
export interface Interpreter {
  /** The interpreter that this one passes operations to; `undefined` for eager execution. */
  readonly below: Interpreter | undefined;
  /** Applies a primitive. */
  bind<P extends Primitive>(application: Application<P>): Tensor;
  /** The value of a variable at this point of the program. */
  read(variable: Variable): Tensor;
  /** Gives a variable a new value, whose shape and dtype have been checked. */
  write(variable: Variable, value: Tensor): void;
  /** The value of plain host state that decides which operations follow, such as whether a module trains. */
  guard<T extends GuardedValue>(read: () => T): T;
  /** Throws for a change of host state if the interpreter records instead of executing. The error says `what` would change, and the `fix`. */
  refuseHostEffect?(what: string, fix: string): never;
  /** Called before the elements of a tensor are read as numbers, which interpreters cannot follow. */
  noteReading?(tensor: Tensor): void;
  /** What a gradient tape above keeps with the application that was bound last, and hands back while it computes the gradient (see `Scope.origin`). */
  origin?(): unknown;
}

/** Host state that a program may depend on. It is compared with `Object.is`. */
export type GuardedValue = string | number | boolean | null | undefined;

/** The interpreter on top of the stack; `undefined` if that is eager execution. {@link withInterpreter} sets it. */
let top: Interpreter | undefined;

/** Eager execution, at the bottom of the stack. */
let bottom: Interpreter | undefined;

/** Puts eager execution at the bottom of the stack. Called once, by `eager/interpreter.ts`. */
export function installBottom(interpreter: Interpreter): void {
  bottom = interpreter;
}

/** The interpreter on top of the stack. */
export function currentInterpreter(): Interpreter {
  return top ?? eagerInterpreter();
}

/** Tells all interpreters that the elements of a tensor are about to be read as numbers. */
export function noteReading(tensor: Tensor): void {
  for (let at = top; at !== undefined; at = at.below) at.noteReading?.(tensor);
}

/** Eager execution. */
export function eagerInterpreter(): Interpreter {
  if (bottom === undefined) throw new UsageError("no interpreter is installed; import from @nn/tensor, not from a file inside it");
  return bottom;
}

/**
 * Runs `body` with `interpreter` on top of the stack, and restores the stack afterwards, also if `body` throws.
 * `body` must be synchronous: a promise would continue after the stack is restored.
 */
export function withInterpreter<T>(interpreter: Interpreter, body: () => T): T {
  const read = (interpreter as Interpreter | null | undefined)?.guard;
  // Every callback of a compiled step runs in here, so what is right is not looked up.
  if (typeof read !== "function") requireKind("withInterpreter", "guard of the interpreter", read, "function");
  if (typeof body !== "function") requireKind("withInterpreter", "the second argument", body, "function");
  const before = top;
  top = interpreter;
  try {
    return requireSynchronous("withInterpreter", "the second argument", body());
  } finally {
    top = before;
  }
}

/** Checks the inputs of a primitive against its rule and hands it to the interpreter on top of the stack. */
export function apply<P extends Primitive>(definition: DefinitionOf<P>, inputs: InputsOf<P, Tensor>, attributes: AttributesOf<P>): Tensor {
  return currentInterpreter().bind<P>({ definition, inputs, attributes, type: definition.type(inputs, attributes) });
}

/**
 * Reads plain host state that decides what a function does, such as a training flag, and that may change between calls.
 * A compiled function remembers the value, and is traced again when the value differs.
 *
 * @throws UsageError if `read` returns an object, because objects may change without a visible difference.
 */
export function guard<T extends GuardedValue>(read: () => T): T {
  requireKind("guard", "the first argument", read, "function");
  const value = requireSynchronous("guard", "the first argument", currentInterpreter().guard(read));
  if (typeof value === "object" ? value !== null : typeof value === "function") {
    throw new UsageError(`guard: got ${describeValue(value)}, expected a string, a number, true, false, null or undefined; return the fields of it that matter`);
  }
  return value;
}
