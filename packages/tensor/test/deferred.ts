import { Tensor, UsageError, type DType, type Shape } from "../src/index.js";

/** A tensor without values, as inside a compiled function. */
export function deferred(shape: Shape, dtype: DType = "float32"): Tensor {
  const refuse = (operation: string): never => {
    throw new UsageError(`${operation}: the values of a traced tensor are not known yet`);
  };
  return new Tensor(shape, dtype, { read: refuse, readAsync: async (operation) => refuse(operation) });
}
