import { CheckpointError } from "@nn/io";
import { tensor, type Tensor } from "@nn/tensor";
import { describeValue, isPlainObject, quote } from "@nn/tensor/extend";
import type { Json } from "./config.js";

/** A way of writing elements: how many bytes each takes, and how they are read. */
interface Elements {
  readonly bytes: number;
  readonly read: (view: DataView, at: number) => number;
}

const elements: Readonly<Record<string, Elements>> = {
  float32: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  int32: { bytes: 4, read: (view, at) => view.getInt32(at, true) },
  uint8: { bytes: 1, read: (view, at) => view.getUint8(at) },
  uint16: { bytes: 2, read: (view, at) => view.getUint16(at, true) },
  bool: { bytes: 1, read: (view, at) => view.getUint8(at) },
  float16: { bytes: 2, read: (view, at) => halfToNumber(view.getUint16(at, true)) },
};

/** IEEE 754 half precision: 1 bit of sign, 5 of exponent, 10 of fraction. */
function halfToNumber(bits: number): number {
  const [sign, exponent, fraction] = [bits >> 15 === 0 ? 1 : -1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

/**
 * The weights of a manifest by their names. Quantized weights become what TensorFlow.js computes with: `q · scale + min` for whole numbers, the same number for half precision.
 * @throws CheckpointError if the manifest is damaged, or does not fit the length of its files.
 */
export async function readWeights(place: string, manifest: unknown, read: (path: string) => Promise<Uint8Array>): Promise<ReadonlyMap<string, Tensor>> {
  if (!Array.isArray(manifest)) throw new CheckpointError(place, `its weightsManifest is ${describeValue(manifest)}, expected a list`);
  const weights = new Map<string, Tensor>();
  for (const group of manifest as readonly unknown[]) {
    if (!isPlainObject(group) || !Array.isArray(group["paths"]) || !Array.isArray(group["weights"])) throw new CheckpointError(place, "a group of its weightsManifest is not { paths, weights }");
    const parts: Uint8Array[] = [];
    for (const path of group["paths"] as readonly unknown[]) parts.push(await read(requirePath(place, path)));
    let at = 0;
    const bytes = joined(parts);
    for (const entry of group["weights"] as readonly unknown[]) {
      const { name, value, end } = readWeight(place, entry, bytes, at);
      weights.set(name, value);
      at = end;
    }
    if (at !== bytes.byteLength) throw new CheckpointError(place, `its files of weights have ${bytes.byteLength} bytes, but the manifest describes ${at}`);
  }
  return weights;
}

/** The paths are those of files beside the model, and nothing else. */
function requirePath(place: string, path: unknown): string {
  if (typeof path === "string" && /^[^/\\:?#]+(?:\/[^/\\:?#]+)*$/.test(path) && !path.split("/").includes("..")) return path;
  throw new CheckpointError(place, `its manifest names the file ${describeValue(path)}, expected a file beside the model`);
}

function readWeight(place: string, entry: unknown, bytes: DataView, start: number): { readonly name: string; readonly value: Tensor; readonly end: number } {
  const { name, shape, dtype, quantization } = isPlainObject(entry) ? entry : ({} as Json);
  const isShape = Array.isArray(shape) && shape.every((size) => Number.isSafeInteger(size) && (size as number) >= 0);
  if (typeof name !== "string" || typeof dtype !== "string" || !isShape) throw new CheckpointError(place, "a weight of its manifest is not { name, shape, dtype }");
  const { stored, scale, min } = storageOf(place, name, dtype, quantization);
  const count = (shape as readonly number[]).reduce((a, b) => a * b, 1);
  const end = start + count * stored.bytes;
  if (!(end <= bytes.byteLength)) throw new CheckpointError(place, `the weight ${quote(name)} would end at byte ${end} of its files, which have ${bytes.byteLength}`);
  const values = new Float64Array(count);
  for (let at = 0; at < count; at++) values[at] = stored.read(bytes, start + at * stored.bytes) * scale + min;
  return { name, value: tensor(values, { shape: shape as number[], dtype: dtype === "int32" ? "int32" : dtype === "bool" ? "bool" : "float32" }), end };
}

function storageOf(place: string, name: string, dtype: string, quantization: unknown): { readonly stored: Elements; readonly scale: number; readonly min: number } {
  const how = isPlainObject(quantization) ? quantization : undefined;
  const written = how?.["dtype"] ?? dtype;
  const stored = typeof written === "string" && Object.hasOwn(elements, written) ? elements[written] : undefined;
  if (stored === undefined || !["float32", "int32", "bool"].includes(dtype)) throw new CheckpointError(place, `the weight ${quote(name)} has elements of type ${describeValue(written)}, which cannot be read`);
  if (how === undefined || written === "float16") return { stored, scale: 1, min: 0 };
  const { scale, min } = how;
  if (typeof scale === "number" && typeof min === "number") return { stored, scale, min };
  throw new CheckpointError(place, `the weight ${quote(name)} is quantized without scale and min`);
}

function joined(parts: readonly Uint8Array[]): DataView {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return new DataView(bytes.buffer);
}
