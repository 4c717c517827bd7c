import { isFloat, type DType, type TypedArray } from "./dtype.js";
import { requireTensor } from "./operand.js";
import { formatShape, sizeOf, type Shape } from "./shape.js";
import type { Tensor } from "./tensor.js";

/** Larger tensors are shown without their middles. */
const elideAbove = 1000;

/** Elements shown at either end of an axis whose middle is left out. */
const edge = 3;

/** Rows are broken into lines of at most this many characters. */
const lineWidth = 80;

/** Decimals of a number that is not whole. Tensors of only small numbers get up to two more. */
const decimals = 4;

/** The elements that are shown, nested like the tensor. Dots stand for omitted ones. */
type Shown = number | "..." | readonly Shown[];

/**
 * Formats a tensor as text: dtype and shape, then the elements in aligned rows, as JavaScript would write them. All numbers of a
 * tensor have one form: whole, with at least four decimals, or in scientific notation. Scientific notation is used if all are tiny, one is
 * huge, or their magnitudes differ by a factor of more than 100,000.
 * A tensor without values, as in a trace, shows its type only.
 */
export function formatTensor(x: Tensor): string {
  requireTensor("formatTensor", x);
  const type = `Tensor ${x.dtype} ${formatShape(x.shape)}`;
  const data = valuesOf(x);
  if (data === undefined) return `${type} (not computed yet)`;
  if (sizeOf(x.shape) === 0) return `${type}\n[]`;
  const numbers: number[] = [];
  const shown = shownOf(data, x.shape, 0, sizeOf(x.shape) > elideAbove, numbers);
  const write = aligned(x.dtype, numbers);
  return `${type}${x.shape.length === 0 ? " " : "\n"}${written(shown, x.shape.length, " ", write)}`;
}

/** The elements, if they are known. Printing must never fail, so errors are ignored. */
function valuesOf(x: Tensor): TypedArray | undefined {
  try {
    return x.data("toString");
  } catch {
    return undefined;
  }
}

/** The elements of the part of `shape` that begins at `offset`. With `elide`, only both ends of long axes are shown. Adds the shown elements to `numbers`. */
function shownOf(data: TypedArray, shape: Shape, offset: number, elide: boolean, numbers: number[]): Shown {
  const [length, ...inner] = shape;
  if (length === undefined) {
    numbers.push(data[offset] as number);
    return data[offset] as number;
  }
  const stride = sizeOf(inner);
  const elements = (from: number, to: number): Shown[] => Array.from({ length: to - from }, (_, at) => shownOf(data, inner, offset + (from + at) * stride, elide, numbers));
  return elide && length > 2 * edge + 1 ? [...elements(0, edge), "...", ...elements(length - edge, length)] : elements(0, length);
}

/** A function that formats every element in one form and one width. */
function aligned(dtype: DType, elements: readonly number[]): (value: number) => string {
  const write = dtype === "bool" ? (value: number): string => (value === 0 ? "false" : "true") : numberWriter(dtype, elements);
  const width = elements.reduce((widest, value) => Math.max(widest, write(value).length), 0);
  return (value) => write(value).padStart(width);
}

function numberWriter(dtype: DType, elements: readonly number[]): (value: number) => string {
  const sizes = elements.filter((value) => Number.isFinite(value) && value !== 0).map(Math.abs);
  const largest = sizes.reduce((a, b) => Math.max(a, b), 0);
  const smallest = sizes.reduce((a, b) => Math.min(a, b), Infinity);
  if (!isFloat(dtype) || (largest < 1e8 && sizes.every(Number.isInteger))) return String;
  const scientific = largest >= 1e8 || largest < 1e-3 || largest / smallest > 1e5;
  const digits = decimals + (largest < 0.01 ? 2 : largest < 0.1 ? 1 : 0);
  return (value) => {
    if (!Number.isFinite(value)) return String(value);
    return scientific ? value.toExponential(decimals) : value.toFixed(digits);
  };
}

/** Formats a part of the tensor with `rank` axes, in brackets, indented by its depth. */
function written(shown: Shown, rank: number, indent: string, write: (value: number) => string): string {
  if (typeof shown === "number") return write(shown);
  if (shown === "...") return shown;
  const parts = shown.map((part) => written(part, rank - 1, `${indent} `, write));
  return `[${rank === 1 ? wrapped(parts, indent) : parts.join(`,${"\n".repeat(rank - 1)}${indent}`)}]`;
}

/** Joins elements with commas and breaks them into lines. */
function wrapped(elements: readonly string[], indent: string): string {
  const lines: string[] = [];
  let line = "";
  for (const [at, element] of elements.entries()) {
    const next = line === "" ? element : `${line} ${element}`;
    const comma = at === elements.length - 1 ? "" : ",";
    if (line !== "" && indent.length + next.length + 1 > lineWidth) {
      lines.push(line);
      line = element + comma;
    } else {
      line = next + comma;
    }
  }
  return [...lines, line].join(`\n${indent}`);
}
