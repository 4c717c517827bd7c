import { hostEffect, HostState } from "@nn/tensor";
import { guard } from "@nn/tensor/extend";
import { currentInterpreter, eagerInterpreter, type Interpreter } from "@nn/tensor/interpreter";

/**
 * Counts calls, also those of compiled programs, and lets the count decide which operations run. One program is compiled for each
 * decision.
 */
export class CallCounter {
  readonly #calls = new HostState(0, "step");
  /** The number of calls traced so far in the current trace. They are counted when the program runs. */
  readonly #ahead = new WeakMap<Interpreter, number>();

  /** Calls so far. */
  get count(): number {
    return this.#calls.value;
  }

  set count(calls: number) {
    this.#calls.value = calls;
  }

  /** Calls `decide` with the number of earlier calls, counts one call, or `calls(result)` of them, and returns the result of `decide`. */
  next<Course extends string | boolean | number>(decide: (count: number) => Course, calls: (course: Course) => number = () => 1): Course {
    const program = programInterpreter();
    const ahead = this.#ahead.get(program) ?? 0;
    const course = guard(() => decide(this.count + ahead));
    const before = this.count;
    const passed = calls(course);
    hostEffect(() => (this.count += passed));
    if (this.count === before) this.#ahead.set(program, ahead + passed);
    return course;
  }
}

/** The interpreter that executes or traces the program, below the gradient tapes. */
export function programInterpreter(): Interpreter {
  let interpreter = currentInterpreter();
  while (interpreter.below !== undefined && interpreter.below !== eagerInterpreter()) interpreter = interpreter.below;
  return interpreter;
}
