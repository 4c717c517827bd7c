import { parquetSchema, type FileMetaData, type SchemaElement, type SchemaTree } from "hyparquet";

/** What the values of a column of a Parquet file are. */
export type ParquetKind =
  /** Numbers, and times of day as seconds. */
  | "numeric"
  /** Texts, booleans, dates and points in time. */
  | "categorical"
  /** Bytes, such as images. */
  | "bytes"
  /** Lists, maps, and what has no value in JavaScript: in records only. */
  | "nested";

/** A column of a Parquet file. */
export interface ParquetColumn {
  /** Its name; a value of a structure has the path, such as `user.age`. */
  readonly name: string;
  readonly kind: ParquetKind;
  /** How it is stored, such as `INT64` or `BYTE_ARRAY (UTF8)`. */
  readonly storage: string;
}

/** A column with what reading it needs. */
export interface StoredColumn extends ParquetColumn {
  readonly path: readonly string[];
  readonly element: SchemaElement;
}

/** The columns of a file: those of structures one by one, lists and maps as a whole. */
export function storedColumns(metadata: FileMetaData): StoredColumn[] {
  return parquetSchema(metadata).children.flatMap((child) => leavesOf(child));
}

function leavesOf(node: SchemaTree): StoredColumn[] {
  const { element, children, path } = node;
  const isWhole = children.length === 0 || element.repetition_type === "REPEATED" || isAmong(wholeAnnotations, element);
  if (!isWhole) return children.flatMap((child) => leavesOf(child));
  const annotation = element.logical_type?.type ?? element.converted_type;
  const storage = element.type === undefined ? (annotation ?? "group") : `${element.type}${annotation === undefined ? "" : ` (${annotation})`}`;
  return [{ name: path.join("."), kind: children.length > 0 || element.repetition_type === "REPEATED" ? "nested" : kindOf(element), storage, path, element }];
}

const wholeAnnotations: ReadonlySet<string> = new Set(["LIST", "MAP", "MAP_KEY_VALUE", "VARIANT"]);
const numericTypes: ReadonlySet<string | undefined> = new Set(["INT32", "INT64", "FLOAT", "DOUBLE"]);
const textAnnotations: ReadonlySet<string> = new Set(["UTF8", "STRING", "ENUM", "JSON", "UUID", "DATE", "TIMESTAMP", "TIMESTAMP_MILLIS", "TIMESTAMP_MICROS"]);
const otherAnnotations: ReadonlySet<string> = new Set(["BSON", "INTERVAL", "GEOMETRY", "GEOGRAPHY", "FILE", "VARIANT"]);

function kindOf(element: SchemaElement): ParquetKind {
  const { type, converted_type: converted, logical_type: logical } = element;
  if (isAmong(otherAnnotations, element)) return "nested";
  if (type === "BOOLEAN" || type === "INT96" || isAmong(textAnnotations, element)) return "categorical";
  if (converted === "DECIMAL" || logical?.type === "FLOAT16") return "numeric";
  // The reader does not apply the scale of a decimal number that only the newer annotation declares.
  if (logical?.type === "DECIMAL") return "nested";
  return numericTypes.has(type) ? "numeric" : "bytes";
}

function isAmong(annotations: ReadonlySet<string>, { converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  return (converted !== undefined && annotations.has(converted)) || (logical !== undefined && annotations.has(logical.type));
}
