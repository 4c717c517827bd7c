import { ArgumentError } from "@nn/tensor";
import { describeValue, quote } from "@nn/tensor/extend";
import type { StoredTensor } from "./stored-tensor.js";

/**
 * Rules for renaming tensors. Either pairs of a prefix or a regular expression and its replacement, applied one after another; or a function that returns the new name, or
 * `undefined` to omit the tensor.
 */
export type RenameRules = readonly (readonly [from: string | RegExp, to: string])[] | ((name: string) => string | undefined);

/** The tensors under their new names. @throws ArgumentError if two tensors would have the same name, or a rule is invalid. */
export function renamed(tensors: readonly StoredTensor[], rules: RenameRules): readonly StoredTensor[] {
  const nameOf = renaming(rules);
  const before = new Map<string, string>();
  return tensors.flatMap((tensor) => {
    const name = nameOf(tensor.name);
    if (name === undefined) return [];
    if (typeof name !== "string") throw new ArgumentError(`CheckpointFile.renamed: the function gives ${describeValue(name)} for ${quote(tensor.name)}, expected a name, or undefined to leave it out`);
    const other = before.get(name);
    if (other !== undefined) throw new ArgumentError(`CheckpointFile.renamed: ${quote(other)} and ${quote(tensor.name)} would both have the name ${quote(name)}`);
    before.set(name, tensor.name);
    return [{ ...tensor, name, read: () => tensor.read() }];
  });
}

function renaming(rules: RenameRules): (name: string) => string | undefined {
  if (typeof rules === "function") return rules;
  if (!Array.isArray(rules)) throw new ArgumentError(`CheckpointFile.renamed: the rules are ${describeValue(rules)}, expected pairs of a prefix or regular expression and what takes its place, or a function`);
  const pairs = rules as readonly (readonly [string | RegExp, string])[];
  for (const [at, pair] of pairs.entries()) {
    const isPair = Array.isArray(pair) && pair.length === 2 && (typeof pair[0] === "string" || pair[0] instanceof RegExp) && typeof pair[1] === "string";
    if (!isPair) throw new ArgumentError(`CheckpointFile.renamed: rule ${at} is ${describeValue(pair)}, expected a pair such as ["model.", ""]`);
  }
  return (name) => pairs.reduce((now, [from, to]) => (typeof from === "string" ? (now.startsWith(from) ? to + now.slice(from.length) : now) : now.replace(from, to)), name);
}
