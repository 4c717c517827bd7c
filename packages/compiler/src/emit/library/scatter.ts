import { bytesPerElement, sizeOf, stridesOf } from "@nn/tensor/extend";
import { i32, type Expr } from "@nn/wasm";
import { GraphError } from "../../errors.js";
import type { Buffer } from "../../ir/program.js";
import { scalarLanes } from "../scalar.js";
import type { LibraryEmitter } from "./emitter.js";
import { elementAt, linear, nest, placeIn } from "./nest.js";

/**
 * Copies the base, or fills in zeros, then adds the updates in row-major order, so that sums do not depend on the number of threads: one thread does
 * it all.
 */
export const emitScatterAdd: LibraryEmitter<"scatterAdd"> = (b, { inputs, output, check, attributes: { axis } }, context) => {
  const [updates, index, base] = inputs.toReversed();
  if (index === undefined || updates === undefined || check === undefined) throw new GraphError("scatterAdd has three inputs");
  b.if(i32.eqz(context.thread), () => {
    const start = (buffer: Buffer): Expr<"i32"> => {
      const { address, offset } = placeIn(buffer, i32.const(0), context);
      return i32.add(address, offset);
    };
    const bytes = sizeOf(output.shape) * bytesPerElement[output.dtype];
    if (base === undefined) b.memory.fill(start(output), 0, bytes);
    else b.memory.copy(start(output), start(base), bytes);
    const strides = stridesOf(output.shape);
    const indexStrides = stridesOf(index.shape).map((stride, at) => (index.shape[at] === 1 ? 0 : stride));
    const updateStrides = stridesOf(updates.shape);
    nest(b, updates.shape, (indices) => {
      const chosen = b.let(scalarLanes.extract(scalarLanes.load(b, "int32", elementAt(index, indices, context, indexStrides), 1), 0));
      context.failIf(b, i32.ge_u(chosen, check.size), check.fault, chosen, linear(indices, indexStrides));
      const target = elementAt(output, indices.map((each, at) => (at === axis ? chosen : each)), context, strides);
      const place = { ...target, address: b.let(target.address) };
      const update = scalarLanes.load(b, updates.dtype, elementAt(updates, indices, context, updateStrides), 1);
      const sum = scalarLanes.apply(b, "add", output.dtype, [scalarLanes.load(b, output.dtype, place, 1), update], output.dtype);
      scalarLanes.store(b, output.dtype, place, 1, sum);
    });
  });
};
