import { requireKind, type ArgumentKind } from "../arguments/kinds.js";

/** A number as a list of one, or a list of numbers, each of a kind. */
export function numberList(operation: string, what: string, value: number | readonly number[], kind: ArgumentKind): readonly number[] {
  if (!Array.isArray(value)) {
    requireKind(operation, what, value, kind);
    return [value as number];
  }
  const list: readonly number[] = value;
  for (const [at, each] of list.entries()) requireKind(operation, `${what}[${at}]`, each, kind);
  return list;
}
