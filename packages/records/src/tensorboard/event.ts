import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { fromBase64 } from "../summaries/base64.js";
import type { HistogramRecord, PngImage, RunRecord } from "../run-record.js";

// The messages `Event`, `Summary`, `HistogramProto` and `SessionLog` of TensorFlow (tensorflow/core/util/event.proto, framework/summary.proto), with
// their field numbers.

const inner = (writer: BinaryWriter, field: number): BinaryWriter => writer.tag(field, WireType.LengthDelimited).fork();

/** The first event of a file. */
export function versionEvent(time: number): Uint8Array {
  return new BinaryWriter().tag(1, WireType.Bit64).double(time / 1000).tag(3, WireType.LengthDelimited).string("brain.Event:2").finish();
}

/** The event that makes TensorBoard discard the values of this step and later ones in earlier files of the run. */
export function restartEvent(step: number, time: number): Uint8Array {
  const started = 1;
  return inner(beginning(step, time), 7).tag(1, WireType.Varint).int32(started).join().finish();
}

/** The event of a record; `undefined` for kinds of records that TensorBoard has no summary for. */
export function summaryEvent(record: RunRecord): Uint8Array | undefined {
  const write = valuesOf(record);
  if (write.length === 0) return undefined;
  const writer = inner(beginning(record.step, record.time), 5);
  for (const value of write) {
    inner(writer, 1);
    value(writer);
    writer.join();
  }
  return writer.join().finish();
}

function beginning(step: number, time: number): BinaryWriter {
  return new BinaryWriter().tag(1, WireType.Bit64).double(time / 1000).tag(2, WireType.Varint).int64(step);
}

/** The values of a summary, each with its tag. */
function valuesOf(record: RunRecord): ((writer: BinaryWriter) => void)[] {
  switch (record.type) {
    case "scalars":
      return Object.entries(record.values).map(([name, value]) => (writer) => tagged(writer, name).tag(2, WireType.Bit32).float(float32(value)));
    case "histogram":
      return [(writer) => histogram(inner(tagged(writer, record.name), 5), record).join()];
    case "images":
      return record.images.map((image, at) => (writer) => png(inner(tagged(writer, record.images.length === 1 ? record.name : `${record.name}/${at}`), 4), image).join());
    case "confusion":
    case "text":
    case "status":
    case "settings":
    case "program":
      return [];
  }
}

/** TensorBoard groups tags by the part before a slash. Names here are grouped by dots, so `training.loss` becomes `training/loss`. */
function tagged(writer: BinaryWriter, name: string): BinaryWriter {
  return writer.tag(1, WireType.LengthDelimited).string(name.includes("/") ? name : name.replaceAll(".", "/"));
}

/** The nearest float32, ±∞ beyond its range: the writer refuses larger numbers. */
function float32(value: number): number {
  return Math.fround(value);
}

function histogram(writer: BinaryWriter, { edges, counts, mean, deviation }: HistogramRecord): BinaryWriter {
  const total = counts.reduce((sum, each) => sum + each, 0);
  const fields = [edges[0] ?? 0, edges.at(-1) ?? 0, total, mean * total, total * (mean ** 2 + deviation ** 2)];
  for (const [at, value] of fields.entries()) writer.tag(at + 1, WireType.Bit64).double(value);
  doubles(writer, 6, edges.slice(1));
  doubles(writer, 7, counts);
  return writer;
}

/** A repeated, packed field. */
function doubles(writer: BinaryWriter, field: number, values: readonly number[]): void {
  inner(writer, field);
  for (const value of values) writer.double(value);
  writer.join();
}

function png(writer: BinaryWriter, { width, height, png: base64 }: PngImage): BinaryWriter {
  const bytes = fromBase64(base64);
  return writer.tag(1, WireType.Varint).int32(height).tag(2, WireType.Varint).int32(width).tag(3, WireType.Varint).int32(channelsOf(bytes)).tag(4, WireType.LengthDelimited).bytes(bytes);
}

/** The number of channels that a PNG file's colour type has (https://www.w3.org/TR/png-3/#11IHDR); a palette is of RGB. */
function channelsOf(bytes: Uint8Array): number {
  const colourType = bytes[25] ?? 0;
  return ({ 0: 1, 2: 3, 3: 3, 4: 2, 6: 4 } as Readonly<Record<number, number>>)[colourType] ?? 3;
}
