/** Reads the code of a module with one function (WebAssembly Core Specification 2.0, 5). */
export class WasmReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;
  #end: number;

  constructor(module: Uint8Array) {
    this.#bytes = module;
    this.#view = new DataView(module.buffer, module.byteOffset, module.byteLength);
    this.#end = module.length;
  }

  /** Goes to the first instruction of the function. From then on the end is that of the function, without its last instruction, `end`. */
  enterFunction(): void {
    const headerBytes = 8;
    const codeSection = 10;
    this.#position = headerBytes;
    while (this.byte() !== codeSection) this.#skip(this.u32());
    this.u32();
    this.u32();
    const bytes = this.u32();
    this.#end = this.#position + bytes - 1;
    for (let groups = this.u32(); groups > 0; groups--) {
      this.u32();
      this.#skip(1);
    }
  }

  get atEnd(): boolean {
    return this.#position >= this.#end;
  }

  byte(): number {
    const value = this.#bytes[this.#position++];
    if (value === undefined) throw new RangeError("the module ends too early");
    return value;
  }

  /** A whole number without a sign, in LEB128. */
  u32(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  /** A whole number with a sign, in LEB128. */
  s32(): number {
    let value = 0;
    for (let shift = 0; ; ) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      shift += 7;
      if (byte < 0x80) return shift < 32 && (byte & 0x40) !== 0 ? value | (-1 << shift) : value;
    }
  }

  /** A whole number of 64 bits with a sign, in LEB128. */
  s64(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(Math.min(64, Number(shift) + 7), value);
    }
  }

  f32(): number {
    const value = this.#view.getFloat32(this.#position, true);
    this.#skip(4);
    return value;
  }

  f64(): number {
    const value = this.#view.getFloat64(this.#position, true);
    this.#skip(8);
    return value;
  }

  bytes(count: number): Uint8Array {
    this.#skip(count);
    return this.#bytes.subarray(this.#position - count, this.#position);
  }

  #skip(bytes: number): void {
    this.#position += bytes;
  }
}
