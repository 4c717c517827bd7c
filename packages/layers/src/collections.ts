import { isTensor, UsageError } from "@nn/tensor";

/** A value and the name under which it was found. */
export type Named<T> = readonly [name: string, found: T];

/** How deep modules and collections may be nested: deeper than any model needs, but not so deep that the stack overflows. */
const deepest = 200;

/** Refuses values that are nested too deep. This also catches modules and collections that contain themselves. */
export function requireDepth(owner: object, name: string, depth: number): void {
  if (depth < deepest) return;
  throw new UsageError(
    `${owner.constructor.name}: "${name.slice(0, 30)}…" lies more than ${deepest} deep; nothing may contain itself: keep what refers to an outer module in a #private field`,
  );
}

/** The values of a kind in `value`: `value` itself, or what it holds as an array, a plain record, a `Map` or a `Set`, however nested. */
export function* search<T>(owner: object, name: string, value: unknown, isWanted: (value: unknown) => value is T, depth = 0): Generator<Named<T>> {
  requireDepth(owner, name, depth);
  if (isWanted(value)) yield [name, value];
  else for (const [key, each] of heldIn(value)) yield* search(owner, `${name}.${key}`, each, isWanted, depth + 1);
}

/** The values in a collection by name. The name is the index in an array or a `Set`, or the key in a record or a `Map` (the index if the key is an object). */
function heldIn(value: unknown): Iterable<Named<unknown>> {
  if (value instanceof Set) return Object.entries([...value]);
  if (value instanceof Map) return [...value].map(([key, each], at) => [String(Object(key) === key ? at : key), each]);
  if (typeof value !== "object" || value === null) return [];
  return Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null) ? Object.entries(value) : [];
}

/** All values of a kind that are reachable from a value through collections and object fields. Cycles are allowed. */
export function reachable<T>(value: unknown, isWanted: (value: unknown) => value is T): T[] {
  const seen = new Set([value]);
  for (const each of seen) {
    if (isWanted(each) || typeof each !== "object" || each === null || isTensor(each) || ArrayBuffer.isView(each)) continue;
    for (const inner of each instanceof Map ? each.values() : each instanceof Set ? each : Object.values(each)) seen.add(inner);
  }
  return [...seen].filter(isWanted);
}

/** The values of a kind, each once, under its first name. */
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
