/** A size that grows with the batch: `perBatch · batch + offset`. */
export class BatchSize {
  readonly perBatch: number;
  readonly offset: number;

  constructor(perBatch: number, offset: number) {
    this.perBatch = perBatch;
    this.offset = offset;
  }
}

/** A number of a graph: a fixed one, or one that grows with the batch. */
export type Size = number | BatchSize;

/** The same structure, in which each number is a {@link Size}. */
export type Sized<T> =
  T extends number ? Size
  : T extends (...inputs: never[]) => unknown ? T
  : T extends object ? { readonly [Name in keyof T]: Sized<T[Name]> }
  : T;

/** Whether two sizes are the same for every batch. */
export function sameSize(a: Size | undefined, b: Size | undefined): boolean {
  if (a instanceof BatchSize && b instanceof BatchSize) return a.perBatch === b.perBatch && a.offset === b.offset;
  return a === b;
}

/** Whether two shapes are the same for every batch. */
export function sameSizes(a: readonly Size[], b: readonly Size[]): boolean {
  return a.length === b.length && a.every((size, axis) => sameSize(size, b[axis]));
}

/** `factor · size + offset`. */
export function scaledSize(size: Size, factor: number, offset = 0): Size {
  return size instanceof BatchSize ? new BatchSize(size.perBatch * factor, size.offset * factor + offset) : size * factor + offset;
}

/** The product of fixed sizes; `undefined` if one grows with the batch. */
export function productOf(sizes: readonly Size[]): number | undefined {
  let product = 1;
  for (const size of sizes) {
    if (size instanceof BatchSize) return undefined;
    product *= size;
  }
  return product;
}

/** The numbers of traces with different batches do not belong to one graph. */
export class NotAligned extends Error {}

/**
 * One structure for several traces. Numbers that differ must be linear in the batch: two traces tell the line, the others must lie on it.
 * @throws NotAligned with the reason otherwise.
 */
export function aligned<T>(values: readonly T[], batches: readonly number[]): Sized<T> {
  return merged(values, batches) as Sized<T>;
}

function merged(values: readonly unknown[], batches: readonly number[]): unknown {
  const [first] = values;
  if (values.every((each) => Object.is(each, first) || typeof each === "function")) return first;
  if (values.every((each) => typeof each === "number")) return line(values, batches);
  if (!values.every((each): each is object => typeof each === "object" && each !== null)) throw new NotAligned(`${String(first)} becomes ${values.slice(1).map(String).join(" and ")}`);
  const names = Object.keys(first as object);
  if (values.some((each) => Object.keys(each).join() !== names.join())) throw new NotAligned("its number of axes changes");
  const entries = names.map((name) => [name, merged(values.map((each) => Reflect.get(each, name) as unknown), batches)] as const);
  return Array.isArray(first) ? entries.map(([, each]) => each) : Object.fromEntries(entries);
}

function line(values: readonly number[], batches: readonly number[]): BatchSize {
  const [[firstValue = 0, secondValue = 0], [firstBatch = 0, secondBatch = 0]] = [values, batches];
  const perBatch = (secondValue - firstValue) / (secondBatch - firstBatch);
  const offset = firstValue - perBatch * firstBatch;
  if (Number.isInteger(perBatch) && values.every((value, at) => value === perBatch * (batches[at] ?? 0) + offset)) return new BatchSize(perBatch, offset);
  throw new NotAligned(`for batches of ${batches.join(", ")} a size is ${values.join(", ")}, which is not a multiple of the batch and a constant`);
}
