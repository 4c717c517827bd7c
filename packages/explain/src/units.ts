import { UsageError, type Tensor } from "@nn/tensor";
import type { ComposedCall, Step } from "./recorder.js";

/** The computation of one node: a primitive, or all steps of a composed operation. */
export interface Unit {
  readonly name: string;
  readonly isComposed: boolean;
  readonly arguments: readonly Tensor[];
  readonly output: Tensor;
  /** Computes the output for other arguments. */
  readonly repeat: (others: readonly Tensor[]) => Tensor;
}

/** The steps of a function as units, in the order in which they ran. `result` is what the function returned. */
export function unitsOf(steps: readonly Step[], result: Tensor): readonly Unit[] {
  const calls = new Map<ComposedCall | Step, Step[]>();
  for (const step of steps) {
    const call = step.composed ?? step;
    const members = calls.get(call);
    if (members === undefined) calls.set(call, [step]);
    else members.push(step);
  }
  return [...calls].flatMap(([call, members]) => {
    const [first] = members;
    if (first?.composed === undefined) return members.map((step) => ({ ...step, arguments: step.inputs, isComposed: false }));
    return composedUnit(call.name, members, new Set([result, ...steps.filter((step) => step.composed !== call).flatMap(({ inputs }) => inputs)]));
  });
}

/** The unit of a composed operation; none if nothing outside uses its result. */
function composedUnit(name: string, members: readonly Step[], usedOutside: ReadonlySet<Tensor>): readonly Unit[] {
  const made = new Set(members.map(({ output }) => output));
  const [output, ...others] = [...made].filter((tensor) => usedOutside.has(tensor));
  if (others.length > 0) throw new UsageError(`explainGraph: values inside of the composed operation "${name}" are used outside of it; return the one that is used, or set composed: "apart"`);
  if (output === undefined) return [];
  const taken = [...new Set(members.flatMap(({ inputs }) => inputs))].filter((input) => !made.has(input));
  const repeat = (given: readonly Tensor[]): Tensor => {
    const values = new Map(taken.map((input, at) => [input, given[at] ?? input]));
    for (const step of members) values.set(step.output, step.repeat(step.inputs.map((input) => values.get(input) ?? input)));
    return values.get(output) ?? output;
  };
  return [{ name, isComposed: true, arguments: taken, output, repeat }];
}
