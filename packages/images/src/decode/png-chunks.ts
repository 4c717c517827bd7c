import { asciiAt } from "./format.js";
import { damaged } from "./failure.js";
import { orientationOf, type Orientation } from "./orientation.js";

/** What is known of a PNG file before its pixels are decoded. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits of a sample. */
  readonly depth: number;
  readonly colourType: number;
  readonly isInterlaced: boolean;
  readonly orientation: Orientation;
  /** The file with the chunks that determine the pixels, and no others: those may be damaged, or large when inflated. */
  readonly essential: Uint8Array;
  /** The compressed pixels. */
  readonly compressed: Uint8Array<ArrayBuffer>;
}

interface Chunk {
  readonly type: string;
  readonly content: Uint8Array;
  /** Length, type, content and checksum. */
  readonly whole: Uint8Array;
}

const essentialTypes: ReadonlySet<string> = new Set(["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]);

/** Samples of a pixel for each colour type (PNG, table 11.1). */
const samplesPerPixel: Readonly<Partial<Record<number, number>>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/**
 * Reads the chunks of a PNG file.
 * @throws FormatError if the file ends too early or has no header.
 */
export function pngHeader(name: string, bytes: Uint8Array): PngHeader {
  const chunks = chunksOf(name, bytes);
  const [header] = chunks;
  if (header?.type !== "IHDR" || header.content.length !== 13) throw damaged(name, "it does not begin with a header");
  const view = new DataView(header.content.buffer, header.content.byteOffset, 13);
  const exif = chunks.find(({ type }) => type === "eXIf")?.content;
  return {
    width: view.getUint32(0), height: view.getUint32(4), depth: view.getUint8(8), colourType: view.getUint8(9), isInterlaced: view.getUint8(12) === 1,
    orientation: exif === undefined ? 1 : orientationOf(exif),
    essential: joined([bytes.subarray(0, 8), ...chunks.filter(({ type }) => essentialTypes.has(type)).map(({ whole }) => whole)]),
    compressed: joined(chunks.filter(({ type }) => type === "IDAT").map(({ content }) => content)),
  };
}

/** The bytes of the rows, each with the number of its filter, of all passes. */
export function inflatedLength({ width, height, depth, colourType, isInterlaced }: PngHeader): number {
  const bits = depth * (samplesPerPixel[colourType] ?? 0);
  return (isInterlaced ? passes : [wholeImage]).reduce((sum, { x, y, stepX, stepY }) => {
    const [columns, rows] = [Math.ceil((width - x) / stepX), Math.ceil((height - y) / stepY)];
    return columns > 0 && rows > 0 ? sum + rows * (1 + Math.ceil((columns * bits) / 8)) : sum;
  }, 0);
}

const wholeImage = { x: 0, y: 0, stepX: 1, stepY: 1 };

/** The passes of an interlaced image (PNG, 8.1). */
const passes = [
  { x: 0, y: 0, stepX: 8, stepY: 8 }, { x: 4, y: 0, stepX: 8, stepY: 8 }, { x: 0, y: 4, stepX: 4, stepY: 8 }, { x: 2, y: 0, stepX: 4, stepY: 4 },
  { x: 0, y: 2, stepX: 2, stepY: 4 }, { x: 1, y: 0, stepX: 2, stepY: 2 }, { x: 0, y: 1, stepX: 1, stepY: 2 },
];

function chunksOf(name: string, bytes: Uint8Array): readonly Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  for (let at = 8; ;) {
    const end = at + 12 <= bytes.length ? at + 12 + view.getUint32(at) : Infinity;
    if (end > bytes.length) throw damaged(name, "it ends too early");
    const chunk = { type: asciiAt(bytes, at + 4, 4), content: bytes.subarray(at + 8, end - 4), whole: bytes.subarray(at, end) };
    chunks.push(chunk);
    if (chunk.type === "IEND") return chunks;
    at = end;
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
