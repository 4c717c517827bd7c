import type { Shape } from "@nn/tensor";
import { sizeOf, stridesOf } from "@nn/tensor/extend";
import { f32x4, i32, mergeInPairs, select, v128, type Expr, type Local } from "@nn/wasm";
import { at } from "../../ir/at.js";
import type { Code, LaneAddress } from "../lanes.js";
import { vectorLanes } from "../vector.js";
import type { EmitContext } from "../context.js";
import { linear, nest, parallelNest } from "./nest.js";

type Index = Expr<"i32">;
type Address = Pick<LaneAddress, "address" | "offset">;

/** A convolution of one group of an image, with the addresses of its operands. */
export interface ConvolutionPart {
  readonly windows: Shape;
  readonly outputs: number;
  /** Elements of the image in a window. */
  readonly patch: number;
  /** Elements of the image from one window to the next, along each axis. */
  readonly steps: readonly number[];
  /** Where the first window begins. */
  readonly image: Address;
  /** For each element of a patch, its distance in bytes from the first. */
  readonly table: Index;
  readonly weights: Address;
  readonly target: Address;
  /** Memory for the sums of a tile, if the engine merges pairs of vectors. */
  readonly sums: Index;
  readonly fusedMultiplyAdd: boolean;
  /** Whether the engine merges pairs of vectors. */
  readonly wide: boolean;
}

/** Whether lines have few windows and there are several lines, as in the gradient of a kernel. */
export function areShortLines(windows: Shape): boolean {
  return windows.length > 1 && at(windows, -1) <= 4 && at(windows, -2) > 1;
}

/** How many vectors of sums fit into registers together with their operands. */
const sumsAtOnce = 9;
/** The same for pairs of vectors, of which fewer operands are read. */
const pairsAtOnce = 12;

/** How many outputs a tile of so many lines has. Two lines are a pair. */
const outputsOf = (lines: number, wide: boolean): number => Math.floor(wide ? pairsAtOnce / Math.ceil(lines / 2) : sumsAtOnce / lines);

/** Computes tiles of several lines by several outputs; each line is a vector. With a context, the threads divide the outputs. */
export function emitShortLines(b: Code, convolution: ConvolutionPart, context: EmitContext | undefined): void {
  const { windows, outputs, steps, image, wide } = convolution;
  nest(b, windows.slice(0, -2), (outer) => {
    inParts(b, at(windows, -2), 3, undefined, (line, lines) => {
      const from = b.let(i32.add(image.address, linear([...outer, line], steps, 4)));
      inParts(b, outputs, outputsOf(lines, wide), context, (output, count) => emitTile(b, convolution, from, [...outer, line], lines, output, count));
    });
  });
}

/** Divides 0 to `count` into as few parts of at most `most` as possible. They are equal; the last may be smaller. */
function inParts(b: Code, count: number, most: number, context: EmitContext | undefined, body: (start: Index, size: number) => void): void {
  const parts = Math.ceil(count / most);
  const size = Math.ceil(count / parts);
  const rest = count - (parts - 1) * size;
  const part = ([index]: readonly [Index]): void => {
    const start = b.let(i32.mul(index, size));
    if (rest === size) body(start, size);
    else b.if(i32.eq(index, parts - 1), () => body(start, rest), () => body(start, size));
  };
  if (context === undefined) nest(b, [parts], part);
  else parallelNest(b, [parts], context, part);
}

function emitTile(b: Code, convolution: ConvolutionPart, from: Index, indices: readonly Index[], lines: number, output: Index, outputs: number): void {
  const { windows, patch, steps, image, table, weights, target, fusedMultiplyAdd } = convolution;
  const lineStep = at(steps, windows.length - 2);
  const weight = b.let(i32.add(weights.address, i32.mul(output, patch * 4)));
  const totals = range(outputs).map(() => range(lines).map(() => b.local("v128", f32x4.splat(0))));
  const take = (low: Index | number, high: Index | number): void => b.forRange(low, high, 4, (tap) => {
    const start = b.let(i32.add(from, i32.load(i32.add(table, tap))));
    const seen = range(lines).map((line) => b.let(v128.load(start, { offset: image.offset + 4 * line * lineStep, align: 4 })));
    totals.forEach((own, each) => {
      const factor = b.let(v128.load32_splat(i32.add(weight, tap), { offset: weights.offset + 4 * each * patch }));
      seen.forEach((x, line) => {
        const total = own[line];
        if (total !== undefined) b.set(total, fusedMultiplyAdd ? f32x4.relaxed_madd(factor, x, total) : f32x4.add(total, f32x4.mul(factor, x)));
      });
    });
  });
  if (patch <= 2 * blockTaps) take(0, patch * 4);
  else inBlocks(b, totals, patch * 4, take);
  if (convolution.wide) mergeInPairs(b, convolution.sums, totals);
  const all = sizeOf(windows);
  const columns = at(windows, -1);
  const address = b.let(i32.add(target.address, i32.add(i32.mul(output, all * 4), linear(indices, stridesOf(windows), 4))));
  totals.forEach((own, each) => own.forEach((total, line) => {
    vectorLanes.store(b, "float32", { address, offset: target.offset + 4 * (each * all + line * columns), laneBytes: 4 }, columns, total);
  }));
}

/** Longer sums are sums of blocks of this many taps, so that rounding errors stay small. */
const blockTaps = 1024;

/** Sums `bytes` of taps block by block: each block starts from zero and is added to the total. */
function inBlocks(b: Code, totals: readonly (readonly Local<"v128">[])[], bytes: number, take: (low: Index, high: Index) => void): void {
  const whole = totals.flat().map((total) => [total, b.let(total)] as const);
  b.forRange(0, bytes, blockTaps * 4, (low) => {
    const end = b.let(i32.add(low, blockTaps * 4));
    take(low, b.let(select(i32.lt_u(end, bytes), end, bytes)));
    for (const [total, sum] of whole) {
      b.set(sum, f32x4.add(sum, total));
      b.set(total, f32x4.splat(0));
    }
  });
  for (const [total, sum] of whole) b.set(total, sum);
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
