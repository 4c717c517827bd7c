import { isTensor, UsageError, Variable, type Tensor } from "@nn/tensor";
import { describeValue, formatShape, requireOptions, sameShape, type OptionKinds } from "@nn/tensor/extend";

/** Tensors by name, as they are saved to a file. */
export type StateDict = Readonly<Record<string, Tensor>>;

/** Options of `Module.loadStateDict`. */
export interface LoadOptions {
  /** Whether missing or unknown entries are an error; default true. */
  readonly strict?: boolean | undefined;
}

const loadOptions: OptionKinds<LoadOptions> = { strict: "boolean" };

/** The entries that `Module.loadStateDict` did not find, and those that belong to no variable. */
export interface LoadReport {
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
}

/** Assigns the tensors to the variables of the same names. If there is an error, no variable changes. */
export function assignStateDict(
  owner: string, state: ReadonlyMap<string, Variable>, stateDict: StateDict, options: LoadOptions,
): LoadReport {
  requireOptions("loadStateDict", options, loadOptions);
  const { strict = true } = options;
  if (typeof stateDict !== "object" || stateDict === null || Array.isArray(stateDict) || stateDict instanceof Map) {
    throw new UsageError(`loadStateDict: got ${describeValue(stateDict)}, expected an object with the tensors of ${owner} by name`);
  }
  const missing = [...state.keys()].filter((name) => !Object.hasOwn(stateDict, name));
  const unexpected = Object.keys(stateDict).filter((name) => !state.has(name));
  const complaints = strict ? [...missing.map((name) => `missing: ${describe(name, state.get(name))}`), ...unexpected.map((name) => `unexpected: ${describe(name, stateDict[name])}`)] : [];
  for (const [name, variable] of state) {
    const value = stateDict[name];
    if (value !== undefined && !fits(value, variable)) {
      complaints.push(`wrong type: ${describe(name, value)}, expected ${variable.dtype} ${formatShape(variable.shape)}`);
    }
  }
  if (complaints.length > 0) {
    const hint = missing.length + unexpected.length > 0 && strict ? " (strict: false lets entries be missing or unexpected)" : "";
    throw new UsageError(`loadStateDict: the state dictionary does not fit ${owner}${hint}\n  ${complaints.join("\n  ")}`);
  }
  for (const [name, variable] of state) {
    const value = stateDict[name];
    if (value !== undefined) variable.value = value;
  }
  return { missing, unexpected };
}

function fits(value: unknown, variable: Variable): boolean {
  return isTensor(value) && value.dtype === variable.dtype && sameShape(value.shape, variable.shape);
}

function describe(name: string, value: unknown): string {
  return isTensor(value) || value instanceof Variable ? `${name} (${value.dtype} ${formatShape(value.shape)})` : `${name} (not a tensor)`;
}
