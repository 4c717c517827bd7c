import { sizeOf, stridesOf } from "@nn/tensor/extend";
import { i32, i32x4, v128, type Expr } from "@nn/wasm";
import { at } from "../../ir/at.js";
import type { Buffer, LibraryKernel } from "../../ir/program.js";
import type { Code } from "../lanes.js";
import { scalarLanes } from "../scalar.js";
import { anyNotFinite, vector, vectorLanes } from "../vector.js";
import type { LibraryEmitter, LibraryContext } from "./emitter.js";
import { elementAt, linear, nest, parallelNest } from "./nest.js";
import { atWindow, loadAlong, loadClamped } from "./window.js";

type Index = Expr<"i32">;
type WindowSum = LibraryKernel<"windowSum">;

/** Longer windows are summed in float64. */
const longestWindow = 256;

/** A window with at most this many elements along the last axis is unrolled along it. */
const longestRow = 16;

/** The sum of the elements in each window. In float32, four windows of a row at a time. */
export const emitWindowSum: LibraryEmitter<"windowSum"> = (b, kernel, context) => {
  const { inputs: [x], output, attributes: { window, strides, inputDilation } } = kernel;
  const last = window.length - 1;
  const plain = strides[last] === 1 || inputDilation[last] === 1;
  if (x.dtype !== "float32" || !plain || sizeOf(window) > longestWindow || at(window, last) > longestRow) return emitScalar(b, kernel, x, context);
  parallelNest(b, output.shape.slice(0, -1), context, (indices) => {
    // On a dilated line, every `dilation`-th window has the same phase. Windows of one phase read neighbouring elements.
    for (let phase = 0; phase < at(inputDilation, last); phase++) emitPhase(b, kernel, x, indices, phase, context);
  });
  return undefined;
};

/** The windows `phase`, `phase + dilation`, … of a row. */
function emitPhase(b: Code, { output, attributes }: WindowSum, x: Buffer, row: readonly Index[], phase: number, context: LibraryContext): void {
  const spatial = x.shape.slice(2);
  const last = spatial.length - 1;
  const [length, stride, dilation] = [at(spatial, last), at(attributes.strides, last), at(attributes.inputDilation, last)];
  const count = Math.ceil((at(output.shape, -1) - phase) / dilation);
  const first = phase - at(attributes.padding, last)[0];
  const reaches = Array.from({ length: at(attributes.window, last) }, (_, offset) => first + offset * at(attributes.windowDilation, last));
  /** Where the first of these windows reads; each next window reads `stride` further on. */
  const starts = reaches.filter((reach) => reach % dilation === 0).map((reach) => reach / dilation);
  const emitWindows = (j: Index, width: number): void => {
    const sum = (wide: boolean): Expr<"v128"> => {
      const total = vectorLanes.accumulator(b, "sum", "float32", wide);
      nest(b, attributes.window.slice(0, -1), (offsets) => {
        atWindow(b, spatial.slice(0, -1), attributes, row.slice(2), offsets, (positions) => {
          const line = b.let(linear([...row.slice(0, 2), ...positions], stridesOf(x.shape)));
          const along = b.let(i32.mul(j, stride));
          for (const start of starts) total.add(under(b, x, line, along, { start, stride, count, length, width }, context), 4);
        });
      });
      return vector(total.finish(false));
    };
    const total = b.let(sum(false));
    b.if(anyNotFinite(total), () => b.set(total, sum(true)));
    const element = elementAt(output, [...row, i32.add(i32.mul(j, dilation), phase)], context);
    vectorLanes.store(b, "float32", { ...element, laneBytes: 4 * dilation }, width, total);
  };
  const whole = count - (count % 4);
  if (whole > 0) b.forRange(0, whole, 4, (j) => emitWindows(j, 4));
  if (whole < count) b.scope(() => emitWindows(b.let(i32.const(whole)), count - whole));
}

interface Line {
  readonly start: number;
  readonly stride: number;
  readonly count: number;
  readonly length: number;
  readonly width: number;
}

/** The inputs at one element of several windows; 0 outside the line. */
function under(b: Code, x: Buffer, line: Index, along: Index, { start, stride, count, length, width }: Line, context: LibraryContext): Expr<"v128"> {
  const position = b.let(i32.add(along, start));
  if (start >= 0 && (count - 1) * stride + start < length) return loadAlong(b, x, i32.add(line, position), stride, width, context);
  const positions = b.let(vector(vectorLanes.position("int32", position, stride)));
  return v128.and(loadClamped(b, x, length, line, positions, width, context), i32x4.lt_u(positions, i32x4.splat(i32.const(length))));
}

/** Any shape and dtype, one window at a time. */
function emitScalar(b: Code, { output, attributes }: WindowSum, x: Buffer, context: LibraryContext): void {
  parallelNest(b, output.shape, context, (indices) => {
    const total = scalarLanes.accumulator(b, "sum", x.dtype);
    nest(b, attributes.window, (offsets) => {
      atWindow(b, x.shape.slice(2), attributes, indices.slice(2), offsets, (positions) => {
        total.add(scalarLanes.load(b, x.dtype, elementAt(x, [...indices.slice(0, 2), ...positions], context), 1), 1);
      });
    });
    scalarLanes.store(b, output.dtype, elementAt(output, indices, context), 1, total.finish(false));
  });
}
