import { FormatError } from "../format-error.js";

/** A chunk of a source: bytes, or decoded text. */
export type Chunk = Uint8Array | string;

/** Size of a decompressed chunk in bytes. It bounds the memory, however much a few compressed bytes expand. */
const blockLength = 1 << 16;

/**
 * Decompresses chunks that begin like gzip (RFC 1952: 1f 8b), and passes others through. It decompresses all members, one after the
 * other, and checks the checksum and length of each. Zeros may follow, as after `tar` and `dd`; anything else is refused.
 * @throws FormatError if the compressed data are damaged or truncated, or something else follows.
 */
export async function* gunzipped(chunks: AsyncIterable<Chunk>, source: string): AsyncGenerator<Chunk, void, undefined> {
  const iterator = chunks[Symbol.asyncIterator]();
  const head: Chunk[] = [];
  try {
    while (!decided(head)) {
      const next = await iterator.next();
      if (next.done === true) break;
      if (next.value.length > 0) head.push(next.value);
    }
    const all = joined(head, iterator);
    if (beginsAsGzip(head)) yield* decompressed(all, source);
    else yield* all;
  } finally {
    await iterator.return?.();
  }
}

/** Whether there are at least two bytes, or text. */
function decided(head: readonly Chunk[]): boolean {
  return head.some((chunk) => typeof chunk === "string") || head.reduce((count, { length }) => count + length, 0) >= 2;
}

function beginsAsGzip(head: readonly Chunk[]): boolean {
  const bytes = head.flatMap((chunk) => (typeof chunk === "string" ? [] : [...chunk.subarray(0, 2)]));
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** All chunks except empty ones. */
async function* joined(head: readonly Chunk[], rest: AsyncIterator<Chunk>): AsyncGenerator<Chunk, void, undefined> {
  yield* head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) if (next.value.length > 0) yield next.value;
}

/** Decompresses with pako, a port of zlib. Unlike the streams of browsers, it reads several members. */
async function* decompressed(chunks: AsyncIterable<Chunk>, source: string): AsyncGenerator<Chunk, void, undefined> {
  // Loaded only when the input is compressed.
  const { Z_BUF_ERROR, Z_NO_FLUSH, Z_OK, Z_STREAM_END, zlibInflate, zlibInflateInit2, zlibInflateReset, ZStream } = await import("pako");
  const damaged = (what: string): FormatError => new FormatError(source, `the gzip data are damaged: ${what}`);
  const stream = new ZStream();
  // A window of 32 kB (15) and the gzip header (+ 16).
  zlibInflateInit2(stream, 15 + 16);
  let state: "member" | "between" | "padding" = "member";
  for await (const chunk of chunks) {
    if (typeof chunk === "string") throw damaged("text follows bytes");
    [stream.input, stream.next_in, stream.avail_in] = [chunk, 0, chunk.length];
    let full = false;
    while (stream.avail_in > 0 || full) {
      if (state === "between") {
        state = chunk[stream.next_in] === 0x1f ? "member" : "padding";
        if (state === "member") zlibInflateReset(stream);
      }
      if (state === "padding") {
        if (chunk.subarray(stream.next_in).some((byte) => byte !== 0)) throw damaged("data that are not gzip follow after the end");
        break;
      }
      [stream.output, stream.next_out, stream.avail_out] = [new Uint8Array(blockLength), 0, blockLength];
      const status = zlibInflate(stream, Z_NO_FLUSH);
      if (status !== Z_OK && status !== Z_STREAM_END && status !== Z_BUF_ERROR) throw damaged(stream.msg);
      full = stream.avail_out === 0 && status !== Z_STREAM_END;
      if (stream.next_out > 0) yield stream.output.subarray(0, stream.next_out);
      if (status === Z_STREAM_END) state = "between";
    }
  }
  if (state === "member") throw new FormatError(source, "the gzip data are cut off; expected a complete gzip file");
}
