import { decodeNpy, encodeNpy as encode, parseNpyHeader, type NpyFail, type NpyOptions } from "@nn/files";
import type { Tensor } from "@nn/tensor";
import { requireOptions } from "@nn/tensor/extend";
import { FormatError } from "../format-error.js";
import { readBytes, readerOptions, reading, requireBytes, type ByteSource, type ReaderOptions } from "./input.js";

/**
 * Reads an array that NumPy saved (`numpy.save`, format versions 1 to 3), in either byte order. float32, float64 and bool keep their
 * type, float16 becomes float32, integers of every size become int32. Arrays in Fortran order are converted to row-major order.
 *
 * @example
 * ```ts
 * import { encodeNpy, readNpy } from "@nn/data";
 * import { tensor } from "@nn/tensor";
 * const bytes = encodeNpy(tensor([[1, 2], [3, 4]]));
 * (await readNpy(bytes)).toArray(); // => [[1, 2], [3, 4]]
 * ```
 * @throws FormatError if the input is not a complete `.npy` file, has a type that tensors do not have, or holds an integer beyond int32.
 */
export async function readNpy(input: ByteSource, options: ReaderOptions = {}): Promise<Tensor> {
  return readNpyAs("readNpy", input, options);
}

/** {@link readNpy} with the name of another function in its errors. */
export async function readNpyAs(operation: string, input: ByteSource, options: ReaderOptions): Promise<Tensor> {
  requireOptions(operation, options, readerOptions);
  requireBytes(operation, input);
  const how = reading(operation, input, options);
  const fail: NpyFail = (problem, offset) => new FormatError(how.source, problem, offset === undefined ? {} : { offset });
  const bytes = await readBytes(input, how);
  return decodeNpy(parseNpyHeader(bytes, fail), bytes, fail);
}

/**
 * Encodes a tensor as the bytes of a `.npy` file (version 1.0, row-major, little-endian), for `numpy.load`.
 * @throws DTypeError if float16 is requested for a tensor that is not floating-point.
 */
export function encodeNpy(x: Tensor, options: NpyOptions = {}): Uint8Array {
  return encode("encodeNpy", x, options);
}

