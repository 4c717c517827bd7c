import { BinaryWriter } from "@bufbuild/protobuf/wire";

/** Bytes of this length and more are kept as they are until the whole is put together. */
const large = 1024;

/** The bytes of a message in pieces. A `BinaryWriter` alone would copy the weights of a model at each end of a message that holds them; here they are copied once. */
export class Pieces {
  /** Takes everything but bytes and messages. */
  readonly writer = new BinaryWriter();
  readonly #before: Uint8Array[] = [];

  /** Appends bytes, after their length. */
  bytes(value: Uint8Array): void {
    this.writer.uint32(value.length);
    this.#append(value);
  }

  /** Appends a message, after its length. */
  message(inner: Pieces): void {
    const pieces = inner.#all();
    this.writer.uint32(lengthOf(pieces));
    for (const piece of pieces) this.#append(piece);
  }

  /** All bytes. */
  joined(): Uint8Array {
    const pieces = this.#all();
    const whole = new Uint8Array(lengthOf(pieces));
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }

  #append(piece: Uint8Array): void {
    if (piece.length < large) this.writer.raw(piece);
    else this.#before.push(this.writer.finish(), piece);
  }

  #all(): readonly Uint8Array[] {
    this.#before.push(this.writer.finish());
    return this.#before;
  }
}

const lengthOf = (pieces: readonly Uint8Array[]): number => pieces.reduce((total, { length }) => total + length, 0);
