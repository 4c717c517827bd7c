import { sizeOf, stridesOf } from "@nn/tensor/extend";
import type { AttributesOf } from "@nn/tensor/interpreter";
import { f32x4, f64, i32, i32x4, v128, type Expr } from "@nn/wasm";
import { at } from "../../ir/at.js";
import type { Code } from "../lanes.js";
import { double, scalarLanes } from "../scalar.js";
import { vector, vectorLanes } from "../vector.js";
import type { LibraryEmitter, LibraryContext } from "./emitter.js";
import { elementAt, elementOf, linear, nest, parallelNest } from "./nest.js";
import type { Buffer, LibraryKernel } from "../../ir/program.js";
import { atWindow, loadAlong, loadClamped, type WindowGeometry } from "./window.js";

type Index = Expr<"i32">;

/** Windows of at most this many elements are unrolled. */
const unrolledTaps = 16;

/** The index of the largest element in each window. In float32, four neighbouring windows at a time. */
export const emitWindowArgMax: LibraryEmitter<"windowArgMax"> = (b, kernel, context) => {
  const [x] = kernel.inputs;
  if (x.dtype !== "float32") return emitScalar(b, kernel, x, context);
  const spatial = x.shape.slice(2);
  const windows = kernel.output.shape.slice(2);
  const last = windows.length - 1;
  const count = at(windows, last);
  const whole = count - (count % 4);
  parallelNest(b, [at(kernel.output.shape, 0), at(kernel.output.shape, 1), ...windows.slice(0, -1)], context, ([image, channel, ...rows]) => {
    const plane = b.let(i32.mul(i32.add(i32.mul(image, at(x.shape, 1)), channel), sizeOf(spatial)));
    const target = elementAt(kernel.output, [image, channel, ...rows, i32.const(0)], context);
    const start = b.let(target.address);
    const emitWindows = (column: Index, width: number): void => {
      const found = largest(b, kernel.attributes, x, spatial, plane, rows, column, width, context);
      const lanes = { address: i32.add(start, i32.shl(column, 2)), offset: target.offset, laneBytes: 4 };
      vectorLanes.store(b, "int32", lanes, width, found);
    };
    if (whole > 0) b.forRange(0, whole, 4, (column) => emitWindows(column, 4));
    if (whole < count) b.scope(() => emitWindows(b.let(i32.const(whole)), count - whole));
  });
  return undefined;
};

function geometryOf(attributes: AttributesOf<"windowArgMax">): WindowGeometry {
  return { ...attributes, inputDilation: attributes.strides.map(() => 1) };
}

/** The indices of the largest elements of `width` windows in a row, from `column` on. */
function largest(
  b: Code, attributes: AttributesOf<"windowArgMax">, x: Buffer, spatial: readonly number[], plane: Index, rows: readonly Index[], column: Index,
  width: number, context: LibraryContext,
): Expr<"v128"> {
  const complete = attributes.padding.flat().every((count) => count === 0);
  if (complete && sizeOf(attributes.window) <= unrolledTaps) return largestInside(b, attributes, x, spatial, plane, rows, column, width, context);
  const last = spatial.length - 1;
  const stride = at(attributes.strides, last);
  const padded = at(attributes.padding, last).some((count) => count !== 0);
  const best = b.local("v128", f32x4.splat(-Infinity));
  const where = b.local("v128", i32x4.splat(i32.const(-1)));
  nest(b, attributes.window.slice(0, -1), (offsets) => {
    atWindow(b, spatial.slice(0, -1), geometryOf(attributes), rows, offsets, (positions) => {
      const line = b.let(linear(positions, stridesOf(spatial)));
      b.forRange(0, at(attributes.window, last), 1, (offset) => {
        const first = b.let(i32.sub(i32.add(i32.mul(column, stride), i32.mul(offset, at(attributes.windowDilation, last))), at(attributes.padding, last)[0]));
        const along = b.let(vector(vectorLanes.position("int32", first, stride)));
        const value = b.let(padded ? loadClamped(b, x, at(spatial, last), i32.add(plane, line), along, width, context) : loadAlong(b, x, i32.add(i32.add(plane, line), first), stride, width, context));
        // -Infinity is chosen if no element was chosen before.
        const wins = v128.or(goesBefore(value, best), v128.and(i32x4.lt_s(where, i32x4.splat(i32.const(0))), f32x4.le(best, value)));
        const counted = b.let(padded ? v128.and(wins, i32x4.lt_u(along, i32x4.splat(i32.const(at(spatial, last))))) : wins);
        b.set(best, v128.bitselect(value, best, counted));
        b.set(where, v128.bitselect(i32x4.add(along, i32x4.splat(line)), where, counted));
      });
    });
  });
  return where;
}

/** Whether `value` is larger than `best`, or the first NaN. */
function goesBefore(value: Expr<"v128">, best: Expr<"v128">): Expr<"v128"> {
  return v128.andnot(f32x4.eq(best, best), f32x4.le(value, best));
}

/** The same for windows that lie entirely inside the input. */
function largestInside(
  b: Code, { window, strides, windowDilation }: AttributesOf<"windowArgMax">, x: Buffer, spatial: readonly number[], plane: Index, rows: readonly Index[],
  column: Index, width: number, context: LibraryContext,
): Expr<"v128"> {
  const steps = stridesOf(spatial);
  const laneBytes = at(strides, -1) * 4;
  const corner = b.let(linear([...rows, column], steps.map((step, axis) => step * at(strides, axis))));
  const { address, offset } = elementOf(x, i32.add(plane, corner), context);
  const start = b.let(address);
  const corners = b.let(vector(vectorLanes.position("int32", corner, at(strides, -1))));
  const best = b.local("v128", f32x4.splat(-Infinity));
  // Start with the first element as the largest.
  const where = b.local("v128", corners);
  for (let tap = 0; tap < sizeOf(window); tap++) {
    const distance = stridesOf(window).reduce((sum, step, axis) => sum + (Math.floor(tap / step) % at(window, axis)) * at(windowDilation, axis) * at(steps, axis), 0);
    const value = b.let(vector(vectorLanes.load(b, "float32", { address: start, offset: offset + 4 * distance, laneBytes }, width)));
    const wins = b.let(goesBefore(value, best));
    b.set(best, v128.bitselect(value, best, wins));
    b.set(where, v128.bitselect(i32x4.add(corners, i32x4.splat(i32.const(distance))), where, wins));
  }
  return where;
}

/** Any dtype, one window at a time, as float64. The first of equal elements wins; the first NaN wins over all numbers. */
function emitScalar(b: Code, { output, attributes }: LibraryKernel<"windowArgMax">, x: Buffer, context: LibraryContext): void {
  const spatial = x.shape.slice(2);
  const strides = stridesOf(spatial);
  parallelNest(b, output.shape, context, (indices) => {
    const best = b.local("f64", -Infinity);
    const where = b.local("i32", -1);
    const plane = b.let(i32.mul(linear(indices.slice(0, 2), [at(output.shape, 1), 1]), sizeOf(spatial)));
    nest(b, attributes.window, (offsets) => {
      atWindow(b, spatial, geometryOf(attributes), indices.slice(2), offsets, (positions) => {
        const position = b.let(linear(positions, strides));
        const element = scalarLanes.load(b, x.dtype, elementOf(x, i32.add(plane, position), context), 1);
        const value = b.let(double(scalarLanes.apply(b, "cast", "float64", [element], x.dtype)));
        const larger = i32.or(f64.ne(value, value), f64.lt(best, value));
        b.if(i32.or(i32.lt_s(where, 0), i32.and(f64.eq(best, best), larger)), () => {
          b.set(best, value);
          b.set(where, position);
        });
      });
    });
    scalarLanes.store(b, "int32", elementAt(output, indices, context), 1, where);
  });
}
