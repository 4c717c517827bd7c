import { FileError } from "@nn/files";
import { builtin } from "@nn/files/builtin";
import { ArgumentError } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";

/** Bytes that are read in any order, such as those of a file on a server. */
export interface ByteRanges {
  /** Their number. */
  readonly byteLength: number;
  /** The bytes from `start` up to `end`. */
  slice(start: number, end: number): ArrayBuffer | Promise<ArrayBuffer>;
}

/** A Parquet file: bytes, a `Blob` or `File`, or {@link ByteRanges}, of which only the needed ones are read. */
export type ParquetSource = Uint8Array | ArrayBuffer | Blob | ByteRanges;

/** Bytes with a name for messages, to be closed after use. */
export interface NamedRanges extends ByteRanges {
  readonly name: string;
  close(): Promise<void>;
}

/** The ranges of a source. @throws ArgumentError if it is none. */
export function rangesOf(operation: string, source: unknown, name: string | undefined): NamedRanges {
  const from = (byteLength: number, slice: ByteRanges["slice"], own?: string): NamedRanges => ({ name: name ?? own ?? `${operation} input`, byteLength, slice, close: async () => undefined });
  if (source instanceof Blob) return from(source.size, async (start, end) => source.slice(start, end).arrayBuffer(), "name" in source ? String(source.name) : undefined);
  if (source instanceof ArrayBuffer) return from(source.byteLength, (start, end) => source.slice(start, end));
  if (source instanceof Uint8Array) return from(source.length, (start, end) => copyOf(source.subarray(start, end)));
  if (isByteRanges(source)) return from(source.byteLength, async (start, end) => source.slice(start, end));
  const fix = typeof source === "string" ? `; for the path of a file use ${operation}File` : "";
  throw new ArgumentError(`${operation}: cannot read from ${describeValue(source)}, expected bytes, a Blob, or an object with byteLength and slice(start, end)${fix}`);
}

/** A copy with a buffer of its own. The method `slice` of a Buffer of Node makes none. */
function copyOf(bytes: Uint8Array): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.length);
  new Uint8Array(copy).set(bytes);
  return copy;
}

function isByteRanges(source: unknown): source is ByteRanges {
  return typeof source === "object" && source !== null && !ArrayBuffer.isView(source) && "byteLength" in source && Number.isSafeInteger(source.byteLength) && "slice" in source && typeof source.slice === "function";
}

/** The ranges of a file. @throws FileError if it cannot be opened. */
export async function fileRanges(operation: string, path: string, name: string | undefined): Promise<NamedRanges> {
  const { open } = builtin(operation, "node:fs/promises");
  const failed = (cause: unknown): never => {
    throw new FileError(operation, "read", path, cause);
  };
  const file = await open(path, "r").catch(failed);
  const { size } = await file.stat().catch(async (cause: unknown) => {
    await file.close();
    return failed(cause);
  });
  return {
    name: name ?? path,
    byteLength: size,
    slice: async (start, end) => {
      const bytes = new Uint8Array(end - start);
      for (let at = 0; at < bytes.length;) {
        const { bytesRead } = await file.read(bytes, at, bytes.length - at, start + at).catch(failed);
        if (bytesRead === 0) return bytes.slice(0, at).buffer;
        at += bytesRead;
      }
      return bytes.buffer;
    },
    close: async () => file.close(),
  };
}
