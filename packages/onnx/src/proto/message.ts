import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { Pieces } from "./pieces.js";

/** How values of one type of protobuf are read as `R`, and written from `W`. */
export interface FieldType<R, W = R> {
  readonly wire: WireType;
  read(reader: BinaryReader): R;
  write(pieces: Pieces, value: W): void;
}

/** A field of a message: its number, its type, and whether it is a list. */
export interface Field<R = unknown, W = unknown, IsList extends boolean = boolean> {
  readonly id: number;
  readonly type: FieldType<R, W>;
  readonly isList: IsList;
}

/** The fields of a message by name. */
export type Fields = Readonly<Record<string, Field>>;

/** A message that has been read: a list for each repeated field, empty if it is missing, and a value or `undefined` for each other field. */
export type MessageOf<F extends Fields> = {
  readonly [Name in keyof F]: F[Name] extends Field<infer R, infer _, infer IsList> ? (IsList extends true ? readonly R[] : R | undefined) : never;
};

/** A message to write; what is left out is not written. */
export type DraftOf<F extends Fields> = {
  readonly [Name in keyof F]?: F[Name] extends Field<infer _, infer W, infer IsList> ? (IsList extends true ? readonly W[] : W) | undefined : never;
};

/** A message type, for fields of other messages and for whole files. */
export interface MessageType<F extends Fields> extends FieldType<MessageOf<F>, DraftOf<F>> {
  decode(bytes: Uint8Array): MessageOf<F>;
  encode(message: DraftOf<F>): Uint8Array;
}

const scalar = <T>(wire: WireType, read: (reader: BinaryReader) => T, write: (pieces: Pieces, value: T) => unknown): FieldType<T> => ({ wire, read, write });

export const int32 = scalar<number>(WireType.Varint, (reader) => reader.int32(), ({ writer }, value) => writer.int32(value));
export const int64 = scalar<bigint>(WireType.Varint, (reader) => BigInt(reader.int64()), ({ writer }, value) => writer.int64(value));
export const uint64 = scalar<bigint>(WireType.Varint, (reader) => BigInt(reader.uint64()), ({ writer }, value) => writer.uint64(value));
export const float = scalar<number>(WireType.Bit32, (reader) => reader.float(), ({ writer }, value) => writer.float(value));
export const double = scalar<number>(WireType.Bit64, (reader) => reader.double(), ({ writer }, value) => writer.double(value));
export const string = scalar<string>(WireType.LengthDelimited, (reader) => reader.string(true), ({ writer }, value) => writer.string(value));
/** Bytes of the file itself, not a copy. */
export const bytes = scalar<Uint8Array>(WireType.LengthDelimited, (reader) => reader.bytes(), (pieces, value) => pieces.bytes(value));

/** A field with one value. */
export const one = <R, W>(id: number, type: FieldType<R, W>): Field<R, W, false> => ({ id, type, isList: false });
/** A field with a list of values. */
export const list = <R, W>(id: number, type: FieldType<R, W>): Field<R, W, true> => ({ id, type, isList: true });

/** The message type with these fields. Fields that the table does not know are skipped when read. */
export function message<F extends Fields>(fields: F): MessageType<F> {
  const entries = Object.entries(fields) as readonly (readonly [string, Field])[];
  const byId = new Map(entries.map(([name, field]) => [field.id, [name, field] as const]));
  const nothing = Object.fromEntries(entries.map(([name, { isList }]) => [name, isList ? none : undefined]));

  const decode = (content: Uint8Array): MessageOf<F> => {
    const reader = new BinaryReader(content);
    const values: Record<string, unknown> = { ...nothing };
    while (reader.pos < reader.len) {
      const [id, wire] = reader.tag();
      const [name, field] = byId.get(id) ?? [];
      if (name === undefined || field === undefined) reader.skip(wire, id);
      else values[name] = field.isList ? readList(reader, field.type, wire, name, values[name] as readonly unknown[]) : readOne(reader, field.type, wire, name);
    }
    requireWhole(reader);
    return values as MessageOf<F>;
  };
  const written = (value: DraftOf<F>): Pieces => {
    const pieces = new Pieces();
    for (const [name, field] of entries) writeField(pieces, field, value[name]);
    return pieces;
  };
  return {
    wire: WireType.LengthDelimited,
    decode,
    encode: (value) => written(value).joined(),
    read: (reader) => decode(reader.bytes()),
    write: (pieces, value) => pieces.message(written(value)),
  };
}

function requireWhole({ pos, len }: BinaryReader): void {
  if (pos > len) throw new RangeError("a value ends beyond its message");
}

/** The list of a repeated field that a message does not have. */
const none: readonly never[] = Object.freeze([]);

function readOne(reader: BinaryReader, type: FieldType<unknown>, wire: WireType, name: string): unknown {
  if (wire !== type.wire) throw new TypeError(`the field ${name} has wire type ${wire}, expected ${type.wire}`);
  return type.read(reader);
}

/** Appends to a list: one value, or for numbers, packed ones. */
function readList(reader: BinaryReader, type: FieldType<unknown>, wire: WireType, name: string, before: readonly unknown[]): readonly unknown[] {
  const values = before === none ? [] : (before as unknown[]);
  if (wire === type.wire || wire !== WireType.LengthDelimited) values.push(readOne(reader, type, wire, name));
  else {
    const packed = new BinaryReader(reader.bytes());
    while (packed.pos < packed.len) values.push(type.read(packed));
    requireWhole(packed);
  }
  return values;
}

function writeField(pieces: Pieces, { id, type, isList }: Field, value: unknown): void {
  if (value === undefined) return;
  const values = isList ? (value as readonly unknown[]) : [value];
  if (isList && type.wire !== WireType.LengthDelimited) {
    if (values.length > 0) writePacked(pieces, id, type, values);
    return;
  }
  for (const each of values) {
    pieces.writer.tag(id, type.wire);
    type.write(pieces, each);
  }
}

/** A list of numbers, one after another. */
function writePacked(pieces: Pieces, id: number, type: FieldType<unknown>, values: readonly unknown[]): void {
  const packed = new Pieces();
  for (const each of values) type.write(packed, each);
  pieces.writer.tag(id, WireType.LengthDelimited);
  pieces.message(packed);
}
