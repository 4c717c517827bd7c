import { describeValue } from "./arguments/describe.js";
import { holds, requireDTypeName, type DType, type TypedArray } from "./dtype.js";
import { DTypeError, ShapeError, UsageError } from "./errors.js";
import { formatShape, requireShape, sizeOf, type Shape } from "./shape.js";

/**
 * Values that are not available as a typed array: those of a traced tensor, which do not exist yet, or of a device, which has to
 * send them. If values are not available, it throws an error that names `operation`.
 */
export interface DeferredStorage {
  /** Returns the elements at once. */
  read(operation: string): TypedArray;
  /** Returns the elements when they have arrived. */
  readAsync(operation: string): Promise<TypedArray>;
}

/** The storage of a tensor's elements. */
export type Storage = TypedArray | DeferredStorage;

/** Throws if shape, dtype and storage of a tensor do not fit together, unless the storage delivers its elements later. */
export function requireDeferred(shape: Shape, dtype: DType, storage: unknown): void {
  requireShape("Tensor", shape);
  requireDTypeName("Tensor", dtype);
  if (ArrayBuffer.isView(storage)) {
    if (!holds(dtype, storage)) throw new DTypeError(`Tensor: the elements are in ${storage.constructor.name}, which does not hold ${dtype}`);
    throw new ShapeError(`Tensor: ${(storage as TypedArray).length} elements do not fill the shape ${formatShape(shape)}, which has ${sizeOf(shape)}`);
  }
  if (typeof storage !== "object" || storage === null || typeof Reflect.get(storage, "read") !== "function") {
    throw new UsageError(`Tensor: the storage is ${describeValue(storage)}, expected a typed array; programs make tensors with tensor(...)`);
  }
}

/** The elements of a tensor, if they are known. Those of a traced tensor are not; its operations check them when they run. */
export function knownValues({ storage }: { readonly storage: Storage }): TypedArray | undefined {
  return ArrayBuffer.isView(storage) ? storage : undefined;
}
