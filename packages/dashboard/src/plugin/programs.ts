import type { Recorder } from "@nn/records";

/** A compiled function, such as the result of `compile` of `@nn/compiler`. */
export interface Explainable {
  /** The kernels of the function, as text. */
  explain(options?: object): string;
}

/** Records the compiler's texts about functions. */
export function recordPrograms(recorder: Recorder, step: number, programs: Readonly<Record<string, Explainable>>): void {
  for (const [name, program] of Object.entries(programs)) recorder.program(step, name, "kernels", program.explain());
}
