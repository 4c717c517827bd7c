import { ArgumentError, isTensor, type Shape } from "@nn/tensor";
import { describeValue, formatShape, messageOf, requireSynchronous, sameShape } from "@nn/tensor/extend";
import type { Initializer, InitializerOptions } from "./initializers/initializer.js";
import { Parameter } from "./parameter.js";

/**
 * Creates a parameter of a layer with the value that an initializer returns.
 * @throws ArgumentError that names the layer if the initializer fails (for lack of memory, for example) or returns a tensor of another shape or dtype.
 */
export function createParameter(owner: string, field: string, initialize: Initializer, shape: Shape, options: InitializerOptions): Parameter {
  const name = `${owner}.${field}`;
  let initial: unknown;
  try {
    initial = initialize(shape, options);
  } catch (cause) {
    throw new ArgumentError(`${owner}: ${field} ${formatShape(shape)} cannot be made: ${messageOf(cause)}`, { cause });
  }
  requireSynchronous(owner, `the initializer of ${field}`, initial);
  const { dtype = "float32" } = options;
  if (isTensor(initial) && sameShape(initial.shape, shape) && initial.dtype === dtype) return new Parameter(initial, { name });
  const found = isTensor(initial) ? `${initial.dtype} ${formatShape(initial.shape)}` : describeValue(initial);
  throw new ArgumentError(`${owner}: the initializer of ${field} made ${found}, expected ${dtype} ${formatShape(shape)}`);
}
