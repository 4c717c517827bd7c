import { UsageError, type Tensor } from "@nn/tensor";
import type { Signature } from "./signature.js";

/**
 * Refuses a function that has changed its arguments while it was traced. It changes copies of lists and records, and only once.
 * @throws UsageError that names what is changed.
 */
export function requireUnchanged(signature: Signature, tensors: readonly Tensor[], args: readonly unknown[]): void {
  const changed = changedPlace(signature, args, tensors.values(), "arguments");
  if (changed === undefined) return;
  throw new UsageError(`compile: the function changes ${changed}, but it gets copies of lists and records, so the caller would not see that; return the new value instead`);
}

/** The innermost list or record that does not hold what it held before. */
function changedPlace(signature: Signature, value: unknown, tensors: Iterator<Tensor, undefined>, path: string): string | undefined {
  switch (signature.kind) {
    case "tensor": return tensors.next().value === value ? undefined : path;
    case "static": return Object.is(value, signature.value) ? undefined : path;
    default:
  }
  const items = signature.kind === "record" ? signature.entries : signature.items.map((item, at) => [String(at), item] as const);
  const held = value as Readonly<Record<string, unknown>>;
  const names = typeof value === "object" && value !== null ? Object.keys(value) : [];
  if (names.length !== items.length || items.some(([name], at) => names[at] !== name)) return path;
  for (const [name, item] of items) {
    const changed = changedPlace(item, held[name], tensors, signature.kind === "record" ? `${path}.${name}` : `${path}[${name}]`);
    if (changed !== undefined) return changed;
  }
  return undefined;
}
