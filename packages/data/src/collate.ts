import { isTensor, ShapeError, Tensor, tensor, UsageError, type NumericArray } from "@nn/tensor";
import { allocate, describeValue, formatShape, isPlainObject, requireKind, sameShape, sizeOf } from "@nn/tensor/extend";

/**
 * The type of a batch of items. Numbers, booleans, typed arrays, lists of numbers and tensors become a `Tensor` with a new first axis.
 * Tuples and records become the same tuple or record of batches. Anything else (strings, dates) becomes a list.
 */
export type Collated<Item> = [Item] extends [number | boolean | Tensor | NumericArray | readonly number[] | readonly boolean[]]
  ? Tensor
  : Item extends readonly unknown[]
    ? { readonly [Key in keyof Item]: Collated<Item[Key]> }
    : Item extends Readonly<Record<string, unknown>>
      ? { readonly [Key in keyof Item]: Collated<Item[Key]> }
      : readonly Item[];

/**
 * Combines items into one batch, as described at {@link Collated}. Numbers give float32 and booleans bool, as in `tensor`. Tensors
 * and typed arrays keep their dtype, so int32 class labels stay int32.
 *
 * @example
 * ```ts
 * import { collate } from "@nn/data";
 * const batch = collate([{ x: [1, 2], name: "a" }, { x: [3, 4], name: "b" }]);
 * batch.x.toArray(); // => [[1, 2], [3, 4]]
 * batch.name; // => ["a", "b"]
 * ```
 * @throws ShapeError if items differ in shape, length or keys.
 */
export function collate<Item>(items: readonly Item[]): Collated<Item> {
  requireKind("collate", "items", items, "list");
  // The code below inspects the items at run time; Collated describes the same rules as a type.
  return collateAny(items, "item") as Collated<Item>;
}

/** Items nested more deeply than this are refused, since they may contain themselves. */
const maxDepth = 64;

function collateAny(items: readonly unknown[], path: string, depth = 0): unknown {
  const [first] = items;
  if (depth > maxDepth) {
    throw new UsageError(`collate: items are nested more than ${maxDepth} levels deep, or contain themselves (${path.slice(0, 40)}…); make them flat, or pass a \`collate\` of your own to the loader`);
  }
  const hole = items.indexOf(undefined);
  if (hole >= 0) throw new UsageError(`collate: ${path} ${hole} of the batch is undefined; give every item a value, or null for none`);
  if (items.length === 0) throw new ShapeError("collate: a batch needs at least one item");
  if (isThenable(first)) throw new UsageError("collate: items are promises; iterate over the loader with `for await`");
  if (isTensor(first)) return stackTensors(items, path);
  if (typeof first === "number" || typeof first === "boolean" || isNumbers(first) || isNumericArray(first)) {
    return stackTensors(items.map((item) => (isScalarOrNumbers(item) ? tensor(item) : item)), path);
  }
  if (Array.isArray(first)) {
    const tuples = items.map((item) => requireTuple(item, first.length, path));
    return first.map((_, at) => collateAny(tuples.map((tuple) => tuple[at]), `${path}[${at}]`, depth + 1));
  }
  if (isPlainObject(first)) return collateRecords(items, first, path, depth);
  return [...items];
}

function collateRecords(items: readonly unknown[], first: Readonly<Record<string, unknown>>, path: string, depth: number): Record<string, unknown> {
  const keys = Object.keys(first);
  const records = items.map((item, at) => {
    if (!isPlainObject(item) || Object.keys(item).length !== keys.length || !keys.every((key) => key in item)) {
      throw new ShapeError(`collate: ${path} ${at} of the batch does not have the keys of the first, which are ${keys.join(", ")}`);
    }
    return item;
  });
  return Object.fromEntries(keys.map((key) => [key, collateAny(records.map((record) => record[key]), `${path}.${key}`, depth + 1)]));
}

function requireTuple(item: unknown, length: number, path: string): readonly unknown[] {
  if (Array.isArray(item) && item.length === length) return item;
  throw new ShapeError(`collate: ${path} is ${describeValue(item)}, expected an array of ${length} as in the first of the batch`);
}

function stackTensors(items: readonly unknown[], path: string): Tensor {
  const tensors = items.map((item, at) => {
    if (isTensor(item)) return item;
    throw new ShapeError(`collate: ${path} ${at} of the batch is ${describeValue(item)}, expected numbers as in the first`);
  });
  const { shape, dtype } = tensors[0] as Tensor;
  const size = sizeOf(shape);
  const data = allocate(dtype, size * tensors.length);
  tensors.forEach((each, at) => {
    if (!sameShape(each.shape, shape) || each.dtype !== dtype) {
      throw new ShapeError(
        `collate: ${path} 0 of the batch is ${formatShape(shape)} ${dtype}, ${path} ${at} is ${formatShape(each.shape)} ${each.dtype}; ` +
          "items of a batch must have one shape and dtype: crop or pad them, or pass a `collate` of your own",
      );
    }
    data.set(each.data("collate"), at * size);
  });
  return new Tensor([tensors.length, ...shape], dtype, data);
}

/** Whether a value is a promise or another thenable. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

function isNumbers(value: unknown): value is readonly number[] | readonly boolean[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "number" || typeof each === "boolean");
}

function isNumericArray(value: unknown): value is NumericArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

function isScalarOrNumbers(value: unknown): value is number | boolean | readonly number[] | readonly boolean[] | NumericArray {
  return typeof value === "number" || typeof value === "boolean" || isNumbers(value) || isNumericArray(value);
}
