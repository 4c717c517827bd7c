// A reader of TensorBoard's event files, written from the descriptions of TFRecord (https://www.tensorflow.org/tutorials/load_data/tfrecord), of the
// wire format (https://protobuf.dev/programming-guides/encoding/) and of event.proto and summary.proto. It shares nothing with the writer.

export interface Field {
  readonly number: number;
  readonly value: bigint | Uint8Array;
}

/** The check of each bit, without a table. */
function crc32c(bytes: Uint8Array): number {
  let rest = 0xffffffffn;
  for (const byte of bytes) {
    rest ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) rest = rest & 1n ? (rest >> 1n) ^ 0x82f63b78n : rest >> 1n;
  }
  return Number(rest ^ 0xffffffffn);
}

function masked(bytes: Uint8Array): number {
  const crc = BigInt(crc32c(bytes));
  return Number((((crc >> 15n) | (crc << 17n)) + 0xa282ead8n) & 0xffffffffn);
}

/** The entries of a TFRecord file. */
export function readFrames(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const frames: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(view.getBigUint64(at, true));
    if (view.getUint32(at + 8, true) !== masked(bytes.subarray(at, at + 8))) throw new Error(`byte ${at}: the check of the length is wrong`);
    const data = bytes.subarray(at + 12, at + 12 + length);
    if (view.getUint32(at + 12 + length, true) !== masked(data)) throw new Error(`byte ${at}: the check of the data is wrong`);
    frames.push(data);
    at += length + 16;
  }
  return frames;
}

/** The fields of a message, in order. */
export function readFields(bytes: Uint8Array): Field[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error("a varint is cut");
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const number = tag >> 3;
    switch (tag & 7) {
      case 0: fields.push({ number, value: varint() }); break;
      case 1: fields.push({ number, value: view.getBigUint64(at, true) }); at += 8; break;
      case 2: { const length = Number(varint()); fields.push({ number, value: bytes.subarray(at, at + length) }); at += length; break; }
      case 5: fields.push({ number, value: BigInt(view.getUint32(at, true)) }); at += 4; break;
      default: throw new Error(`wire type ${tag & 7}`);
    }
    if (at > bytes.length) throw new Error("a field is cut");
  }
  return fields;
}

const bytesOf = (value: bigint | Uint8Array | undefined): Uint8Array => { if (!(value instanceof Uint8Array)) throw new Error("no bytes"); return value; };
const bitsOf = (value: bigint | Uint8Array | undefined): bigint => { if (typeof value !== "bigint") throw new Error("no number"); return value; };
const text = (value: bigint | Uint8Array): string => new TextDecoder("utf-8", { fatal: true }).decode(bytesOf(value));
const scratch = new DataView(new ArrayBuffer(8));
const float = (value: bigint | Uint8Array): number => { scratch.setUint32(0, Number(bitsOf(value))); return scratch.getFloat32(0); };
const double = (value: bigint | Uint8Array): number => { scratch.setBigUint64(0, bitsOf(value)); return scratch.getFloat64(0); };
const packed = (value: bigint | Uint8Array): number[] => {
  const bytes = bytesOf(value);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / 8 }, (_, at) => view.getFloat64(at * 8, true));
};

type Readers = Readonly<Record<number, readonly [name: string, read: (value: bigint | Uint8Array) => unknown]>>;

function message(readers: Readers): (value: bigint | Uint8Array) => Record<string, unknown> {
  return (value) => Object.fromEntries(readFields(bytesOf(value)).map((field) => {
    const reader = readers[field.number];
    if (reader === undefined) throw new Error(`an unknown field ${field.number}`);
    return [reader[0], reader[1](field.value)];
  }));
}

const image = message({ 1: ["height", Number], 2: ["width", Number], 3: ["colorspace", Number], 4: ["png", bytesOf] });
const histo = message({ 1: ["min", double], 2: ["max", double], 3: ["num", double], 4: ["sum", double], 5: ["sumSquares", double], 6: ["limits", packed], 7: ["counts", packed] });
const value = message({ 1: ["tag", text], 2: ["simpleValue", float], 4: ["image", image], 5: ["histo", histo] });
const summary = (bytes: bigint | Uint8Array): unknown[] => readFields(bytesOf(bytes)).map((field) => value(field.value));
const sessionLog = message({ 1: ["status", Number] });

/** The events of a file, with the names of TensorFlow's fields. */
export function readEvents(bytes: Uint8Array): Record<string, unknown>[] {
  const event = message({ 1: ["wallTime", double], 2: ["step", Number], 3: ["fileVersion", text], 5: ["summary", summary], 7: ["sessionLog", sessionLog] });
  return readFrames(bytes).map(event);
}
