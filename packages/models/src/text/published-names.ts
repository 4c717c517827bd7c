import type { StateDict } from "@nn/layers";

/** How files with published weights differ from the state dictionary of a model. */
export interface PublishedNames {
  /** Entries that are no weights, such as masks that older versions stored. */
  readonly ignored: RegExp;
  /** Older names of entries, and what they are called now. */
  readonly renamed?: readonly (readonly [old: RegExp, name: string])[];
  /** What the names lack in a file that holds the model without its head, and a name by which such a file is known. */
  readonly base?: { readonly prefix: string; readonly known: string };
  /** Names of tensors that files may leave out, since they are the same as others. */
  readonly tied?: Readonly<Record<string, string>>;
}

/** The entries of a file with the names of the model. Whatever else does not fit is left to `loadStateDict`, which lists it. */
export function fromPublished(stateDict: StateDict, { ignored, renamed = [], base, tied = {} }: PublishedNames): StateDict {
  if (typeof stateDict !== "object" || stateDict === null || Array.isArray(stateDict) || stateDict instanceof Map) return stateDict;
  const prefix = base !== undefined && Object.hasOwn(stateDict, base.known) ? base.prefix : "";
  const entries = Object.entries(stateDict).filter(([name]) => !ignored.test(name))
    .map(([name, value]) => [prefix + renamed.reduce((text, [old, now]) => text.replace(old, now), name), value] as const);
  const found = new Map(entries);
  for (const [name, other] of Object.entries(tied)) {
    const value = found.get(other);
    if (value !== undefined && !found.has(name)) found.set(name, value);
  }
  return Object.fromEntries(found);
}
