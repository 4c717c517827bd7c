import { FormatError } from "@nn/data";
import { messageOf } from "@nn/tensor/extend";

/** The error for a file that is damaged. */
export function damaged(name: string, reason: string, cause?: unknown): FormatError {
  return new FormatError(name, `the image is damaged: ${reason}`, {}, { fix: "save it again, or remove it", ...(cause === undefined ? {} : { cause }) });
}

/** The error for what a decoder threw. A decoder that reads beyond the end throws a `RangeError` or a `TypeError`. */
export function decoderFailure(name: string, cause: unknown): FormatError {
  if (cause instanceof FormatError) return cause;
  const problem = cause instanceof RangeError || cause instanceof TypeError ? "" : messageOf(cause).replaceAll(/\s+/g, " ").replace(/[:.\s]+$/, "");
  return damaged(name, problem === "" ? "it ends too early, or its parts do not fit together" : problem, cause);
}

/** @throws FormatError if an image is empty or has too many pixels. */
export function requireArea(name: string, width: number, height: number, maxPixels: number): void {
  if (width * height === 0) throw damaged(name, `it is ${width} x ${height} (width x height)`);
  if (width * height <= maxPixels) return;
  throw new FormatError(name, `the image has ${width} x ${height} pixels, more than the limit of ${maxPixels}`, {}, { fix: "scale it down, or raise maxPixels" });
}
