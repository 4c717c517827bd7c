import { PickleEnd, PickleProblem } from "./values.js";

/** The longest whole number, in bytes: far more than any that is counted. */
const longestInteger = 256;

/** The bytes of a pickle, read one after another. */
export class PickleBytes {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  position: number;

  constructor(bytes: Uint8Array, position: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.position = position;
  }

  take(length: number): Uint8Array {
    const start = this.#skip(length);
    return this.#bytes.subarray(start, start + length);
  }

  u8(): number {
    return this.#view.getUint8(this.#skip(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#skip(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#skip(4), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#skip(4), true);
  }

  /** A length of 8 bytes. */
  u64(): number {
    return Number(this.#view.getBigUint64(this.#skip(8), true));
  }

  /** A float of 8 bytes. Unlike all other numbers of a pickle, the high byte is first. */
  f64(): number {
    return this.#view.getFloat64(this.#skip(8), false);
  }

  text(length: number): string {
    const start = this.position;
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(this.take(length));
    } catch (cause) {
      if (cause instanceof PickleProblem) throw cause;
      throw new PickleProblem(`the text at byte ${start} is not UTF-8`);
    }
  }

  /** A line without its end. */
  line(): string {
    const end = this.#bytes.indexOf(10, this.position);
    if (end < 0) throw new PickleEnd("a line has no end");
    const line = this.text(end - this.position);
    this.position = end + 1;
    return line;
  }

  /** A whole number in two's complement, the low byte first. */
  integer(length: number): number | bigint {
    if (length > longestInteger) throw new PickleProblem(`a whole number has ${length} bytes, expected at most ${longestInteger}`);
    const bytes = this.take(length);
    const digits = Array.from(bytes.toReversed(), (byte) => byte.toString(16).padStart(2, "0")).join("");
    const value = BigInt.asIntN(8 * length, BigInt(`0x${digits || "0"}`));
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  #skip(length: number): number {
    const start = this.position;
    if (length < 0) throw new PickleProblem(`a length is negative: ${length} bytes`);
    if (start + length > this.#bytes.length) throw new PickleEnd(`the pickle ends at byte ${this.#bytes.length}, ${start + length - this.#bytes.length} bytes too early`);
    this.position = start + length;
    return start;
  }
}
