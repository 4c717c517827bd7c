import { CheckpointError } from "../checkpoint/checkpoint-error.js";
import type { ByteStorage } from "./byte-storage.js";

/** Parts of this size are stored; what arrived after the last one is lost when a page is closed. */
const partSize = 4 << 20;

/** What is stored beside the parts. */
interface PartsNote {
  readonly validator: string;
  readonly parts: number;
  readonly total: number | undefined;
}

/** A file of which a part has arrived. */
export class PartialFile {
  readonly url: string;
  readonly #storage: ByteStorage | undefined;
  #chunks: Uint8Array[] = [];
  /** Bytes in the chunks that are stored as parts. */
  #stored = 0;
  #parts = 0;
  #received = 0;
  #total: number | undefined;
  /** What says that the server's file is still the same; empty if it cannot be resumed. */
  #validator = "";

  private constructor(url: string, storage: ByteStorage | undefined) {
    this.url = url;
    this.#storage = storage;
  }

  /** The file as an earlier call left it in the storage, or an empty one. */
  static async open(url: string, storage: ByteStorage | undefined): Promise<PartialFile> {
    const file = new PartialFile(url, storage);
    await file.#restore();
    return file;
  }

  get received(): number {
    return this.#received;
  }

  /** The length of the whole, if it is known. */
  get total(): number | undefined {
    return this.#total;
  }

  /** The headers that ask for what is missing. */
  get rangeHeaders(): Record<string, string> {
    return this.#received === 0 || this.#validator === "" ? {} : { range: `bytes=${this.#received}-`, "if-range": this.#validator };
  }

  /** Takes notice of a response, which has what is missing, or the whole file anew. */
  async begin(response: Response): Promise<void> {
    const encoded = (response.headers.get("content-encoding") ?? "identity") !== "identity";
    const [, start, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get("content-range") ?? "") ?? [];
    if (response.status === 206) {
      if (Number(start) === this.#received && !encoded) {
        this.#total = Number(total);
        return;
      }
      throw new CheckpointError(this.url, `the server sends another range, ${response.headers.get("content-range") ?? "without content-range"}, expected the bytes from ${this.#received} on`, this.#received);
    }
    await this.restart();
    const length = response.headers.get("content-length");
    // Lengths and ranges count bytes of the encoded file, and what arrives is decoded.
    this.#total = length === null || encoded ? undefined : Number(length);
    this.#validator = encoded ? "" : validatorOf(response);
  }

  async append(bytes: Uint8Array): Promise<void> {
    this.#chunks.push(bytes);
    this.#received += bytes.length;
    if (this.#received - this.#stored >= partSize) await this.flush();
  }

  /** Stores what has arrived since the last part. */
  async flush(): Promise<void> {
    if (this.#storage === undefined || this.#validator === "" || this.#received === this.#stored) return;
    await this.#storage.write(this.#partName(this.#parts), joined(this.#chunks, this.#stored, this.#received));
    this.#parts++;
    this.#stored = this.#received;
    const note: PartsNote = { validator: this.#validator, parts: this.#parts, total: this.#total };
    await this.#storage.write(this.#noteName, new TextEncoder().encode(JSON.stringify(note)));
  }

  /** Forgets what has arrived. */
  async restart(): Promise<void> {
    this.#chunks = [];
    this.#received = 0;
    this.#total = undefined;
    await this.#removeParts();
  }

  /** The whole file; the parts are removed. */
  async complete(): Promise<Uint8Array> {
    const bytes = joined(this.#chunks, 0, this.#received);
    await this.#removeParts();
    return bytes;
  }

  get #noteName(): string {
    return `${this.url} parts`;
  }

  #partName(at: number): string {
    return `${this.url} part ${at}`;
  }

  async #restore(): Promise<void> {
    const note = noteIn(await this.#storage?.read(this.#noteName));
    if (this.#storage === undefined || note === undefined) return;
    for (let at = 0; at < note.parts; at++) {
      const part = await this.#storage.read(this.#partName(at));
      if (part === undefined) return this.restart();
      this.#chunks.push(part);
      this.#received += part.length;
      this.#parts++;
    }
    this.#stored = this.#received;
    this.#total = note.total;
    this.#validator = note.validator;
  }

  /** The note goes first: without it there are no parts. */
  async #removeParts(): Promise<void> {
    const parts = this.#parts;
    this.#parts = 0;
    this.#stored = 0;
    if (this.#storage === undefined || parts === 0) return;
    await this.#storage.remove(this.#noteName);
    for (let at = 0; at < parts; at++) await this.#storage.remove(this.#partName(at));
  }
}

/** A strong validator of the version that a server sends (RFC 9110 section 8.8); a weak tag is none. */
function validatorOf(response: Response): string {
  const tag = response.headers.get("etag") ?? "";
  return tag !== "" && !tag.startsWith("W/") ? tag : response.headers.get("last-modified") ?? "";
}

function noteIn(bytes: Uint8Array | undefined): PartsNote | undefined {
  if (bytes === undefined) return undefined;
  try {
    const { validator, parts, total } = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Record<string, unknown>>;
    const isLength = total === undefined || (typeof total === "number" && Number.isSafeInteger(total));
    return typeof validator === "string" && typeof parts === "number" && isLength ? { validator, parts, total: total as number | undefined } : undefined;
  } catch {
    return undefined;
  }
}

/** The bytes from `start` up to `end` of chunks that follow one another. */
function joined(chunks: readonly Uint8Array[], start: number, end: number): Uint8Array {
  const bytes = new Uint8Array(end - start);
  let at = -start;
  for (const chunk of chunks) {
    if (at + chunk.length > 0) bytes.set(at < 0 ? chunk.subarray(-at) : chunk, Math.max(0, at));
    at += chunk.length;
  }
  return bytes;
}
