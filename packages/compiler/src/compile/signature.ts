import { Tensor, UsageError, type DType, type Shape, type Variable } from "@nn/tensor";
import { bindGradients, describeValue, formatShape, isGradients, isPlainObject, sameShape } from "@nn/tensor/extend";
import { at } from "../ir/at.js";

/** Plain values are part of a signature: another value selects another program. */
export type Static = string | number | boolean | bigint | null | undefined;

/** The structure of arguments or of a result: where its tensors are, their types, and all plain values. */
export type Signature =
  | { readonly kind: "tensor"; readonly shape: Shape; readonly dtype: DType }
  | { readonly kind: "static"; readonly value: Static }
  | { readonly kind: "list"; readonly items: readonly Signature[] }
  | { readonly kind: "gradients"; readonly items: readonly Signature[]; readonly variables: readonly Variable[] }
  | { readonly kind: "record"; readonly entries: readonly (readonly [string, Signature])[] };

/** A flattened value: its signature, and its tensors in the order in which the signature names them. */
export interface Flattened {
  readonly signature: Signature;
  readonly tensors: readonly Tensor[];
}

function isStatic(value: unknown): value is Static {
  return value === null || !["object", "function", "symbol"].includes(typeof value);
}

/**
 * Flattens a value. `path` names it in errors.
 * @throws UsageError if it holds anything but tensors, plain values, and arrays and records of them, or if it contains itself.
 */
export function flatten(value: unknown, path: string): Flattened {
  const tensors: Tensor[] = [];
  return { signature: signatureOf(value, tensors, path, []), tensors };
}

const expected = "expected tensors, plain values, or arrays and records of them";

function signatureOf(value: unknown, tensors: Tensor[], path: string, holders: readonly unknown[]): Signature {
  if (value instanceof Tensor) {
    tensors.push(value);
    return { kind: "tensor", shape: value.shape, dtype: value.dtype };
  }
  if (isStatic(value)) return { kind: "static", value };
  if (holders.includes(value)) throw new UsageError(`compile: ${path} contains itself; ${expected} without cycles`);
  const inside = [...holders, value];
  if (Array.isArray(value)) {
    const items = Array.from(value, (item: unknown, index) => signatureOf(item, tensors, `${path}[${index}]`, inside));
    return isGradients(value) ? { kind: "gradients", items, variables: value.variables } : { kind: "list", items };
  }
  if (isPlainObject(value)) {
    const [symbol] = Object.getOwnPropertySymbols(value);
    if (symbol !== undefined) throw new UsageError(`compile: ${path} has the key ${String(symbol)}, expected keys that are strings`);
    return { kind: "record", entries: Object.entries(value).map(([key, item]) => [key, signatureOf(item, tensors, `${path}.${key}`, inside)]) };
  }
  const fix = path.startsWith("arguments") ? "; use it inside the function instead" : "";
  throw new UsageError(`compile: ${path} is ${describeValue(value)}${fix}; ${expected}`);
}

/** The tensors of a value that has this signature; `undefined` for any other value. It runs at every call and has to be fast. */
export function matched(signature: Signature, value: unknown): readonly Tensor[] | undefined {
  const tensors: Tensor[] = [];
  return matches(signature, value, tensors) ? tensors : undefined;
}

function matches(signature: Signature, value: unknown, tensors: Tensor[]): boolean {
  switch (signature.kind) {
    case "tensor":
      if (!(value instanceof Tensor) || value.dtype !== signature.dtype || !sameShape(value.shape, signature.shape)) return false;
      tensors.push(value);
      return true;
    case "static": return Object.is(value, signature.value);
    case "list": return Array.isArray(value) && !isGradients(value) && allMatch(signature.items, value, tensors);
    case "gradients":
      return isGradients(value) && allMatch(signature.items, value, tensors) && signature.variables.every((variable, index) => variable === value.variables[index]);
    case "record": {
      if (!isPlainObject(value) || Object.getOwnPropertySymbols(value).length > 0) return false;
      // Keys in another order are another signature: a function sees the order, in Object.values for example.
      const keys = Object.keys(value);
      return keys.length === signature.entries.length && signature.entries.every(([key, item], position) => keys[position] === key && matches(item, value[key], tensors));
    }
  }
}

function allMatch(items: readonly Signature[], values: readonly unknown[], tensors: Tensor[]): boolean {
  return values.length === items.length && items.every((item, index) => matches(item, values[index], tensors));
}

/** The value with this signature and these tensors: the inverse of `flatten`. */
export function unflatten({ signature, tensors }: Flattened): unknown {
  let used = 0;
  return filled(signature, () => at(tensors, used++));
}

function filled(signature: Signature, next: () => Tensor): unknown {
  switch (signature.kind) {
    case "tensor": return next();
    case "static": return signature.value;
    case "list": return signature.items.map((item) => filled(item, next));
    case "gradients": return bindGradients(signature.variables, signature.items.map((item) => filled(item, next) as Tensor | undefined));
    case "record": return Object.fromEntries(signature.entries.map(([key, item]) => [key, filled(item, next)]));
  }
}

/** `float32[64, 784]`, `0.5`, `[float32[], true]`, `{ rate: 0.1 }`. */
export function formatSignature(signature: Signature): string {
  switch (signature.kind) {
    case "tensor": return `${signature.dtype}${formatShape(signature.shape)}`;
    case "static": return String(signature.value);
    case "list":
    case "gradients": return `[${signature.items.map(formatSignature).join(", ")}]`;
    case "record": return `{ ${signature.entries.map(([key, item]) => `${key}: ${formatSignature(item)}`).join(", ")} }`;
  }
}

/** `(float32[64, 784], int32[64], 0.5)`: the arguments of a call, as listings name its program. */
export function formatArguments(signature: Signature): string {
  return `(${formatSignature(signature).slice(1, -1)})`;
}
