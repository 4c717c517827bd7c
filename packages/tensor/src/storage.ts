import type { TypedArray } from "./dtype.js";

/**
 * Values that are not at hand as a typed array: those of a traced tensor, which do not exist yet, or of a device, which has
 * to send them. What cannot be had is an error that names `operation`, the one that asked.
 */
export interface DeferredStorage {
  /** The elements, at once. */
  read(operation: string): TypedArray;
  /** The elements, when they have arrived. */
  readAsync(operation: string): Promise<TypedArray>;
}

/** What holds a tensor's elements. */
export type Storage = TypedArray | DeferredStorage;
