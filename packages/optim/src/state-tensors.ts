import { isTensor, type Tensor, type Variable } from "@nn/tensor";
import { describeValue, formatShape, sameShape } from "@nn/tensor/extend";
import { refuseMisfits } from "./saved-values.js";

/** The variables of a state by the names that they have in a state dictionary. */
export type StateVariables = ReadonlyMap<string, Variable>;

/** Their values. */
export function valuesOf(variables: StateVariables): Record<string, Tensor> {
  return Object.fromEntries([...variables].map(([name, variable]) => [name, variable.value]));
}

/** Throws unless the tensors fit the variables. */
export function requireTensors(owner: string, variables: StateVariables, tensors: Readonly<Record<string, Tensor>>): void {
  refuseMisfits(owner, differencesOfTensors(variables, tensors, true));
}

/** Assigns the tensors to the variables of the same names. Variables without a tensor keep their values. */
export function assignTensors(variables: StateVariables, tensors: Readonly<Record<string, Tensor>>): void {
  for (const [name, variable] of variables) {
    const value = tensors[name];
    if (value !== undefined) variable.value = value;
  }
}

/** The differences between the tensors and the variables, as texts. */
export function differencesOfTensors(own: StateVariables, saved: Readonly<Record<string, Tensor>>, strict: boolean): string[] {
  const show = (value: Tensor | Variable): string => `${value.dtype} ${formatShape(value.shape)}`;
  const complaints = strict ? Object.keys(saved).filter((name) => !own.has(name)).map((name) => `unexpected: ${name}`) : [];
  for (const [name, variable] of own) {
    const value = saved[name];
    if (value === undefined) {
      if (strict) complaints.push(`missing: ${name} (${show(variable)})`);
    } else if (!isTensor(value)) complaints.push(`wrong type: ${name} is ${describeValue(value)}, expected a Tensor`);
    else if (value.dtype !== variable.dtype || !sameShape(value.shape, variable.shape)) {
      complaints.push(`wrong type: ${name} (${show(value)}), expected ${show(variable)}`);
    }
  }
  return complaints;
}
