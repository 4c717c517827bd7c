import { ArgumentError } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";
import { FormatError } from "../format-error.js";

/**
 * The number of elements of a shape in a file.
 * @throws FormatError if it is larger than the largest exact whole number.
 */
export function sizeOfShape(shape: readonly number[], source: string): number {
  if (shape.includes(0)) return 0;
  const size = shape.reduce((product, length) => product * length, 1);
  if (Number.isSafeInteger(size)) return size;
  throw new FormatError(source, `the shape [${shape.slice(0, 8).join(", ")}${shape.length > 8 ? ", …" : ""}] has more elements than there can be`);
}

/** Refuses anything but bytes. */
export function requireUint8Array(operation: string, bytes: unknown): void {
  if (bytes instanceof Uint8Array) return;
  const fix = bytes instanceof ArrayBuffer ? "; pass new Uint8Array(buffer)" : "";
  throw new ArgumentError(`${operation}: bytes are ${describeValue(bytes)}, expected a Uint8Array${fix}`);
}
