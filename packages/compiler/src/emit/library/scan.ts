import { sizeOf } from "@nn/tensor/extend";
import { i32 } from "@nn/wasm";
import { at } from "../../ir/at.js";
import { scalarLanes } from "../scalar.js";
import type { LibraryEmitter } from "./emitter.js";
import { elementOf, parallelNest } from "./nest.js";

/** Running sums or products along an axis. One thread computes each line. */
function scan(reduction: "sum" | "prod"): LibraryEmitter<"cumSum"> & LibraryEmitter<"cumProd"> {
  return (b, { inputs: [x], output, attributes: { axis } }, context) => {
    const length = at(x.shape, axis);
    const [outer, inner] = [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis + 1))];
    parallelNest(b, [outer, inner], context, ([row, column]) => {
      const total = scalarLanes.accumulator(b, reduction, x.dtype);
      const position = b.let(i32.add(i32.mul(row, length * inner), column));
      b.forRange(0, length, 1, () => {
        total.add(scalarLanes.load(b, x.dtype, elementOf(x, position, context), 1), 1);
        scalarLanes.store(b, output.dtype, elementOf(output, position, context), 1, total.finish(false));
        b.set(position, i32.add(position, inner));
      });
    });
  };
}

export const emitCumSum: LibraryEmitter<"cumSum"> = /* @__PURE__ */ scan("sum");
export const emitCumProd: LibraryEmitter<"cumProd"> = /* @__PURE__ */ scan("prod");
