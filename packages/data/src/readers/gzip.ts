import { FormatError } from "../format-error.js";

/**
 * The chunks as they are or, if they begin as gzip does (RFC 1952: 1f 8b), decompressed.
 * @throws FormatError if the compressed data are damaged or cut off.
 */
export async function* gunzipped(chunks: AsyncIterable<Uint8Array | string>, source: string): AsyncGenerator<Uint8Array | string, void, undefined> {
  const iterator = chunks[Symbol.asyncIterator]();
  const head: (Uint8Array | string)[] = [];
  try {
    while (!decided(head)) {
      const next = await iterator.next();
      if (next.done === true) break;
      head.push(next.value);
    }
    const all = joined(head, iterator);
    if (beginsAsGzip(head)) yield* decompressed(all, source);
    else yield* all;
  } finally {
    await iterator.return?.();
  }
}

type Chunk = Uint8Array | string;

/** Whether two bytes, or text, are at hand. */
function decided(head: readonly Chunk[]): boolean {
  let count = 0;
  for (const chunk of head) {
    if (typeof chunk === "string") return true;
    count += chunk.length;
  }
  return count >= 2;
}

function beginsAsGzip(head: readonly Chunk[]): boolean {
  const bytes = head.flatMap((chunk) => (typeof chunk === "string" ? [] : [...chunk.subarray(0, 2)]));
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function* joined(head: readonly Chunk[], rest: AsyncIterator<Chunk>): AsyncGenerator<Chunk, void, undefined> {
  yield* head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

async function* decompressed(chunks: AsyncGenerator<Chunk, void, undefined>, source: string): AsyncGenerator<Uint8Array, void, undefined> {
  let sourceError: unknown;
  const compressed = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const next = await chunks.next();
        if (next.done === true) controller.close();
        else if (typeof next.value !== "string") controller.enqueue(new Uint8Array(next.value));
      } catch (error) {
        sourceError = error;
        controller.error(error);
      }
    },
  });
  const reader = compressed.pipeThrough(new DecompressionStream("gzip")).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (cause) {
    if (sourceError !== undefined) throw sourceError;
    throw new FormatError(source, "the gzip data are damaged or cut off; expected a complete gzip file", {}, { cause });
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
