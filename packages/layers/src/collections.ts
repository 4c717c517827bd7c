import { isTensor, UsageError } from "@nn/tensor";

/** Something with the name under which it was found. */
export type Named<T> = readonly [name: string, found: T];

/** How deep collections and modules may lie within one another: far more than anybody needs, and no danger to the stack. */
export const deepest = 200;

/**
 * What `value` is or holds of a kind: as an array, a plain record, a `Map` or a `Set`, and in collections within these.
 * @throws UsageError for a collection that contains itself, and for collections that lie too deep within one another.
 */
export function* search<T>(owner: string, name: string, value: unknown, isWanted: (value: unknown) => value is T, path: readonly unknown[] = []): Generator<Named<T>> {
  if (isWanted(value)) {
    yield [name, value];
    return;
  }
  const held = heldIn(value);
  if (held.length === 0) return;
  const [field = name] = name.split(".");
  if (path.includes(value)) throw new UsageError(`${owner}: a collection in the field "${field}" contains itself; take it out, or keep it in a #private field`);
  if (path.length === deepest) throw new UsageError(`${owner}: collections in the field "${field}" are nested more than ${deepest} deep; flatten them`);
  for (const [key, each] of held) yield* search(owner, `${name}.${key}`, each, isWanted, [...path, value]);
}

/** What a collection holds, by name: the place in an array or a `Set`, the key of a record or a `Map`, or for keys that are objects their place. */
function heldIn(value: unknown): readonly Named<unknown>[] {
  if (value instanceof Set) return Object.entries([...value]);
  if (value instanceof Map) return [...value].map(([key, each], at) => [typeof key === "object" || typeof key === "function" ? String(at) : String(key), each]);
  return Array.isArray(value) || isPlainRecord(value) ? Object.entries(value) : [];
}

function isPlainRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** All of a kind that can be reached from a value through collections and fields of objects, which may form circles. */
export function reachable<T>(value: unknown, isWanted: (value: unknown) => value is T): T[] {
  const seen = new Set<unknown>([value]);
  const found: T[] = [];
  for (const each of seen) {
    if (isWanted(each)) found.push(each);
    else if (typeof each === "object" && each !== null && !isTensor(each) && !ArrayBuffer.isView(each)) {
      for (const inner of each instanceof Map || each instanceof Set ? each.values() : Object.values(each)) seen.add(inner);
    }
  }
  return found;
}

/** The things of a kind, each once, under the first of its names. */
export function onceByName<All, T extends All>(all: Iterable<Named<All>>, isWanted: (found: All) => found is T): Map<string, T> {
  const seen = new Set<T>();
  const result = new Map<string, T>();
  for (const [name, found] of all) {
    if (!isWanted(found) || seen.has(found)) continue;
    seen.add(found);
    result.set(name, found);
  }
  return result;
}
