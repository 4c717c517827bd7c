import { Tensor, UsageError, Variable, type DType, type Shape } from "@nn/tensor";
import { formatShape, sameShape } from "@nn/tensor/extend";

/** Values that decide which program is run: another value, another program. */
export type Static = string | number | boolean | bigint | null | undefined;

/** The form of an argument or a result: where its tensors are, and everything else about it. */
export type Pattern =
  | { readonly kind: "tensor"; readonly shape: Shape; readonly dtype: DType }
  | { readonly kind: "static"; readonly value: Static }
  | { readonly kind: "list"; readonly items: readonly Pattern[] }
  | { readonly kind: "record"; readonly entries: readonly (readonly [string, Pattern])[] };

function isStatic(value: unknown): value is Static {
  return value === null || ["string", "number", "boolean", "bigint", "undefined"].includes(typeof value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * The form of `value`; its tensors are appended to `leaves`.
 * @throws UsageError naming `path` where it holds anything but tensors, plain values, and arrays and records of them.
 */
export function patternOf(value: unknown, leaves: Tensor[], path: string): Pattern {
  if (value instanceof Tensor) {
    leaves.push(value);
    return { kind: "tensor", shape: value.shape, dtype: value.dtype };
  }
  if (isStatic(value)) return { kind: "static", value };
  if (Array.isArray(value)) return { kind: "list", items: value.map((item, at) => patternOf(item, leaves, `${path}[${at}]`)) };
  if (isRecord(value)) {
    return { kind: "record", entries: Object.entries(value).map(([key, item]) => [key, patternOf(item, leaves, `${path}.${key}`)]) };
  }
  const mend = path.startsWith("arguments") ? "; use it inside the function instead" : "";
  throw new UsageError(`compile: ${path} is ${describe(value)}${mend}; expected tensors, plain values, or arrays and records of them`);
}

function describe(value: unknown): string {
  if (value instanceof Variable) return "a Variable";
  if (typeof value === "object" && value !== null) return `an instance of ${value.constructor.name}`;
  return `a ${typeof value}`;
}

/** Whether `value` has the form `pattern`; if so its tensors were appended to `leaves`. Made to be cheap: it runs at every call. */
export function matches(pattern: Pattern, value: unknown, leaves: Tensor[]): boolean {
  switch (pattern.kind) {
    case "tensor":
      if (!(value instanceof Tensor) || value.dtype !== pattern.dtype || !sameShape(value.shape, pattern.shape)) return false;
      leaves.push(value);
      return true;
    case "static": return Object.is(value, pattern.value);
    case "list": return Array.isArray(value) && value.length === pattern.items.length && pattern.items.every((item, at) => matches(item, value[at], leaves));
    case "record": {
      if (!isRecord(value) || Object.keys(value).length !== pattern.entries.length) return false;
      return pattern.entries.every(([key, item]) => key in value && matches(item, value[key], leaves));
    }
  }
}

/** A value of the form `pattern` with the tensors that `next` gives, in order. */
export function fill(pattern: Pattern, next: () => Tensor): unknown {
  switch (pattern.kind) {
    case "tensor": return next();
    case "static": return pattern.value;
    case "list": return pattern.items.map((item) => fill(item, next));
    case "record": return Object.fromEntries(pattern.entries.map(([key, item]) => [key, fill(item, next)]));
  }
}

/** `(f32[64, 784], i32[64], 0.5)`, as listings name a program by its arguments. */
export function formatPattern(pattern: Pattern): string {
  switch (pattern.kind) {
    case "tensor": return `${pattern.dtype}${formatShape(pattern.shape)}`;
    case "static": return String(pattern.value);
    case "list": return `[${pattern.items.map(formatPattern).join(", ")}]`;
    case "record": return `{ ${pattern.entries.map(([key, item]) => `${key}: ${formatPattern(item)}`).join(", ")} }`;
  }
}
