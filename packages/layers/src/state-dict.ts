import { formatShape, isTensor, sameShape, UsageError, type Tensor, type Variable } from "@nn/tensor";

/** Tensors by name, as they are saved to a file. */
export type StateDict = Readonly<Record<string, Tensor>>;

/** Options of `Module.loadStateDict`. */
export interface LoadOptions {
  /** Whether entries that are missing or not known are an error; default true. */
  readonly strict?: boolean | undefined;
}

/** What `Module.loadStateDict` did not find, or found no place for. */
export interface LoadReport {
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
}

/** Assigns the tensors to the variables of the same names; none of them if there is an error. */
export function assignStateDict(
  owner: string, state: ReadonlyMap<string, Variable>, stateDict: StateDict, { strict = true }: LoadOptions,
): LoadReport {
  if (typeof stateDict !== "object" || stateDict === null) throw new UsageError(`loadStateDict: got ${String(stateDict)}, expected tensors by name for ${owner}`);
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

function describe(name: string, value: Tensor | Variable | undefined): string {
  return value?.shape === undefined ? `${name} (not a tensor)` : `${name} (${value.dtype} ${formatShape(value.shape)})`;
}
