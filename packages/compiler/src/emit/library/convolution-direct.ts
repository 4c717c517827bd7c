import { i32 } from "@nn/wasm";
import { at } from "../../ir/at.js";
import { scalarLanes } from "../scalar.js";
import type { LibraryEmitter } from "./emitter.js";
import { elementAt, nest, parallelNest } from "./nest.js";
import { atWindow } from "./window.js";

/** Cross-correlation of any shape and dtype, one output element at a time. */
export const emitConvolutionDirectly: LibraryEmitter<"convolution"> = (b, { inputs: [x, weight], output, attributes }, context) => {
  const spatial = x.shape.slice(2);
  const [outputs, perGroup] = [at(weight.shape, 0), at(weight.shape, 1)];
  const kernel = weight.shape.slice(2);
  const geometry = { ...attributes, windowDilation: attributes.kernelDilation };
  parallelNest(b, output.shape, context, (indices) => {
    const [batch, channel] = [at(indices, 0), at(indices, 1)];
    const windows = indices.slice(2);
    const total = scalarLanes.accumulator(b, "sum", x.dtype);
    const firstInput = b.let(i32.mul(i32.div_u(channel, outputs / attributes.groups), perGroup));
    nest(b, kernel, (offsets) => {
      atWindow(b, spatial, geometry, windows, offsets, (positions) => {
        b.forRange(0, perGroup, 1, (input) => {
          const value = scalarLanes.load(b, x.dtype, elementAt(x, [batch, i32.add(firstInput, input), ...positions], context), 1);
          const factor = scalarLanes.load(b, weight.dtype, elementAt(weight, [channel, input, ...offsets], context), 1);
          total.add(scalarLanes.apply(b, "mul", "float64", [value, factor], "float64"), 1);
        });
      });
    });
    scalarLanes.store(b, output.dtype, elementAt(output, indices, context), 1, total.finish(false));
  });
};
