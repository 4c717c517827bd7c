import { sizeOf } from "@nn/tensor/extend";
import type { AttributesOf } from "@nn/tensor/interpreter";
import { f32, i32, v128, type Expr, type Local } from "@nn/wasm";
import { at } from "../../ir/at.js";
import type { Buffer } from "../../ir/program.js";
import type { Code } from "../lanes.js";
import { linear, nest } from "./nest.js";
import { atWindow } from "./window.js";

type Index = Expr<"i32">;

/** The images that patches are taken from, and the shape of the windows. */
export interface PatchSource {
  readonly input: Buffer;
  /** Sizes of the kernel's spatial axes. */
  readonly kernel: readonly number[];
  /** Channels of a group. */
  readonly channels: number;
  readonly attributes: AttributesOf<"convolution">;
}

/** Elements `base + i · step` of a line, for `i` from 0 to `count − 1`; elements outside the line are 0. */
interface Run {
  readonly count: number;
  readonly step: number;
  readonly base: Index;
  /** Address of the line's first element; only used if `inside`. */
  readonly line: Index;
  readonly offset: number;
  readonly inside: Index;
  readonly length: number;
  readonly dilation: number;
}

/**
 * Writes the patches of several windows as a matrix `[channels · kernel, windows]` (im2col). The product of the kernel with it is the convolution.
 * The windows are at `rows` positions of the first spatial axis from `firstRow` on, and at all positions of the other axes. `channel` is the
 * address of the first channel.
 */
export function emitPatchColumns(b: Code, source: PatchSource, windows: readonly number[], firstRow: Index, rows: number, channel: Index, offset: number, target: Index): void {
  const { kernel, channels } = source;
  const write = b.let(target);
  const outer = windows.length > 1 ? [rows, ...windows.slice(1, -1)] : [];
  const last = windows.length - 1;
  nest(b, [channels, ...kernel, ...outer], (indices) => {
    const [within, ...rest] = indices;
    const offsets = rest.slice(0, kernel.length);
    const position = rest.slice(kernel.length).map((index, axis) => (axis === 0 ? i32.add(index, firstRow) : index));
    const run = { count: at(windows, last), step: at(source.attributes.strides, last) };
    const base = i32.sub(i32.mul(at(offsets, last), at(source.attributes.kernelDilation, last)), at(source.attributes.padding, last)[0]);
    emitLine(b, source, within, position, offsets, { ...run, base, channel, offset }, write);
  });
}

/** Writes one run along the last spatial axis. The other axes choose the line. */
function emitLine(
  b: Code, { input, attributes }: PatchSource, within: Index, position: readonly Index[], offsets: readonly Index[],
  { count, step, base, channel, offset }: { readonly count: number; readonly step: number; readonly base: Index; readonly channel: Index; readonly offset: number },
  write: Local<"i32">,
): void {
  const spatial = input.shape.slice(2);
  const length = at(spatial, -1);
  const line = b.local("i32", 0);
  const inside = b.local("i32", 0);
  // The other axes alone form a window with one axis fewer.
  atWindow(b, spatial.slice(0, -1), { ...attributes, windowDilation: attributes.kernelDilation }, position.slice(0, spatial.length - 1), offsets.slice(0, spatial.length - 1), (positions) => {
    const strides = [...positions.keys()].map((axis) => sizeOf(spatial.slice(axis + 1)) * 4);
    b.set(line, i32.add(i32.add(channel, i32.mul(within, sizeOf(spatial) * 4)), linear(positions, strides)));
    b.set(inside, 1);
  });
  emitRun(b, { count, step, base: b.let(base), line, offset, inside, length, dilation: at(attributes.inputDilation, -1) }, write);
}

function emitRun(b: Code, run: Run, write: Local<"i32">): void {
  const end = b.let(i32.add(write, run.count * 4));
  if (run.step !== 1 || run.dilation !== 1) {
    const position = b.let(run.base);
    b.while(i32.lt_u(write, end), () => {
      b.f32.store(write, 0);
      const found = run.dilation === 1 ? position : b.let(i32.div_s(position, run.dilation));
      const exact = run.dilation === 1 ? run.inside : i32.and(run.inside, i32.and(i32.ge_s(position, 0), i32.eq(i32.mul(found, run.dilation), position)));
      b.if(i32.and(exact, i32.lt_u(found, run.length)), () => {
        b.f32.store(write, f32.load(i32.add(run.line, i32.shl(found, 2)), { offset: run.offset }));
      });
      b.set(position, i32.add(position, run.step));
      b.set(write, i32.add(write, 4));
    });
    return;
  }
  const low = clamped(b, i32.sub(0, run.base), run.count);
  const high = clamped(b, i32.sub(run.length, run.base), run.count);
  b.if(i32.or(i32.eqz(run.inside), i32.le_s(high, low)), () => b.set(high, low));
  const first = b.let(i32.add(write, i32.shl(low, 2)));
  const copied = b.let(i32.add(write, i32.shl(high, 2)));
  zero(b, write, first);
  const read = b.let(i32.add(run.line, i32.shl(i32.add(run.base, low), 2)));
  b.while(i32.le_u(i32.add(write, 16), copied), () => {
    b.v128.store(write, v128.load(read, { offset: run.offset, align: 4 }), { align: 4 });
    b.set(write, i32.add(write, 16));
    b.set(read, i32.add(read, 16));
  });
  b.while(i32.lt_u(write, copied), () => {
    b.f32.store(write, f32.load(read, { offset: run.offset }));
    b.set(write, i32.add(write, 4));
    b.set(read, i32.add(read, 4));
  });
  zero(b, write, end);
}

/** Writes zeros up to `end`. */
function zero(b: Code, write: Local<"i32">, end: Index): void {
  b.while(i32.lt_u(write, end), () => {
    b.f32.store(write, 0);
    b.set(write, i32.add(write, 4));
  });
}

function clamped(b: Code, value: Index, limit: number): Local<"i32"> {
  const result = b.local("i32", value);
  b.if(i32.lt_s(result, 0), () => b.set(result, 0));
  b.if(i32.gt_s(result, limit), () => b.set(result, limit));
  return result;
}
