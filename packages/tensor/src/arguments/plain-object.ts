/**
 * Whether a value is an object as `{ … }` and `JSON.parse` make it, or one without a prototype: no list, no instance of a class.
 *
 * @example
 * ```ts
 * import { isPlainObject } from "@nn/tensor/extend";
 * [{ a: 1 }, [1], new Map(), null].map(isPlainObject); // => [true, false, false, false]
 * ```
 */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
