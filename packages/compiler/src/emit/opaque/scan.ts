import { sizeOf } from "@nn/tensor";
import { i32 } from "@nn/wasm";
import { scalarLanes } from "../scalar.js";
import type { OpaqueEmitter } from "./emitter.js";
import { elementOf, sharedNest } from "./nest.js";

/** Running sums or products along an axis, each line by one thread. */
function scan(reduction: "sum" | "prod"): OpaqueEmitter<"cumSum"> & OpaqueEmitter<"cumProd"> {
  return (b, { inputs: [x], output, attributes: { axis } }, around) => {
    const length = x.shape[axis] ?? 1;
    const [outer, inner] = [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis + 1))];
    sharedNest(b, [outer, inner], around, ([row = i32.const(0), column = i32.const(0)]) => {
      const total = scalarLanes.accumulator(b, reduction, x.dtype);
      const at = b.let(i32.add(i32.mul(row, length * inner), column));
      b.forRange(0, length, 1, () => {
        total.add(scalarLanes.load(b, x.dtype, elementOf(x, at, around), 1), 1);
        scalarLanes.store(b, output.dtype, elementOf(output, at, around), 1, total.finish(false));
        b.set(at, i32.add(at, inner));
      });
    });
  };
}

export const emitCumSum: OpaqueEmitter<"cumSum"> = /* @__PURE__ */ scan("sum");
export const emitCumProd: OpaqueEmitter<"cumProd"> = /* @__PURE__ */ scan("prod");
