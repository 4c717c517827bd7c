import { quote } from "@nn/tensor/extend";
import { CheckpointError } from "../checkpoint/checkpoint-error.js";
import { readRange, type ByteSource } from "../source/byte-source.js";

/** A file within a zip archive, as the archive's directory describes it. */
export interface ZipMember {
  readonly name: string;
  /** 0: stored, 8: deflated. */
  readonly method: number;
  readonly encrypted: boolean;
  readonly compressedSize: number;
  readonly size: number;
  readonly crc: number;
  /** Where its local header begins. */
  readonly header: number;
}

/** Where the directory lies, and how many members it lists. */
interface End {
  readonly start: number;
  readonly size: number;
  readonly count: number;
}

const signatures = { end: 0x06054b50, end64: 0x06064b50, locator64: 0x07064b50, entry: 0x02014b50 };
const endSize = 22;
const locatorSize = 20;
const end64Size = 56;
const entrySize = 46;
/** The longest comment after the directory. */
const longestComment = 0xffff;

/**
 * The members of a zip archive (APPNOTE 6.3.10, with ZIP64), from its directory at the end. Their names are unique.
 * @throws CheckpointError if the directory is missing, damaged or ambiguous.
 */
export async function readDirectory(source: ByteSource): Promise<ReadonlyMap<string, ZipMember>> {
  const { start, size, count } = await findEnd(source);
  const bytes = await readRange(source, start, start + size, "the zip directory");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const members = new Map<string, ZipMember>();
  let at = 0;
  for (let number = 0; number < count; number++) {
    const fail = (message: string): CheckpointError => new CheckpointError(source.name, `entry ${number} of the zip directory ${message}`, start + at);
    if (at + entrySize > bytes.length || view.getUint32(at, true) !== signatures.entry) throw fail("is not there; the archive is damaged");
    const lengths = { name: view.getUint16(at + 28, true), extra: view.getUint16(at + 30, true), comment: view.getUint16(at + 32, true) };
    const end = at + entrySize + lengths.name + lengths.extra + lengths.comment;
    if (end > bytes.length) throw fail("is cut off");
    const flags = view.getUint16(at + 8, true);
    const name = new TextDecoder(flags & 0x800 ? "utf-8" : "latin1").decode(bytes.subarray(at + entrySize, at + entrySize + lengths.name));
    if (members.has(name)) throw fail(`has the name ${quote(name)} of another entry: which of them counts is not clear`);
    const extra = new DataView(bytes.buffer, bytes.byteOffset + at + entrySize + lengths.name, lengths.extra);
    const sizes = sizesOf(view, at, extra);
    if (sizes === undefined) throw fail("has sizes that do not fit");
    members.set(name, { name, method: view.getUint16(at + 10, true), encrypted: (flags & 1) !== 0, crc: view.getUint32(at + 16, true), ...sizes });
    at = end;
  }
  if (at !== bytes.length) throw new CheckpointError(source.name, `the zip directory has ${bytes.length - at} bytes after its ${count} entries; the archive is damaged`, start + at);
  return members;
}

/** Sizes and place of an entry. Where a field of 32 bits is full, the extra field has the number (ZIP64). */
function sizesOf(view: DataView, at: number, extra: DataView): Pick<ZipMember, "compressedSize" | "size" | "header"> | undefined {
  const wide = wideFields(extra);
  const next = (short: number): number => (short === 0xffffffff ? Number(wide.shift() ?? NaN) : short);
  // In the order of the extra field.
  const size = next(view.getUint32(at + 24, true));
  const compressedSize = next(view.getUint32(at + 20, true));
  const header = next(view.getUint32(at + 42, true));
  return [size, compressedSize, header].every(Number.isSafeInteger) ? { size, compressedSize, header } : undefined;
}

/** The numbers of 64 bits in an extra field. */
function wideFields(extra: DataView): bigint[] {
  for (let at = 0; at + 4 <= extra.byteLength;) {
    const length = extra.getUint16(at + 2, true);
    if (at + 4 + length > extra.byteLength) break;
    if (extra.getUint16(at, true) === 1) return Array.from({ length: Math.floor(length / 8) }, (_, field) => extra.getBigUint64(at + 4 + 8 * field, true));
    at += 4 + length;
  }
  return [];
}

async function findEnd(source: ByteSource): Promise<End> {
  const tailStart = Math.max(0, source.size - endSize - longestComment);
  const bytes = await source.read(tailStart, source.size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = bytes.length - endSize; at >= 0; at--) {
    // The comment after the record goes on to the end of the file.
    if (view.getUint32(at, true) !== signatures.end || at + endSize + view.getUint16(at + 20, true) !== bytes.length) continue;
    const end = await widened(source, tailStart + at, { start: view.getUint32(at + 16, true), size: view.getUint32(at + 12, true), count: view.getUint16(at + 10, true) });
    const disks = view.getUint16(at + 4, true) + view.getUint16(at + 6, true);
    if (disks > 0 && disks < 2 * 0xffff) throw new CheckpointError(source.name, "it is a part of a zip archive of several files", tailStart + at);
    if (end.start + end.size > tailStart + at) throw new CheckpointError(source.name, `the zip directory would end at byte ${end.start + end.size}, after its own end record; the archive is damaged`, tailStart + at);
    if (end.count * entrySize > end.size) throw new CheckpointError(source.name, `the zip directory would have ${end.count} entries in ${end.size} bytes; the archive is damaged`, tailStart + at);
    return end;
  }
  throw new CheckpointError(source.name, "the zip archive has no directory at its end; it is cut off or damaged");
}

/** The same from the record of ZIP64, where a field is full. */
async function widened(source: ByteSource, endStart: number, end: End): Promise<End> {
  if (end.start !== 0xffffffff && end.size !== 0xffffffff && end.count !== 0xffff) return end;
  const locator = await readRange(source, endStart - locatorSize, endStart, "the locator of ZIP64");
  const locatorView = new DataView(locator.buffer, locator.byteOffset, locator.byteLength);
  if (locatorView.getUint32(0, true) !== signatures.locator64) return end;
  const at = Number(locatorView.getBigUint64(8, true));
  const record = await readRange(source, at, at + end64Size, "the end record of ZIP64");
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  if (view.getUint32(0, true) !== signatures.end64) throw new CheckpointError(source.name, "the end record of ZIP64 is not where it should be; the archive is damaged", at);
  return { start: Number(view.getBigUint64(48, true)), size: Number(view.getBigUint64(40, true)), count: Number(view.getBigUint64(32, true)) };
}
