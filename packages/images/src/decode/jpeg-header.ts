import { damaged } from "./failure.js";
import { asciiAt } from "./format.js";
import { orientationOf, type Orientation } from "./orientation.js";

/** What is known of a JPEG file before its pixels are decoded. */
export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  /** Bits of a sample. */
  readonly precision: number;
  /** 1: grey, 3: luma and chroma (YCbCr). */
  readonly components: number;
  /** Whether it is baseline, extended sequential or progressive (SOF0 to SOF2): Huffman codes of cosine transforms. Others are lossless, hierarchical or arithmetic. */
  readonly isHuffmanDct: boolean;
  readonly scans: number;
  readonly orientation: Orientation;
}

const marker = { startOfScan: 0xda, endOfImage: 0xd9, exif: 0xe1 } as const;

/** Markers of a frame: C0 to CF, but for those of tables (ITU-T T.81, table B.1). */
const isFrame = (code: number): boolean => code >= 0xc0 && code <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(code);

/** Markers without content: TEM, RST0 to RST7 and the start of the image. */
const isBare = (code: number): boolean => code === 0x01 || (code >= 0xd0 && code <= 0xd8);

/**
 * Reads the markers of a JPEG file.
 * @throws FormatError if it has no frame before its end.
 */
export function jpegHeader(name: string, bytes: Uint8Array): JpegHeader {
  let frame: Omit<JpegHeader, "scans" | "orientation"> | undefined;
  let scans = 0;
  let orientation: Orientation = 1;
  for (const { code, content } of segments(bytes)) {
    if (code === marker.startOfScan) scans += 1;
    if (code === marker.exif && asciiAt(content, 0, 4) === "Exif") orientation = orientationOf(content.subarray(6));
    if (!isFrame(code) || content.length < 6) continue;
    if (frame !== undefined) throw damaged(name, "it has several frames");
    const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
    frame = { precision: view.getUint8(0), height: view.getUint16(1), width: view.getUint16(3), components: view.getUint8(5), isHuffmanDct: code <= 0xc2 };
  }
  if (frame === undefined || scans === 0) throw damaged(name, "it ends too early");
  return { ...frame, scans, orientation };
}

/** The segments of a file in order, until its end or the end of the image. The compressed pixels after a scan's header are passed over. */
function* segments(bytes: Uint8Array): Generator<{ readonly code: number; readonly content: Uint8Array }> {
  for (let at = bytes.indexOf(0xff); at >= 0 && at + 1 < bytes.length; at = bytes.indexOf(0xff, at)) {
    const code = bytes[at + 1] ?? 0;
    if (code === marker.endOfImage) return;
    // A byte 0 means that FF is part of the compressed pixels, and FF fills.
    if (code === 0x00 || code === 0xff || isBare(code)) {
      at += code === 0xff ? 1 : 2;
      continue;
    }
    const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    yield { code, content: bytes.subarray(at + 4, at + 2 + Math.max(2, length)) };
    at += 2 + Math.max(2, length);
  }
}
