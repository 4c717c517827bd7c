import { ArgumentError, type DType, type Tensor } from "@nn/tensor";
import { describeValue, quote, requireOptions, requireTensor, type OptionKinds } from "@nn/tensor/extend";
import { toLittleEndian } from "@nn/files";
import { checksumKey, noChecksum, putChecksum } from "./checksum.js";
import { elementSizes, type SafetensorsDType } from "./element-types.js";
import { lengthFieldSize } from "./header.js";
import { SafetensorsError } from "./safetensors-error.js";

const types: { readonly [D in DType]: SafetensorsDType } = { bool: "BOOL", int32: "I32", float32: "F32", float64: "F64" };

/** Options of {@link writeSafetensors} and {@link saveSafetensors}. */
export interface WriteOptions {
  /** Whether to add `checksum` to the metadata: the CRC-32 of every byte, which {@link hasValidChecksum} checks. Default false. */
  readonly checksum?: boolean | undefined;
}

const writeOptions: OptionKinds<WriteOptions> = { checksum: "boolean" };

interface Part {
  readonly name: string;
  readonly tensor: Tensor;
  readonly type: SafetensorsDType;
}

/**
 * The bytes of a safetensors file with these tensors, such as a module's `stateDict()`, and metadata texts. The same tensors give the same bytes, in
 * any order: tensors are sorted by the size of their elements, the largest first, so that all are aligned, then by name.
 * @throws SafetensorsError if a name or a text cannot be written in UTF-8, a text is not a string, or a tensor is called `__metadata__`.
 * @throws ArgumentError for `checksum: true` if the metadata have a `checksum` already.
 */
export function writeSafetensors(tensors: Readonly<Record<string, Tensor>>, metadata: Readonly<Record<string, string>> = {}, options: WriteOptions = {}): Uint8Array {
  return encodeSafetensors("writeSafetensors", tensors, metadata, options);
}

/** {@link writeSafetensors} in the name of another function. */
export function encodeSafetensors(operation: string, tensors: Readonly<Record<string, Tensor>>, metadata: Readonly<Record<string, string>>, options: WriteOptions): Uint8Array {
  requireTensors(operation, tensors);
  requireRecord(operation, "metadata", metadata);
  requireOptions(operation, options, writeOptions);
  if (options.checksum !== true) return encode(operation, tensors, metadata);
  if (Object.hasOwn(metadata, checksumKey)) throw new ArgumentError(`${operation}: the metadata have "${checksumKey}" already, where the checksum goes; give that text another name`);
  const bytes = encode(operation, tensors, { ...metadata, [checksumKey]: noChecksum });
  putChecksum(bytes);
  return bytes;
}

function encode(operation: string, tensors: Readonly<Record<string, Tensor>>, metadata: Readonly<Record<string, string>>): Uint8Array {
  const parts = Object.entries(tensors).map(([name, tensor]): Part => {
    if (name === "__metadata__") throw new SafetensorsError(operation, 'a tensor cannot be called "__metadata__", which is the key of the metadata');
    requireText(operation, name, "the name of a tensor");
    return { name, tensor, type: types[tensor.dtype] };
  });
  parts.sort((a, b) => elementSizes[b.type] - elementSizes[a.type] || (a.name < b.name ? -1 : 1));
  const header = encodeHeader(operation, parts, metadata);
  const bytes = new Uint8Array(header.length + parts.reduce((sum, { tensor, type }) => sum + tensor.size * elementSizes[type], 0));
  bytes.set(header);
  let at = header.length;
  for (const { tensor } of parts) {
    const data = toLittleEndian(tensor.data(operation));
    bytes.set(data, at);
    at += data.length;
  }
  return bytes;
}

/** Length and header, with spaces up to a multiple of 8 bytes. */
function encodeHeader(operation: string, parts: readonly Part[], metadata: Readonly<Record<string, string>>): Uint8Array {
  const texts = Object.entries(metadata).toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const [key, value] of texts) {
    requireText(operation, key, "a key of the metadata");
    requireText(operation, value, `the value of ${quote(key)} in the metadata`);
  }
  // Put together by hand: an object would bring keys that look like numbers to the front.
  const entries = texts.length === 0 ? [] : [`"__metadata__":{${texts.map((pair) => pair.map((text) => JSON.stringify(text)).join(":")).join(",")}}`];
  let end = 0;
  for (const { name, tensor, type } of parts) {
    const start = end;
    end += tensor.size * elementSizes[type];
    entries.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype: type, shape: tensor.shape, data_offsets: [start, end] })}`);
  }
  const text = new TextEncoder().encode(`{${entries.join(",")}}`);
  const length = Math.ceil(text.length / 8) * 8;
  const header = new Uint8Array(lengthFieldSize + length).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(text, lengthFieldSize);
  return header;
}

/** Half of a pair of UTF-16 code units has no form in UTF-8. */
const loneSurrogate = /\p{Surrogate}/u;

function requireText(operation: string, text: unknown, what: string): void {
  if (typeof text !== "string") throw new SafetensorsError(operation, `${what} is ${describeValue(text)}, expected a string`);
  if (loneSurrogate.test(text)) throw new SafetensorsError(operation, `${what}, ${quote(text)}, has half of a surrogate pair, which UTF-8 cannot write`);
}

/** @throws ArgumentError unless it is an object of tensors by name. */
export function requireTensors(operation: string, tensors: Readonly<Record<string, Tensor>>): void {
  requireRecord(operation, "tensors", tensors);
  for (const [name, tensor] of Object.entries(tensors)) requireTensor(operation, tensor, `tensor ${quote(name)}`);
}

function requireRecord(operation: string, what: string, value: unknown): void {
  const prototype: unknown = typeof value === "object" && value !== null ? Object.getPrototypeOf(value) : undefined;
  if (prototype === Object.prototype || prototype === null) return;
  throw new ArgumentError(`${operation}: ${what} are ${describeValue(value)}, expected an object with ${what === "tensors" ? "tensors" : "texts"} by their names`);
}
