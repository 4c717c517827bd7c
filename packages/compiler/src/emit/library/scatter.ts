import type { DType } from "@nn/tensor";
import { bytesPerElement, sizeOf, stridesOf } from "@nn/tensor/extend";
import { i32, type Expr } from "@nn/wasm";
import { GraphError } from "../../errors.js";
import type { Buffer, LibraryKernel } from "../../ir/program.js";
import type { Code, LaneAddress } from "../lanes.js";
import { scalarLanes } from "../scalar.js";
import type { LibraryEmitter, LibraryContext } from "./emitter.js";
import { elementAt, elementOf, linear, nest, addressIn } from "./nest.js";

type Index = Expr<"i32">;
type ScatterAdd = LibraryKernel<"scatterAdd">;

/** With more updates along the axis than this, float32 is summed in float64: all updates may go to one element, where rounding errors would accumulate. */
const longSum = 1024;

function isLong({ inputs, output, attributes: { axis } }: ScatterAdd): boolean {
  return output.dtype === "float32" && (inputs.at(-1)?.shape[axis] ?? 0) > longSum;
}

/** Bytes of scratch memory for sums in float64, if there are any. */
export function scatterScratchBytes(kernel: ScatterAdd): number {
  return isLong(kernel) ? sizeOf(kernel.output.shape) * bytesPerElement.float64 : 0;
}

/**
 * Copies the base, or fills with zeros, then adds the updates in row-major order. One thread does all of it, so sums do not depend on the number
 * of threads.
 */
export const emitScatterAdd: LibraryEmitter<"scatterAdd"> = (b, kernel, context) => {
  const { inputs, output } = kernel;
  const [, , base] = inputs.toReversed();
  const size = sizeOf(output.shape);
  b.if(i32.eqz(context.thread), () => {
    const start = (buffer: Buffer): Index => {
      const { address, offset } = addressIn(buffer, i32.const(0), context);
      return i32.add(address, offset);
    };
    if (!isLong(kernel)) {
      const bytes = size * bytesPerElement[output.dtype];
      if (base === undefined) b.memory.fill(start(output), 0, bytes);
      else b.memory.copy(start(output), start(base), bytes);
      addUpdates(b, kernel, context, { dtype: output.dtype, at: (position) => elementOf(output, position, context) });
      return;
    }
    const at = (position: Index): LaneAddress => ({ address: i32.add(context.scratchAddress, i32.mul(position, 8)), offset: 0, laneBytes: 0 });
    const convert = (from: Sums, to: Sums): void =>
      b.forRange(0, size, 1, (i) => scalarLanes.store(b, to.dtype, to.at(i), 1, scalarLanes.load(b, from.dtype, from.at(i), 1)));
    const sums: Sums = { dtype: "float64", at };
    if (base === undefined) b.memory.fill(context.scratchAddress, 0, size * 8);
    else convert({ dtype: "float32", at: (i) => elementOf(base, i, context) }, sums);
    addUpdates(b, kernel, context, sums);
    convert(sums, { dtype: "float32", at: (i) => elementOf(output, i, context) });
  });
};

/** The address of the sum for a row-major position of the output. */
interface Sums {
  readonly dtype: DType;
  at(position: Index): LaneAddress;
}

function addUpdates(b: Code, { inputs, output, check, attributes: { axis } }: ScatterAdd, context: LibraryContext, { dtype, at }: Sums): void {
  const [updates, index] = inputs.toReversed();
  if (index === undefined || updates === undefined || check === undefined) throw new GraphError("scatterAdd has three inputs");
  const strides = stridesOf(output.shape);
  const indexStrides = stridesOf(index.shape).map((stride, along) => (index.shape[along] === 1 ? 0 : stride));
  nest(b, updates.shape, (indices) => {
    const chosen = b.let(scalarLanes.extract(scalarLanes.load(b, "int32", elementAt(index, indices, context, indexStrides), 1), 0));
    context.failIf(b, i32.ge_u(chosen, check.size), check.fault, chosen, linear(indices, indexStrides));
    const target = at(linear(indices.map((each, along) => (along === axis ? chosen : each)), strides));
    const element = { ...target, address: b.let(target.address) };
    const update = scalarLanes.load(b, updates.dtype, elementAt(updates, indices, context), 1);
    scalarLanes.store(b, dtype, element, 1, scalarLanes.apply(b, "add", dtype, [scalarLanes.load(b, dtype, element, 1), update], dtype));
  });
}
