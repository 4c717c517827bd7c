import { quote } from "@nn/tensor/extend";
import { inflateSync } from "fflate";
import { CheckpointError } from "../checkpoint/checkpoint-error.js";
import { readRange, type ByteSource } from "../source/byte-source.js";
import { crc32 } from "../crc32.js";
import type { ZipMember } from "./directory.js";

const localSignature = 0x04034b50;
const localSize = 30;
/** No deflated data becomes larger than this many times its size, apart from a few bytes. */
const largestRatio = 1032;

/**
 * The content of a member, checked by its checksum.
 * @param limit - the most bytes that it may have.
 * @throws CheckpointError if it is encrypted, damaged, larger, or compressed in another way than by deflate.
 */
export async function readMember(source: ByteSource, member: ZipMember, limit: number): Promise<Uint8Array> {
  const { name, method, encrypted, compressedSize, size, crc } = member;
  const what = `the member ${quote(name)} of the zip archive`;
  const fail = (message: string, cause?: unknown): CheckpointError => new CheckpointError(source.name, `${what} ${message}`, member.header, cause === undefined ? undefined : { cause });
  if (encrypted) throw fail("is encrypted");
  if (method !== 0 && method !== 8) throw fail(`is compressed with method ${method}, expected 0 (stored) or 8 (deflate)`);
  if (size > limit) throw fail(`has ${size} bytes, expected at most ${limit}`);
  if (method === 0 ? size !== compressedSize : size > compressedSize * largestRatio + 64) throw fail(`has ${compressedSize} bytes in the archive and would have ${size} outside, which cannot be`);
  const start = await dataStart(source, member, fail);
  const stored = await readRange(source, start, start + compressedSize, what);
  const content = method === 0 ? stored : inflated(stored, size, fail);
  if (crc32(content) !== crc) throw fail("does not have its checksum (CRC-32); the file is damaged");
  return content;
}

/** Where the data of a member begin: after its local header, which must be of the same name. */
async function dataStart(source: ByteSource, { name, header }: ZipMember, fail: (message: string) => CheckpointError): Promise<number> {
  if (header + localSize > source.size) throw fail(`would begin at byte ${header}, after the end of the file`);
  const bytes = await source.read(header, header + localSize);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== localSignature) throw fail(`is not where the directory says, at byte ${header}`);
  const nameStart = header + localSize;
  const nameLength = view.getUint16(26, true);
  const local = await readRange(source, nameStart, nameStart + nameLength, "the name of a member");
  const decoded = new TextDecoder(view.getUint16(6, true) & 0x800 ? "utf-8" : "latin1").decode(local);
  if (decoded !== name) throw fail(`has another name at its place, ${quote(decoded)}`);
  return nameStart + nameLength + view.getUint16(28, true);
}

function inflated(stored: Uint8Array, size: number, fail: (message: string, cause?: unknown) => CheckpointError): Uint8Array {
  try {
    const content = inflateSync(stored, { out: new Uint8Array(size) });
    if (content.length === size) return content;
  } catch (cause) {
    throw fail("is not compressed as it should be; the file is damaged", cause);
  }
  throw fail(`does not have the ${size} bytes that the directory says`);
}
