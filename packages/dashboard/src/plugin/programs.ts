import type { Recorder } from "@nn/records";

/** A compiled function: what `compile` of `@nn/compiler` gives. */
export interface Explainable {
  /** The kernels of the function, as text. */
  explain(options?: object): string;
}

/** Records what the compiler says of functions. */
export function recordPrograms(recorder: Recorder, step: number, programs: Readonly<Record<string, Explainable>>): void {
  for (const [name, program] of Object.entries(programs)) recorder.program(step, name, "kernels", program.explain());
}
