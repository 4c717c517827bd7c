import { ArgumentError, UsageError } from "@nn/tensor";
import { describeValue, quote, type OptionKinds } from "@nn/tensor/extend";
import { FormatError } from "../format-error.js";
import { gunzipped, type Chunk } from "./gunzip.js";
import { refuseOtherFormats } from "./signatures.js";

/**
 * The input of the readers: bytes, a `Blob` or `File`, a web stream (`response.body`), or any async iterable of chunks (a Node stream).
 * Input that is compressed with gzip is decompressed.
 */
export type ByteSource = Uint8Array | ArrayBuffer | Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** The input of the readers of text: a string, or bytes. */
export type TextSource = string | ByteSource | AsyncIterable<string>;

/** Options of every reader. */
export interface ReaderOptions {
  /** The name of the input in messages. Default: the name of a `File`, or of the reading function. */
  readonly name?: string;
  /**
   * The most bytes to read, counted after decompression, since a small file may expand to a large one. Default 2 GiB; no limit for
   * functions that stream records.
   */
  readonly maxBytes?: number;
}

/** The kinds of {@link ReaderOptions}. */
export const readerOptions: OptionKinds<ReaderOptions> = { name: "string", maxBytes: "count" };

/** Options of the readers of text. */
export interface TextReaderOptions extends ReaderOptions {
  /**
   * The encoding of the text: a name that `TextDecoder` accepts, such as `"windows-1252"`. Default: UTF-8, or UTF-16 after its
   * byte-order mark.
   */
  readonly encoding?: string;
}

/** The names of a reader and its input in messages. */
export interface Reading {
  /** The function that was called. */
  readonly operation: string;
  /** The name of the input. */
  readonly source: string;
  readonly maxBytes: number;
}

/** Default of {@link ReaderOptions.maxBytes} for readers that keep the whole input in memory. */
const defaultMaxBytes = 2 ** 31;

/** The settings for an input that is kept in memory as a whole. */
export function reading(operation: string, input: unknown, options: ReaderOptions): Reading {
  return { ...streaming(operation, input, options), maxBytes: options.maxBytes ?? defaultMaxBytes };
}

/** The settings for an input that is streamed record by record. */
export function streaming(operation: string, input: unknown, { name, maxBytes = Infinity }: ReaderOptions): Reading {
  requireSource(operation, input);
  const named = typeof File !== "undefined" && input instanceof File && input.name !== "" ? input.name : `${operation} input`;
  return { operation, source: name ?? named, maxBytes };
}

/** All bytes of an input, decompressed. */
export async function readBytes(input: ByteSource, how: Reading): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of byteChunks(input, how)) {
    if (typeof chunk === "string") throw wrongChunk(how, chunk, "bytes");
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

/** The chunks of an input, decompressed and counted; none is empty. */
export async function* byteChunks(input: ByteSource | AsyncIterable<string>, how: Reading): AsyncGenerator<Chunk, void, undefined> {
  let length = 0;
  for await (const chunk of gunzipped(rawChunks(input, how), how.source)) {
    length += chunk.length;
    if (length > how.maxBytes) {
      throw new FormatError(how.source, `there are more than ${how.maxBytes} bytes, which is the limit`, {}, {
        fix: "raise it with maxBytes, or read record by record where the reader can",
      });
    }
    yield chunk;
  }
}

async function* rawChunks(input: ByteSource | AsyncIterable<string>, how: Reading): AsyncGenerator<Chunk, void, undefined> {
  if (input instanceof Uint8Array) yield input;
  else if (input instanceof ArrayBuffer) yield new Uint8Array(input);
  else if (input instanceof Blob) yield* streamChunks(input.stream());
  else if (input instanceof ReadableStream) yield* checked(streamChunks(input), how);
  else yield* checked(input, how);
}

async function* checked(chunks: AsyncIterable<unknown>, how: Reading): AsyncGenerator<Chunk, void, undefined> {
  for await (const chunk of chunks) {
    if (typeof chunk !== "string" && !(chunk instanceof Uint8Array)) throw wrongChunk(how, chunk, "bytes or text");
    yield chunk;
  }
}

function wrongChunk({ operation }: Reading, chunk: unknown, expected: string): UsageError {
  return new UsageError(`${operation}: a chunk of the stream is ${describeValue(chunk)}, expected ${expected}`);
}

function requireSource(operation: string, input: unknown): void {
  if (typeof input === "string" || input instanceof Uint8Array || input instanceof ArrayBuffer || input instanceof Blob || input instanceof ReadableStream) return;
  if (typeof input === "object" && input !== null && Symbol.asyncIterator in input) return;
  const fix = typeof Response !== "undefined" && input instanceof Response ? "; pass its body, (await fetch(url)).body" : "";
  throw new ArgumentError(`${operation}: cannot read from ${describeValue(input)}, expected bytes, a string, a Blob, a stream or an async iterable of chunks${fix}`);
}

/**
 * Refuses a string where bytes are expected.
 * @throws ArgumentError that names the function for paths.
 */
export function requireBytes(operation: string, input: unknown): void {
  if (typeof input !== "string") return;
  throw new ArgumentError(`${operation}: cannot read from ${describeValue(input)}, expected bytes; for the path of a file use ${operation}File`);
}

/** Matches text without a line break that ends like a file name. */
const pathLike = /^[^\r\n]*\.(csv|tsv|tab|txt|dat|data|json|jsonl|ndjson|gz|zip|parquet|xlsx?)$/i;

/**
 * Refuses the path or address of a file instead of its content.
 * @throws ArgumentError that names the function for paths.
 */
export function refusePath(operation: string, input: unknown): void {
  if (typeof input !== "string" || !(pathLike.test(input) || /^(https?|file):\/\/\S+$/.test(input))) return;
  const fix = /^https?:/.test(input) ? `pass the content, such as (await fetch(url)).body` : `use ${operation}File, which takes a path`;
  throw new ArgumentError(`${operation}: ${quote(input)} looks like the name of a file, expected its content; ${fix}`);
}

/**
 * The text of an input, in chunks, without a byte-order mark.
 * @throws FormatError if it is not text in the encoding, or a file of another format.
 */
export async function* textChunks(input: TextSource, how: Reading, encoding: string | undefined): AsyncGenerator<string, void, undefined> {
  if (typeof input === "string") {
    yield input.startsWith("\uFEFF") ? input.slice(1) : input;
    return;
  }
  const decoder = new Decoder(how, encoding);
  for await (const chunk of byteChunks(input, how)) {
    const text = typeof chunk === "string" ? decoder.text(chunk) : decoder.decode(chunk);
    if (text !== "") yield text;
  }
  const rest = decoder.end();
  if (rest !== "") yield rest;
}

/** Number of first bytes that determine the encoding and the format. */
const headLength = 64;

class Decoder {
  readonly #how: Reading;
  readonly #encoding: string | undefined;
  #head: number[] | undefined = [];
  #decoder: TextDecoder | undefined;
  #offset = 0;
  /** The last bytes before the offset: a character may begin among them. */
  #tail = new Uint8Array(0);
  #begun = false;

  constructor(how: Reading, encoding: string | undefined) {
    this.#how = how;
    this.#encoding = encoding;
    if (encoding !== undefined) decoderOf(how, encoding);
  }

  /** Accepts a chunk that is text already. */
  text(chunk: string): string {
    if (this.#head === undefined || this.#head.length > 0) throw wrongChunk(this.#how, chunk, "bytes, as before");
    const text = !this.#begun && chunk.startsWith("\uFEFF") ? chunk.slice(1) : chunk;
    this.#begun = true;
    return text;
  }

  decode(chunk: Uint8Array): string {
    if (this.#begun) throw wrongChunk(this.#how, chunk, "text, as before");
    if (this.#head === undefined) return this.#decode(chunk);
    const wanted = headLength - this.#head.length;
    this.#head.push(...chunk.subarray(0, wanted));
    if (this.#head.length < headLength) return "";
    return this.#begin() + this.#decode(chunk.subarray(wanted));
  }

  end(): string {
    if (this.#begun) return "";
    return (this.#head === undefined ? "" : this.#begin()) + this.#decode(undefined);
  }

  /** Chooses the encoding from the first bytes. */
  #begin(): string {
    const head = Uint8Array.from(this.#head ?? []);
    this.#head = undefined;
    refuseOtherFormats(head, this.#how.source);
    const marked = head[0] === 0xff && head[1] === 0xfe ? "utf-16le" : head[0] === 0xfe && head[1] === 0xff ? "utf-16be" : "utf-8";
    this.#decoder = decoderOf(this.#how, this.#encoding ?? marked);
    if (this.#decoder.encoding.startsWith("utf-16") ? false : head.includes(0)) {
      throw new FormatError(this.#how.source, "there are zero bytes at the beginning: it is not text, or is UTF-16 without a byte-order mark", { offset: head.indexOf(0) }, {
        fix: 'for UTF-16 say so with encoding: "utf-16le"',
      });
    }
    return this.#decode(head);
  }

  #decode(chunk: Uint8Array | undefined): string {
    const decoder = this.#decoder as TextDecoder;
    try {
      const text = chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
      this.#offset += chunk?.length ?? 0;
      if (chunk !== undefined) this.#tail = Uint8Array.of(...this.#tail, ...chunk.subarray(-3)).slice(-3);
      return text;
    } catch (cause) {
      const bytes = Uint8Array.from([...this.#tail, ...(chunk ?? [])]);
      const offset = decoder.encoding === "utf-8" ? this.#offset - this.#tail.length + wellFormedLength(bytes, this.#tail.length) : this.#offset;
      throw new FormatError(this.#how.source, `the text from here on is not ${decoder.encoding.toUpperCase()}`, { offset }, {
        cause, fix: 'if it is in another encoding, name it, such as encoding: "windows-1252"',
      });
    }
  }
}

/** The number of bytes before the first character that is not UTF-8. The first ones, which are known, may begin within a character. */
function wellFormedLength(bytes: Uint8Array, known: number): number {
  const first = bytes.subarray(0, known).findIndex((byte) => byte >> 6 !== 0b10);
  const start = first < 0 ? known : first;
  const textOf = (end: number): string | undefined => {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.subarray(start, end), { stream: true });
    } catch {
      return undefined;
    }
  };
  // The longest beginning that is well-formed, but that its last character may be incomplete.
  let [good, bad] = [start, bytes.length + 1];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (textOf(middle) === undefined) bad = middle;
    else good = middle;
  }
  return start + new TextEncoder().encode(textOf(good)).length;
}

function decoderOf({ operation }: Reading, encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch {
    throw new ArgumentError(`${operation}: encoding is ${quote(encoding)}, which TextDecoder does not support; expected "utf-8", "utf-16le", "windows-1252" or another`);
  }
}

/** The chunks of a web stream. Some browsers cannot iterate over a stream with `for await`. */
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
