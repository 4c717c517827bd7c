import { isFloat, type DType, type TypedArray } from "./dtype.js";
import { formatShape, sizeOf, stridesOf, type Shape } from "./shape.js";
import type { Tensor } from "./tensor.js";

/** Tensors of more elements are shown with their middles left out. */
const elideAbove = 1000;

/** Elements shown at either end of an axis whose middle is left out. */
const edge = 3;

/** Rows are broken into lines of at most this many characters. */
const lineWidth = 80;

/** Decimals of a number that is not whole; of tensors that are small throughout, up to two more. */
const decimals = 4;

/** The elements of a tensor and the places on each axis that are shown; −1 stands for those left out. */
interface View {
  readonly shape: Shape;
  readonly strides: readonly number[];
  readonly shown: readonly (readonly number[])[];
  readonly data: TypedArray;
}

/**
 * A tensor as text: dtype and shape, then the elements in aligned rows, as JavaScript would write them. All numbers of a
 * tensor are written in one form: whole, with at least four decimals, or in scientific notation where all are tiny, one is
 * huge, or their magnitudes differ by a factor of over 100,000.
 * A tensor without values, as in a trace, shows its type only.
 */
export function formatTensor(x: Tensor): string {
  const type = `Tensor ${x.dtype} ${formatShape(x.shape)}`;
  const data = valuesOf(x);
  if (data === undefined) return `${type} (not computed yet)`;
  if (sizeOf(x.shape) === 0) return `${type}\n[]`;
  const view = viewOf(x.shape, data);
  const write = aligned(x.dtype, shownElements(view, 0, 0));
  return x.shape.length === 0 ? `${type} ${write(data[0] as number)}` : `${type}\n${rows(view, 0, 0, write)}`;
}

/** The elements, where there are any: whatever stands in the way, printing must not fail. */
function valuesOf(x: Tensor): TypedArray | undefined {
  try {
    return x.data("toString");
  } catch {
    return undefined;
  }
}

function viewOf(shape: Shape, data: TypedArray): View {
  const elide = sizeOf(shape) > elideAbove;
  const shown = shape.map((length) => {
    const places = Array.from({ length: elide ? Math.min(length, 2 * edge + 1) : length }, (_, at) => at);
    if (!elide || length <= 2 * edge + 1) return places;
    return places.map((at) => (at < edge ? at : at === edge ? -1 : length - 2 * edge - 1 + at));
  });
  return { shape, strides: stridesOf(shape), shown, data };
}

function shownElements(view: View, axis: number, offset: number): number[] {
  if (axis === view.shape.length) return [view.data[offset] as number];
  const stride = view.strides[axis] as number;
  return (view.shown[axis] as readonly number[]).flatMap((at) => (at === -1 ? [] : shownElements(view, axis + 1, offset + at * stride)));
}

/** A writer that gives all elements one form and one width. */
function aligned(dtype: DType, elements: readonly number[]): (value: number) => string {
  const write = dtype === "bool" ? (value: number): string => (value === 0 ? "false" : "true") : numberWriter(dtype, elements);
  const width = elements.reduce((widest, value) => Math.max(widest, write(value).length), 0);
  return (value) => write(value).padStart(width);
}

function numberWriter(dtype: DType, elements: readonly number[]): (value: number) => string {
  const sizes = elements.filter((value) => Number.isFinite(value) && value !== 0).map(Math.abs);
  const largest = sizes.reduce((a, b) => Math.max(a, b), 0);
  const smallest = sizes.reduce((a, b) => Math.min(a, b), Infinity);
  const whole = !isFloat(dtype) || sizes.every(Number.isInteger);
  if (!isFloat(dtype) || (whole && largest < 1e8)) return String;
  const scientific = largest >= 1e8 || largest < 1e-3 || largest / smallest > 1e5;
  const places = decimals + (largest < 0.01 ? 2 : largest < 0.1 ? 1 : 0);
  return (value) => {
    if (!Number.isFinite(value)) return String(value);
    return scientific ? value.toExponential(decimals) : value.toFixed(places);
  };
}

/** The part of the tensor from `axis` inwards, in brackets, indented as deep as it is nested. */
function rows(view: View, axis: number, offset: number, write: (value: number) => string): string {
  const indent = " ".repeat(axis + 1);
  const stride = view.strides[axis] as number;
  const places = view.shown[axis] as readonly number[];
  if (axis === view.shape.length - 1) {
    return `[${wrapped(places.map((at) => (at === -1 ? "..." : write(view.data[offset + at] as number))), indent)}]`;
  }
  const gap = "\n".repeat(view.shape.length - axis - 1);
  return `[${places.map((at) => (at === -1 ? "..." : rows(view, axis + 1, offset + at * stride, write))).join(`,${gap}${indent}`)}]`;
}

/** Elements with commas, broken into lines. */
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
