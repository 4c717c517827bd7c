import type { Tensor, Variable } from "@nn/tensor";
import { eagerInterpreter, withInterpreter, type Application, type Interpreter, type Primitive } from "@nn/tensor/interpreter";
import { TraceError } from "../errors.js";

/**
 * Host code of a traced function: callbacks, effects and guards. All of it runs before the program, so it sees the values from before, and
 * what it assigns is there from the start. Where that differs from the order of the function, it is refused.
 */
export class HostCode {
  /** For each variable that the function uses, the number of callbacks before its first use. */
  readonly #used = new Map<Variable, number>();
  /** The same for its first assignment. */
  readonly #assigned = new Map<Variable, number>();
  #callbacks = 0;

  /** The function reads a variable. */
  noteRead(variable: Variable): void {
    if (!this.#used.has(variable)) this.#used.set(variable, this.#callbacks);
  }

  /** The function assigns a variable. */
  noteAssignment(variable: Variable): void {
    this.noteRead(variable);
    if (!this.#assigned.has(variable)) this.#assigned.set(variable, this.#callbacks);
  }

  /** Wraps the next callback of the function. The program runs the result instead. */
  callback<T>(callback: () => T): () => T {
    const interpreter = this.#interpreter(this.#callbacks++);
    return () => withInterpreter(interpreter, callback);
  }

  /** Runs a guard at this point of the function. */
  guard<T>(read: () => T): T {
    return withInterpreter(this.#interpreter(this.#callbacks), read);
  }

  /** Eager execution that refuses the variables that the function used before this callback. */
  #interpreter(callback: number): Interpreter {
    const below = eagerInterpreter();
    const requireBefore = (first: Map<Variable, number>, variable: Variable, [does, did, problem]: readonly [string, string, string]): void => {
      if ((first.get(variable) ?? Infinity) > callback) return;
      const name = variable.name === undefined ? "a variable" : `the variable "${variable.name}"`;
      throw new TraceError(`compile: a callback ${does} ${name}, which the function ${did} before; callbacks run before the program and would ${problem}`);
    };
    return {
      below,
      bind: <P extends Primitive>(application: Application<P>): Tensor => below.bind(application),
      guard: (read) => below.guard(read),
      read: (variable) => {
        requireBefore(this.#assigned, variable, ["reads", "assigned", "see the old value; return the new one and read it after the call"]);
        return below.read(variable);
      },
      write: (variable, value) => {
        requireBefore(this.#used, variable, ["assigns", "used", "change that use; assign it outside the callback"]);
        below.write(variable, value);
      },
    };
  }
}
