import { broadcastStrides, bytesPerElement, stridesOf } from "@nn/tensor";
import { f32, f32x4, i32 } from "@nn/wasm";
import { GraphError } from "../../errors.js";
import { double, scalarLanes } from "../scalar.js";
import type { OpaqueEmitter } from "./emitter.js";
import { elementAt, linear, sharedNest } from "./nest.js";

/** Matrix products of any dtype: one element after another. */
export const emitMatmul: OpaqueEmitter<"matmul"> = (b, { inputs: [a, c], output, attributes }, around) => {
  if (a === undefined || c === undefined) throw new GraphError("matmul has two inputs");
  const { transposeA, transposeB } = attributes;
  const batch = output.shape.slice(0, -2);
  const rank = batch.length;
  const inner = a.shape.at(transposeA ? -2 : -1) ?? 1;
  const [aRow, aColumn] = [a.shape.at(-2) ?? 1, a.shape.at(-1) ?? 1];
  const [bRow, bColumn] = [c.shape.at(-2) ?? 1, c.shape.at(-1) ?? 1];
  const aStrides = broadcastStrides(a.shape.slice(0, -2), batch).map((stride) => stride * aRow * aColumn);
  const bStrides = broadcastStrides(c.shape.slice(0, -2), batch).map((stride) => stride * bRow * bColumn);
  const [aStep, bStep] = [transposeA ? aColumn : 1, transposeB ? 1 : bColumn];
  sharedNest(b, output.shape, around, (indices) => {
    const [row, column] = [indices[rank] ?? i32.const(0), indices[rank + 1] ?? i32.const(0)];
    const bytes = bytesPerElement[a.dtype];
    const left = b.let(linear([...indices.slice(0, rank), row], [...aStrides, transposeA ? 1 : aColumn], bytes));
    const right = b.let(linear([...indices.slice(0, rank), column], [...bStrides, transposeB ? bColumn : 1], bytes));
    const total = scalarLanes.accumulator(b, "sum", a.dtype);
    b.forRange(0, inner, 1, () => {
      const x = scalarLanes.load(b, a.dtype, { address: left, offset: around.addressOf(a), laneBytes: 0 }, 1);
      const y = scalarLanes.load(b, c.dtype, { address: right, offset: around.addressOf(c), laneBytes: 0 }, 1);
      total.add(scalarLanes.apply(b, "mul", a.dtype === "int32" ? "int32" : "float64", [x, y], a.dtype), 1, undefined);
      b.set(left, i32.add(left, aStep * bytes));
      b.set(right, i32.add(right, bStep * bytes));
    });
    const result = total.finish(false);
    if (around.point === undefined) scalarLanes.store(b, output.dtype, elementAt(output, indices, around), 1, result);
    else around.point.emit(linear(indices.slice(0, -1), stridesOf(output.shape.slice(0, -1))), column, 1, f32x4.splat(f32.demote_f64(double(result))));
  });
};
