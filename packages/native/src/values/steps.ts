import type { Vec } from "../assembler/registers.js";

/** A vector that a block computes, before it is known in which register. */
export class Virtual {
  readonly kind = "virtual";
  readonly constant = undefined;
}

/** A few instructions with one result, or only an effect. */
export interface Instructions {
  readonly kind: "instructions";
  readonly sources: readonly Virtual[];
  readonly destination: Virtual | undefined;
  /** Whether the result is written before all sources are read. */
  readonly writesEarly: boolean;
  emit(destination: Vec | undefined, sources: readonly Vec[]): void;
}

/** A vector that rare code replaces: `after` where the code runs, `before` where it does not. */
export interface Replaced {
  readonly before: Virtual;
  readonly after: Virtual;
  readonly result: Virtual;
}

/** Steps that run only if a lane of a mask is set. */
export interface RareCode {
  readonly kind: "rare";
  readonly mask: Virtual;
  readonly steps: readonly Step[];
  readonly replaced: readonly Replaced[];
}

/** One step of a block. */
export type Step = Instructions | RareCode;

/** The vectors that a step reads and that it does not compute itself. */
export function readsOf(step: Step): ReadonlySet<Virtual> {
  if (step.kind === "instructions") return new Set(step.sources);
  const { mask, steps, replaced } = step;
  const own = new Set(steps.flatMap((each) => (each.kind === "instructions" ? [each.destination] : each.replaced.map(({ result }) => result))));
  const read = [mask, ...steps.flatMap((each) => [...readsOf(each)]), ...replaced.flatMap(({ before, after }) => [before, after])];
  return new Set(read.filter((value) => !own.has(value)));
}
