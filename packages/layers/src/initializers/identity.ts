import { eye, formatShape, requireShape, ShapeError, type Shape, type Tensor } from "@nn/tensor";
import { checkOptions } from "../options.js";
import { initializerOptions, type InitializerOptions } from "./initializer.js";

/**
 * A matrix with ones on its main diagonal and zeros elsewhere, with which a linear layer passes on as many inputs as it can.
 * PyTorch: `eye_`.
 * @throws ShapeError unless the weight has two axes.
 */
export function identity(shape: Shape, options: InitializerOptions = {}): Tensor {
  requireShape("identity", shape);
  checkOptions("identity", options, initializerOptions);
  const { dtype = "float32" } = options;
  const [rows, columns] = shape;
  if (shape.length !== 2 || rows === undefined || columns === undefined) {
    throw new ShapeError(`identity: a weight of shape ${formatShape(shape)} is no matrix; expected the axes [out, in]`);
  }
  return eye(rows, columns, { dtype });
}
