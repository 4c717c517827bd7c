import type { Shape } from "@nn/tensor";
import { bytesPerElement, stridesOf } from "@nn/tensor/extend";
import { i32, i64, type Expr } from "@nn/wasm";
import { at } from "../../ir/at.js";
import type { Buffer } from "../../ir/program.js";
import type { Code, LaneAddress } from "../lanes.js";
import { withBase, type EmitContext } from "../context.js";

type Index = Expr<"i32">;

/** One index for each axis. */
type Indices<S extends Shape> = { readonly [Axis in keyof S]: Index };

/** Loops over all indices of `sizes`, outermost first. */
export function nest<const S extends Shape>(b: Code, sizes: S, body: (indices: Indices<S>) => void): void;
export function nest(b: Code, sizes: Shape, body: (indices: readonly Index[]) => void): void {
  const loop = (axis: number, indices: readonly Index[]): void => {
    const size = sizes[axis];
    if (size === undefined) body(indices);
    else b.forRange(0, size, 1, (i) => loop(axis + 1, [...indices, i]));
  };
  loop(0, []);
}

/** The same loops, but the threads divide the indices of the first axis. */
export function parallelNest<const S extends Shape>(b: Code, sizes: S, context: EmitContext, body: (indices: Indices<S>) => void): void;
export function parallelNest(b: Code, sizes: Shape, { thread, threads }: EmitContext, body: (indices: readonly Index[]) => void): void {
  const [first = 1, ...rest] = sizes;
  const bound = (of: Index): Index => partitionStart(of, threads, first);
  const low = b.let(bound(thread));
  const high = b.let(bound(i32.add(thread, 1)));
  b.forRange(low, high, 1, (i) => nest(b, rest, (indices) => body(sizes.length === 0 ? [] : [i, ...indices])));
}

/** How many of `count` items the threads before `thread` take. The product of `count` and `thread` may exceed 32 bits. */
export function partitionStart(thread: Index, threads: Index, count: number): Index {
  if (count < 2 ** 24) return i32.div_u(i32.mul(thread, count), threads);
  return i32.wrap_i64(i64.div_u(i64.mul(i64.extend_i32_u(thread), BigInt(count)), i64.extend_i32_u(threads)));
}

/** `Σ indices · strides · scale`. */
export function linear(indices: readonly Index[], strides: readonly number[], scale = 1): Index {
  return indices.reduce<Index>((sum, index, axis) => {
    const stride = at(strides, axis) * scale;
    return stride === 0 ? sum : i32.add(sum, i32.mul(index, stride));
  }, i32.const(0));
}

/** The element of a buffer at `indices`. */
export function elementAt(buffer: Buffer, indices: readonly Index[], context: EmitContext, strides: readonly number[] = stridesOf(buffer.shape)): LaneAddress {
  return addressIn(buffer, linear(indices, strides, bytesPerElement[buffer.dtype]), context);
}

/** The element of a buffer at a row-major position. */
export function elementOf(buffer: Buffer, position: Index, context: EmitContext): LaneAddress {
  return addressIn(buffer, i32.mul(position, bytesPerElement[buffer.dtype]), context);
}

/** The address `bytes` into a buffer. */
export function addressIn(buffer: Buffer, bytes: Index, context: EmitContext): LaneAddress {
  const location = context.locate(buffer);
  return { address: withBase(location, bytes), offset: location.offset, laneBytes: 0 };
}

/** The same, but the address is computed once, here. */
export function addressOnce(b: Code, buffer: Buffer, bytes: Index, context: EmitContext): Pick<LaneAddress, "address" | "offset"> {
  const { address, offset } = addressIn(buffer, bytes, context);
  return { address: b.let(address), offset };
}
