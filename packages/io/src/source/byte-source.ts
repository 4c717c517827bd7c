import { CheckpointError } from "../checkpoint/checkpoint-error.js";

/** Bytes that are read in any order, without reading the others. */
export interface ByteSource {
  /** What messages call it. */
  readonly name: string;
  /** Its length in bytes. */
  readonly size: number;
  /** The bytes from `start` up to `end`, which lie within it. @throws CheckpointError or FileError if they cannot be read. */
  read(start: number, end: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Bytes in memory. */
export function bytesSource(name: string, bytes: Uint8Array): ByteSource {
  return { name, size: bytes.length, read: async (start, end) => bytes.subarray(start, end), close: async () => undefined };
}

/** A `Blob` or a `File` of a page. */
export function blobSource(name: string, blob: Blob): ByteSource {
  return {
    name,
    size: blob.size,
    read: async (start, end) => {
      try {
        return new Uint8Array(await blob.slice(start, end).arrayBuffer());
      } catch (cause) {
        throw new CheckpointError(name, "it cannot be read; was the file changed or removed after it was chosen?", start, { cause });
      }
    },
    close: async () => undefined,
  };
}

/** The bytes from `start` up to `end`. @throws CheckpointError if the source ends before. */
export async function readRange(source: ByteSource, start: number, end: number, what: string): Promise<Uint8Array> {
  if (start < 0 || end > source.size) throw new CheckpointError(source.name, `${what} would end at byte ${end}, but there are ${source.size} bytes; it is cut off or damaged`, Math.min(Math.max(0, start), source.size));
  return source.read(start, end);
}
