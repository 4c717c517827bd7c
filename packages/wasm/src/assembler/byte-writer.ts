const scratch = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(8));
const utf8 = /* @__PURE__ */ new TextEncoder();

/** A growing buffer of bytes, with the number encodings of the WebAssembly binary format (Core Specification, §5.2). */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** Removes all bytes and keeps the memory. */
  clear(): void {
    this.#length = 0;
  }

  /** Appends one byte. */
  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** Unsigned LEB128 of an integer in 0 .. 2^32-1. */
  u32(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  /** Signed LEB128 of the low 32 bits of `value`. */
  s32(value: number): void {
    let rest = value | 0;
    while (rest > 63 || rest < -64) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    this.byte(rest & 0x7f);
  }

  /** Signed LEB128 of the low 64 bits of `value`. */
  s64(value: bigint): void {
    let rest = BigInt.asIntN(64, value);
    while (rest > 63n || rest < -64n) {
      this.byte(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.byte(Number(rest & 0x7fn));
  }

  /** Four bytes of an IEEE 754 float32, little-endian. */
  f32(value: number): void {
    scratch.setFloat32(0, value, true);
    this.#copyScratch(4);
  }

  /** Eight bytes of an IEEE 754 float64, little-endian. */
  f64(value: number): void {
    scratch.setFloat64(0, value, true);
    this.#copyScratch(8);
  }

  /** Appends bytes unchanged. */
  bytes(values: ArrayLike<number>): void {
    this.#reserve(values.length);
    this.#bytes.set(values, this.#length);
    this.#length += values.length;
  }

  /** A name: its length in UTF-8 bytes, then these bytes. */
  text(value: string): void {
    const encoded = utf8.encode(value);
    this.u32(encoded.length);
    this.bytes(encoded);
  }

  /** Appends all bytes of `other`. */
  append(other: ByteWriter): void {
    this.bytes(other.#bytes.subarray(0, other.#length));
  }

  /** A copy of the bytes. */
  toBytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #copyScratch(count: number): void {
    for (let at = 0; at < count; at++) this.byte(scratch.getUint8(at));
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
