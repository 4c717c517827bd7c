import { hostEffect, HostState } from "@nn/tensor";
import { guard } from "@nn/tensor/extend";
import { currentInterpreter, eagerInterpreter, type Interpreter } from "@nn/tensor/interpreter";

/**
 * Counts calls on the host, those of compiled programs too, and lets the count decide the course of the program: one is compiled for each
 * course.
 */
export class CallCounter {
  readonly #calls = new HostState(0, "step");
  /** How many calls of a program that is being traced come before the next one: they are counted when it runs. */
  readonly #ahead = new WeakMap<Interpreter, number>();

  /** Calls so far. */
  get count(): number {
    return this.#calls.value;
  }

  set count(calls: number) {
    this.#calls.value = calls;
  }

  /** Counts a call, or as many as `calls` makes of its result, and gives what `decide` makes of the number of calls before it. */
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

/** What executes or traces the program, below the tapes of gradients. */
export function programInterpreter(): Interpreter {
  let interpreter = currentInterpreter();
  while (interpreter.below !== undefined && interpreter.below !== eagerInterpreter()) interpreter = interpreter.below;
  return interpreter;
}
