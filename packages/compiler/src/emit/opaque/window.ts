import { i32, type Expr } from "@nn/wasm";
import { GraphError } from "../../errors.js";
import type { Buffer } from "../../program.js";
import type { Code } from "../lanes.js";
import { scalarLanes } from "../scalar.js";
import type { OpaqueEmitter } from "./emitter.js";
import { elementAt, nest, sharedNest } from "./nest.js";

type Index = Expr<"i32">;

/** How a window lies on its input; one entry for each spatial axis. */
export interface WindowGeometry {
  readonly strides: readonly number[];
  readonly padding: readonly (readonly [number, number])[];
  readonly inputDilation: readonly number[];
  readonly windowDilation: readonly number[];
}

/**
 * Runs `body` with the input's position under element `offsets` of the window at `windows`, if there is one: neither in the padding
 * nor between dilated input elements.
 */
export function atWindow(b: Code, spatial: readonly number[], geometry: WindowGeometry, windows: readonly Index[], offsets: readonly Index[], body: (position: readonly Index[]) => void): void {
  const positions: Index[] = [];
  let inside: Index = i32.const(1);
  for (const [axis, length] of spatial.entries()) {
    const stride = geometry.strides[axis] ?? 1;
    const dilation = geometry.inputDilation[axis] ?? 1;
    const reach = i32.mul(offsets[axis] ?? i32.const(0), geometry.windowDilation[axis] ?? 1);
    const shifted = b.let(i32.sub(i32.add(i32.mul(windows[axis] ?? i32.const(0), stride), reach), geometry.padding[axis]?.[0] ?? 0));
    const position = dilation === 1 ? shifted : b.let(i32.div_s(shifted, dilation));
    if (dilation !== 1) inside = i32.and(inside, i32.and(i32.ge_s(shifted, 0), i32.eq(i32.mul(position, dilation), shifted)));
    inside = i32.and(inside, i32.lt_u(position, length));
    positions.push(position);
  }
  b.if(inside, () => body(positions));
}

/** The input's element at a place of a plane. */
function elementOfPlane(x: Buffer, plane: readonly Index[], positions: readonly Index[], around: Parameters<typeof elementAt>[2]) {
  return elementAt(x, [...plane, ...positions], around);
}

export const emitWindowSum: OpaqueEmitter<"windowSum"> = (b, { inputs: [x], output, attributes }, around) => {
  if (x === undefined) throw new GraphError("windowSum has one input");
  const spatial = x.shape.slice(2);
  sharedNest(b, output.shape, around, (indices) => {
    const total = scalarLanes.accumulator(b, "sum", x.dtype);
    nest(b, attributes.window, (offsets) => {
      atWindow(b, spatial, attributes, indices.slice(2), offsets, (positions) => {
        total.add(scalarLanes.load(b, x.dtype, elementOfPlane(x, indices.slice(0, 2), positions, around), 1), 1, undefined);
      });
    });
    scalarLanes.store(b, output.dtype, elementAt(output, indices, around), 1, total.finish(false));
  });
};
