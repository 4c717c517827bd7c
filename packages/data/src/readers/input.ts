import { UsageError } from "@nn/tensor";
import { FormatError } from "../format-error.js";
import { gunzipped } from "./gzip.js";

/**
 * What the readers read: bytes, a `Blob` or `File`, a web stream (`response.body`), or any async iterable of chunks (a Node stream).
 * What is compressed with gzip is decompressed.
 */
export type ByteSource = Uint8Array | ArrayBuffer | Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** What the readers of text read: a string, or bytes in UTF-8. */
export type TextSource = string | ByteSource | AsyncIterable<string>;

/** Options of every reader. */
export interface ReaderOptions {
  /** What messages call the input. Default: the name of a `File`, or "input". */
  readonly name?: string;
}

/** What messages call an input. */
export function nameOf(input: unknown, { name }: ReaderOptions): string {
  if (name !== undefined) return name;
  return typeof File !== "undefined" && input instanceof File && input.name !== "" ? input.name : "input";
}

/** All bytes of an input, decompressed. */
export async function readBytes(input: ByteSource, source: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of byteChunks(input, source)) {
    chunks.push(chunk);
    length += chunk.length;
  }
  const [first] = chunks;
  if (chunks.length === 1 && first !== undefined) return first;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/**
 * The text of an input, in chunks, without a byte-order mark.
 * @throws FormatError if it is not UTF-8.
 */
export async function* textChunks(input: TextSource, source: string): AsyncGenerator<string, void, undefined> {
  if (typeof input === "string") {
    yield input.startsWith("\uFEFF") ? input.slice(1) : input;
    return;
  }
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let offset = 0;
  const decode = (chunk?: Uint8Array): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch (cause) {
      throw new FormatError(source, "the text from here on is not UTF-8", { offset }, { cause });
    }
  };
  for await (const chunk of byteChunks(input, source)) {
    if (typeof chunk === "string") {
      yield chunk;
      continue;
    }
    const text = decode(chunk);
    offset += chunk.length;
    if (text !== "") yield text;
  }
  const rest = decode();
  if (rest !== "") yield rest;
}

function byteChunks(input: ByteSource, source: string): AsyncIterable<Uint8Array>;
function byteChunks(input: ByteSource | AsyncIterable<string>, source: string): AsyncIterable<Uint8Array | string>;
function byteChunks(input: ByteSource | AsyncIterable<string>, source: string): AsyncIterable<Uint8Array | string> {
  return gunzipped(rawChunks(input), source);
}

async function* rawChunks(input: ByteSource | AsyncIterable<string>): AsyncGenerator<Uint8Array | string, void, undefined> {
  if (input instanceof Uint8Array) yield input;
  else if (input instanceof ArrayBuffer) yield new Uint8Array(input);
  else if (input instanceof Blob) yield* streamChunks(input.stream());
  else if (input instanceof ReadableStream) yield* streamChunks(input);
  else if (isAsyncIterable(input)) yield* input;
  else throw new UsageError(`reader: cannot read from ${typeof input}; expected bytes, a string, a Blob, a stream or an async iterable of chunks`);
}

function isAsyncIterable(input: unknown): input is AsyncIterable<Uint8Array | string> {
  return typeof input === "object" && input !== null && Symbol.asyncIterator in input;
}

/** The chunks of a web stream; written out because not every browser can iterate over one. */
export async function* streamChunks(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
