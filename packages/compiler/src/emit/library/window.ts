import { i32, i32x4, type Expr } from "@nn/wasm";
import { at } from "../../ir/at.js";
import type { Buffer } from "../../ir/program.js";
import type { Code } from "../lanes.js";
import { vector, vectorLanes } from "../vector.js";
import type { LibraryContext } from "./emitter.js";
import { elementOf } from "./nest.js";

type Index = Expr<"i32">;

/** How a window lies on its input; one entry for each spatial axis. */
export interface WindowGeometry {
  readonly strides: readonly number[];
  readonly padding: readonly (readonly [number, number])[];
  readonly inputDilation: readonly number[];
  readonly windowDilation: readonly number[];
}

/**
 * Runs `body` with the input position at element `offsets` of the window at `windows`, unless that position is in the padding or between dilated
 * input elements.
 */
export function atWindow(b: Code, spatial: readonly number[], geometry: WindowGeometry, windows: readonly Index[], offsets: readonly Index[], body: (position: readonly Index[]) => void): void {
  const positions: Index[] = [];
  let inside: Index = i32.const(1);
  for (const [axis, length] of spatial.entries()) {
    const stride = at(geometry.strides, axis);
    const dilation = at(geometry.inputDilation, axis);
    const reach = i32.mul(at(offsets, axis), at(geometry.windowDilation, axis));
    const shifted = b.let(i32.sub(i32.add(i32.mul(at(windows, axis), stride), reach), at(geometry.padding, axis)[0]));
    const position = dilation === 1 ? shifted : b.let(i32.div_s(shifted, dilation));
    if (dilation !== 1) inside = i32.and(inside, i32.and(i32.ge_s(shifted, 0), i32.eq(i32.mul(position, dilation), shifted)));
    inside = i32.and(inside, i32.lt_u(position, length));
    positions.push(position);
  }
  b.if(inside, () => body(positions));
}

/** The elements of a line from `position` on, `stride` apart. */
export function loadAlong(b: Code, x: Buffer, position: Index, stride: number, width: number, context: LibraryContext): Expr<"v128"> {
  return vector(vectorLanes.load(b, "float32", { ...elementOf(x, position, context), laneBytes: stride * 4 }, width));
}

/** The elements of a line at four positions. Positions outside the line are clamped to its ends, so nothing outside is read. */
export function loadClamped(b: Code, x: Buffer, length: number, line: Index, along: Expr<"v128">, width: number, context: LibraryContext): Expr<"v128"> {
  const clamped = b.let(i32x4.min_s(i32x4.max_s(along, i32x4.splat(i32.const(0))), i32x4.splat(i32.const(length - 1))));
  const start = b.let(line);
  const lanes = Array.from({ length: width }, (_, lane) => elementOf(x, i32.add(start, i32x4.extract_lane(clamped, lane)), context));
  return vector(vectorLanes.loadEach(b, "float32", lanes));
}
