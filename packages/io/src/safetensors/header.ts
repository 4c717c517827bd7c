import { quote } from "@nn/tensor/extend";
import { elementSizes, type SafetensorsDType, type TensorEntry } from "./element-types.js";
import { JsonError, parseJson, type JsonNode } from "./json.js";
import type { CheckpointLimits } from "../checkpoint/limits.js";
import { SafetensorsError } from "./safetensors-error.js";

/** The content of a header. */
export interface Header {
  /** The tensors, in the order of their bytes. */
  readonly entries: readonly TensorEntry[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Bytes of the field that holds the length of the header. */
export const lengthFieldSize = 8;

/**
 * The length of the header, from the first bytes of a file.
 * @throws SafetensorsError if the file is too short or the length is impossible.
 */
export function headerLength(start: Uint8Array, fileLength: number, source: string, { maxHeaderBytes }: Required<CheckpointLimits>): number {
  if (fileLength < lengthFieldSize) {
    const found = fileLength === 0 ? "the file is empty" : `the file has only ${fileLength} bytes`;
    throw new SafetensorsError(source, `${found}; a safetensors file begins with 8 bytes that tell the length of its header`);
  }
  const length = new DataView(start.buffer, start.byteOffset, lengthFieldSize).getBigUint64(0, true);
  if (length > BigInt(maxHeaderBytes)) {
    throw new SafetensorsError(source, `the header is said to have ${length} bytes, expected at most ${maxHeaderBytes} (maxHeaderBytes); this is not a safetensors file`, 0);
  }
  if (lengthFieldSize + Number(length) > fileLength) {
    throw new SafetensorsError(source, `the header is said to have ${length} bytes, but only ${fileLength - lengthFieldSize} follow; the file is cut off, or is not a safetensors file`, 0);
  }
  return Number(length);
}

/**
 * Reads a header and checks that the tensors cover the data without gaps and overlaps.
 * @throws SafetensorsError that names the byte at which it violates the format.
 */
export function parseHeader(bytes: Uint8Array, fileLength: number, source: string, { maxRank }: Required<CheckpointLimits>): Header {
  const dataStart = lengthFieldSize + bytes.length;
  const text = decode(bytes, source);
  const fail: Fail = (message, at) => new SafetensorsError(source, message, lengthFieldSize + new TextEncoder().encode(text.slice(0, at)).length);
  if (!text.startsWith("{")) throw fail(`the header begins with ${text === "" ? "nothing" : quote(text.charAt(0))}, expected "{"`, 0);
  const root = parse(text, fail, Math.max(2, maxRank));
  const entries: TensorEntry[] = [];
  let metadata: Readonly<Record<string, string>> = {};
  for (const [name, node] of root) {
    if (name === "__metadata__") metadata = readMetadata(node, fail);
    else entries.push(readEntry(name, node, dataStart, fileLength, fail, maxRank));
  }
  entries.sort((a, b) => a.start - b.start || a.end - b.end);
  requireCoverage(entries, dataStart, fileLength, source);
  return { entries, metadata };
}

/** Makes the error at a character of the header. */
type Fail = (message: string, at: number) => SafetensorsError;

function decode(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new SafetensorsError(source, "the header is not UTF-8", lengthFieldSize, { cause });
  }
}

function parse(text: string, fail: Fail, longestList: number): ReadonlyMap<string, JsonNode> {
  try {
    const root = parseJson(text, longestList);
    if (root.kind === "object") return root.entries;
    throw new JsonError(`found ${root.kind}, expected an object`, root.at);
  } catch (error) {
    if (error instanceof JsonError) throw fail(`the header is invalid: ${error.message}`, error.at);
    throw error;
  }
}

function readMetadata(node: JsonNode, fail: Fail): Readonly<Record<string, string>> {
  if (node.kind !== "object") throw fail('"__metadata__" is not an object', node.at);
  const texts = Array.from(node.entries, ([key, value]) => {
    if (value.kind !== "string") throw fail(`the value of ${quote(key)} in "__metadata__" is not a string`, value.at);
    return [key, value.value] as const;
  });
  return Object.fromEntries(texts);
}

function readEntry(name: string, node: JsonNode, dataStart: number, fileLength: number, fail: Fail, maxRank: number): TensorEntry {
  const tensor = `tensor ${quote(name)}`;
  if (node.kind !== "object") throw fail(`${tensor} is not an object with dtype, shape and data_offsets`, node.at);
  const field = (key: string): JsonNode => {
    const value = node.entries.get(key);
    if (value === undefined) throw fail(`${tensor} has no ${key}`, node.at);
    return value;
  };
  for (const [key, value] of node.entries) {
    if (key !== "dtype" && key !== "shape" && key !== "data_offsets") throw fail(`${tensor} has ${quote(key)}, which is not part of the format; expected dtype, shape and data_offsets`, value.at);
  }
  const dtype = readDType(tensor, field("dtype"), fail);
  const shape = readSizes(`the shape of ${tensor}`, field("shape"), fail);
  if (shape.length > maxRank) throw fail(`${tensor} has ${shape.length} axes, expected at most ${maxRank} (maxRank)`, field("shape").at);
  const offsets = field("data_offsets");
  const [begin, end, ...rest] = readSizes(`data_offsets of ${tensor}`, offsets, fail);
  if (begin === undefined || end === undefined || rest.length > 0) throw fail(`data_offsets of ${tensor} are not a pair`, offsets.at);
  if (begin > end) throw fail(`data_offsets of ${tensor} begin at ${begin}, after their end, ${end}`, offsets.at);
  const dataLength = fileLength - dataStart;
  if (end > dataLength) throw fail(`data_offsets of ${tensor} end at ${end}, but the file has ${dataLength} bytes of data; it may be cut off`, offsets.at);
  const needed = bytesOf(shape, elementSizes[dtype]);
  if (needed !== BigInt(end - begin)) {
    throw fail(`${tensor} needs ${needed} bytes for ${dtype} [${shape.join(", ")}], but data_offsets span ${end - begin}`, offsets.at);
  }
  return { name, dtype, shape, start: dataStart + begin, end: dataStart + end };
}

/** The number of bytes, as a bigint because the product may exceed the exact range of numbers. It stops far beyond the size of any file. */
function bytesOf(shape: readonly number[], elementSize: number): bigint {
  if (shape.includes(0)) return 0n;
  let bytes = BigInt(elementSize);
  for (const size of shape) {
    bytes *= BigInt(size);
    if (bytes > 2n ** 200n) break;
  }
  return bytes;
}

function readDType(tensor: string, node: JsonNode, fail: Fail): SafetensorsDType {
  const found = node.kind === "string" ? dtypes.find((dtype) => dtype === node.value) : undefined;
  if (found !== undefined) return found;
  throw fail(`the dtype of ${tensor} is ${node.kind === "string" ? quote(node.value) : "no string"}, expected ${dtypes.join(", ")}`, node.at);
}

const dtypes = Object.keys(elementSizes) as readonly SafetensorsDType[];

function readSizes(what: string, node: JsonNode, fail: Fail): number[] {
  if (node.kind !== "array") throw fail(`${what} is not a list`, node.at);
  return node.items.map((item) => {
    const isSize = item.kind === "number" && /^\d+$/.test(item.text) && Number.isSafeInteger(Number(item.text));
    if (!isSize) throw fail(`${what} has ${item.kind === "number" ? item.text : item.kind}, expected whole numbers from 0 to 2^53 - 1`, item.at);
    return Number(item.text);
  });
}

function requireCoverage(entries: readonly TensorEntry[], dataStart: number, fileLength: number, source: string): void {
  let covered = dataStart;
  let before = "the header";
  for (const { name, start, end } of entries) {
    const tensor = `tensor ${quote(name)}`;
    if (start < covered) throw new SafetensorsError(source, `${tensor} overlaps ${before}, which ends at byte ${covered}`, start);
    if (start > covered) throw new SafetensorsError(source, `${start - covered} bytes between ${before} and ${tensor} belong to no tensor`, covered);
    covered = end;
    before = tensor;
  }
  if (covered < fileLength) throw new SafetensorsError(source, `${fileLength - covered} bytes after ${before} belong to no tensor`, covered);
}
