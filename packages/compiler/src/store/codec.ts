const utf8 = /* @__PURE__ */ new TextEncoder();
const fromUtf8 = /* @__PURE__ */ new TextDecoder();

/** Bytes that are written one after another. */
class Writer {
  #bytes = new Uint8Array(1 << 16);
  #length = 0;

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  bytes(values: Uint8Array): void {
    this.#reserve(values.length);
    this.#bytes.set(values, this.#length);
    this.#length += values.length;
  }

  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const grown = new Uint8Array(2 * (this.#length + count));
    grown.set(this.written);
    this.#bytes = grown;
  }
}

/** Bytes that are read one after another. @throws RangeError beyond their end. */
class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new RangeError("the bytes end too early");
    return byte;
  }

  bytes(count: number): Uint8Array {
    this.#at += count;
    if (this.#at > this.#bytes.length) throw new RangeError("the bytes end too early");
    return this.#bytes.slice(this.#at - count, this.#at);
  }
}

/** How values are written as bytes, and read again. */
export interface Codec<T> {
  write(out: Writer, value: T): void;
  read(from: Reader): T;
}

/** Whole numbers from 0 to 2^32 − 1, seven bits in a byte (unsigned LEB128). */
export const u32: Codec<number> = {
  write(out, value) {
    let rest = value;
    while (rest > 0x7f) {
      out.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.byte(rest);
  },
  read(from) {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = from.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  },
};

export const bytes: Codec<Uint8Array> = {
  write(out, value) {
    u32.write(out, value.length);
    out.bytes(value);
  },
  read: (from) => from.bytes(u32.read(from)),
};

export const text: Codec<string> = {
  write: (out, value) => bytes.write(out, utf8.encode(value)),
  read: (from) => fromUtf8.decode(bytes.read(from)),
};

export const listOf = <T>(item: Codec<T>): Codec<readonly T[]> => ({
  write(out, values) {
    u32.write(out, values.length);
    for (const value of values) item.write(out, value);
  },
  read: (from) => Array.from({ length: u32.read(from) }, () => item.read(from)),
});

/** Records, field by field in the order of the table, which lists every field of the type. */
export const recordOf = <T extends object>(fields: { readonly [F in keyof T]-?: Codec<T[F]> }): Codec<T> => {
  const names = Object.keys(fields) as (keyof T)[];
  return {
    write(out, value) {
      for (const name of names) fields[name].write(out, value[name]);
    },
    read: (from) => Object.fromEntries(names.map((name) => [name, fields[name].read(from)])) as T,
  };
};

/** A value as bytes. */
export function encoded<T>(codec: Codec<T>, value: T): Uint8Array {
  const out = new Writer();
  codec.write(out, value);
  return out.written;
}

/** The value that bytes begin with. @throws RangeError if they end too early. */
export function decoded<T>(codec: Codec<T>, from: Uint8Array): T {
  return codec.read(new Reader(from));
}
