import { ArgumentError, eye, ShapeError, tensor, type Shape, type Tensor } from "@nn/tensor";
import { formatShape, requireShape, sizeOf, stridesOf, type OptionKinds } from "@nn/tensor/extend";
import { checkOptions } from "../options.js";
import { initializerOptions, type InitializerOptions } from "./initializer.js";

/**
 * A matrix with ones on its main diagonal and zeros elsewhere. A linear layer with this weight copies as many inputs as it can.
 * PyTorch: `eye_`.
 * @throws ShapeError unless the weight has two axes.
 */
export function identity(shape: Shape, options: InitializerOptions = {}): Tensor {
  requireShape("identity", shape);
  checkOptions("identity", options, initializerOptions);
  const { dtype = "float32" } = options;
  const [rows, columns] = shape;
  if (shape.length !== 2 || rows === undefined || columns === undefined) {
    throw new ShapeError(`identity: a weight of shape ${formatShape(shape)} is not a matrix; expected the axes [out, in]`);
  }
  return eye(rows, columns, { dtype });
}

/** Options of {@link dirac}. */
export interface DiracOptions extends InitializerOptions {
  /** Number of groups of output channels. Each group copies its own input channels; default 1. */
  readonly groups?: number | undefined;
}

const diracOptions: OptionKinds<DiracOptions> = { groups: "count", dtype: ["float32", "float64"], generator: "any" };

/**
 * Convolution weight `[out, in, …kernel]` that copies as many input channels as it can: within each group, output channel
 * `c` has a one at the centre of its kernel for input channel `c`, and zeros elsewhere.
 * @throws ShapeError unless the weight has 3, 4 or 5 axes.
 * @throws ArgumentError unless the output channels split into `groups`.
 */
export function dirac(shape: Shape, options: DiracOptions = {}): Tensor {
  requireShape("dirac", shape);
  checkOptions("dirac", options, diracOptions);
  const { groups = 1, dtype = "float32" } = options;
  const [outputs = 0, inputs = 0, ...kernel] = shape;
  if (shape.length < 3 || shape.length > 5) {
    throw new ShapeError(`dirac: a weight of shape ${formatShape(shape)} is not the weight of a convolution; expected [out, in, …] with 1 to 3 kernel axes`);
  }
  if (outputs % groups !== 0) {
    throw new ArgumentError(`dirac: ${outputs} output channels of ${formatShape(shape)} do not split into ${groups} groups`);
  }
  const perGroup = outputs / groups;
  const strides = stridesOf(shape);
  const values = new Float64Array(sizeOf(shape));
  for (let output = 0; output < outputs; output++) {
    const channel = output % perGroup;
    if (channel >= inputs) continue;
    const center = [output, channel, ...kernel.map((length) => Math.floor(length / 2))];
    values[center.reduce((offset, at, axis) => offset + at * (strides[axis] ?? 0), 0)] = 1;
  }
  return tensor(values, { shape, dtype });
}
