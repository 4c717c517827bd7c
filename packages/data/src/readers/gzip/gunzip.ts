import { FormatError } from "../../format-error.js";
import { crc32 } from "./crc32.js";
import { DeflateError } from "./huffman.js";
import { Inflater, outputBuffer } from "./inflate.js";

/** What sources give: bytes, or text that is decoded already. */
export type Chunk = Uint8Array | string;

/** Compressed bytes are taken at least so many at a time, so that a source of tiny chunks costs no more than another. */
const pieceLength = 1 << 12;

/** The longest header of a member that is looked at: name and comment end with a zero, which may never come. */
const longestHeader = 1 << 18;

/** Checksum and length after the data of a member. */
const trailerLength = 8;

/**
 * The chunks as they are or, if they begin as gzip does (RFC 1952: 1f 8b), decompressed: all members, one after the other, each checked by
 * its checksum and length. Zeros may follow, as after `tar` and `dd`; anything else is refused.
 * @throws FormatError if the compressed data are damaged or cut off, or something else follows.
 */
export async function* gunzipped(chunks: AsyncIterable<Chunk>, source: string): AsyncGenerator<Chunk, void, undefined> {
  let compressed: Gunzip | undefined;
  let first: Uint8Array | undefined;
  let begun = false;
  for await (const chunk of chunks) {
    if (chunk.length === 0) continue;
    if (begun || typeof chunk === "string") {
      if (!begun && first !== undefined) yield first;
      begun = true;
      if (compressed === undefined || typeof chunk === "string") yield chunk;
      else yield* compressed.push(chunk);
      continue;
    }
    const head: Uint8Array = first === undefined ? chunk : Uint8Array.of(...first, ...chunk.subarray(0, 1));
    if (head.length < 2) {
      first = head;
      continue;
    }
    begun = true;
    if (head[0] === 0x1f && head[1] === 0x8b) compressed = new Gunzip(source);
    for (const part of first === undefined ? [chunk] : [first, chunk]) {
      if (compressed === undefined) yield part;
      else yield* compressed.push(part);
    }
  }
  if (!begun && first !== undefined) yield first;
  if (compressed !== undefined) yield* compressed.end();
}

/** Decompresses gzip as its bytes come. */
class Gunzip {
  readonly #source: string;
  /** Bytes that wait for enough of them. */
  #waiting: Uint8Array[] = [];
  #waitingLength = 0;
  /** Bytes of a header or trailer that is not whole yet. */
  #input: Uint8Array = new Uint8Array(0);
  #state: "header" | "data" | "trailer" | "padding" = "header";
  /** Members may be many and tiny: they share their buffer. */
  readonly #output = outputBuffer();
  #inflater = new Inflater(this.#output);
  #checksum = 0;
  #length = 0;
  #members = 0;

  constructor(source: string) {
    this.#source = source;
  }

  *push(chunk: Uint8Array): Generator<Uint8Array, void, undefined> {
    this.#waiting.push(chunk);
    this.#waitingLength += chunk.length;
    if (this.#waitingLength >= pieceLength) yield* this.#take(false);
  }

  *end(): Generator<Uint8Array, void, undefined> {
    yield* this.#take(true);
    if (this.#state !== "padding" && !(this.#state === "header" && this.#members > 0 && this.#input.length === 0)) throw this.#cutOff();
  }

  *#take(final: boolean): Generator<Uint8Array, void, undefined> {
    let input = concatenated([this.#input, ...this.#waiting]);
    this.#waiting = [];
    this.#waitingLength = 0;
    for (;;) {
      if (this.#state === "header") {
        const length = this.#headerLength(input);
        if (length === undefined) break;
        input = input.subarray(length);
        if (this.#state === "header") this.#begin();
      } else if (this.#state === "data") {
        yield* this.#inflate(input, final);
        if (!this.#inflater.done) {
          input = new Uint8Array(0);
          break;
        }
        input = this.#inflater.rest;
        this.#state = "trailer";
      } else if (this.#state === "trailer") {
        if (input.length < trailerLength) break;
        this.#check(input);
        input = input.subarray(trailerLength);
        this.#state = "header";
      } else {
        if (input.some((byte) => byte !== 0)) throw this.#damaged("something that is no gzip data follows after the end");
        input = new Uint8Array(0);
        break;
      }
    }
    this.#input = input;
  }

  #begin(): void {
    this.#inflater = new Inflater(this.#output);
    this.#checksum = 0;
    this.#length = 0;
    this.#state = "data";
  }

  *#inflate(input: Uint8Array, final: boolean): Generator<Uint8Array, void, undefined> {
    try {
      for (const block of this.#inflater.push(input, final)) {
        this.#checksum = crc32(block, this.#checksum);
        this.#length += block.length;
        yield block;
      }
    } catch (cause) {
      if (cause instanceof DeflateError) throw cause.message === "the data are cut off" ? this.#cutOff(cause) : this.#damaged(cause.message, cause);
      throw cause;
    }
  }

  /** Length of the header that the input begins with; undefined where more must come. What is no header ends the members. */
  #headerLength(input: Uint8Array): number | undefined {
    if (input.length === 0) return undefined;
    if (this.#members > 0 && (input[0] !== 0x1f || (input.length > 1 && input[1] !== 0x8b))) {
      this.#state = "padding";
      return 0;
    }
    if (input.length < 10) return undefined;
    if (input[2] !== 8) throw this.#damaged(`it says to be compressed by method ${String(input[2])}, expected 8, deflate`);
    const flags = input[3] as number;
    if (flags & 0xe0) throw this.#damaged("its header has flags that there are not");
    let at = 10;
    if (flags & 4) at += 2 + ((input[10] ?? 0) | ((input[11] ?? 0) << 8));
    for (const flag of [8, 16]) {
      if (!(flags & flag)) continue;
      const zero = input.indexOf(0, at);
      if (zero < 0 && input.length > longestHeader) throw this.#damaged("its header does not end");
      if (zero < 0) return undefined;
      at = zero + 1;
    }
    if (flags & 2) at += 2;
    return at > input.length ? undefined : at;
  }

  #check(trailer: Uint8Array): void {
    const view = new DataView(trailer.buffer, trailer.byteOffset, trailerLength);
    if (view.getUint32(0, true) !== this.#checksum) throw this.#damaged("the checksum is not that of the content");
    if (view.getUint32(4, true) !== this.#length % 2 ** 32) throw this.#damaged("the length is not that of the content");
    this.#members++;
  }

  #damaged(what: string, cause?: unknown): FormatError {
    return new FormatError(this.#source, `the gzip data are damaged: ${what}`, {}, { cause });
  }

  #cutOff(cause?: unknown): FormatError {
    return new FormatError(this.#source, "the gzip data are cut off; expected a complete gzip file", {}, { cause });
  }
}

/** One array of all bytes; the only one itself. */
function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const filled = parts.filter(({ length }) => length > 0);
  if (filled.length === 1) return filled[0] as Uint8Array;
  const all = new Uint8Array(filled.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of filled) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
