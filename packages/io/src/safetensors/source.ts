import type { CheckpointLimits } from "../checkpoint/limits.js";
import type { Contents } from "../checkpoint/stored-tensor.js";
import type { ByteSource } from "../source/byte-source.js";
import { decode } from "./element-types.js";
import { headerLength, lengthFieldSize, parseHeader } from "./header.js";

/** A safetensors file whose tensors are read one at a time. @throws SafetensorsError if it is not a whole, valid file. */
export async function readSafetensorsSource(source: ByteSource, limits: Required<CheckpointLimits>): Promise<Contents> {
  const start = await source.read(0, Math.min(lengthFieldSize, source.size));
  const dataStart = lengthFieldSize + headerLength(start, source.size, source.name, limits);
  const { entries, metadata } = parseHeader(await source.read(lengthFieldSize, dataStart), source.size, source.name, limits);
  return {
    format: "safetensors",
    metadata,
    value: undefined,
    tensors: entries.map((entry) => ({
      name: entry.name, shape: entry.shape, dtype: entry.dtype,
      read: async () => decode(entry, await source.read(entry.start, entry.end), source.name),
    })),
    close: () => source.close(),
  };
}
