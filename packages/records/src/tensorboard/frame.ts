import { maskedCrc32c } from "./crc32c.js";

/** One entry of a TFRecord file: the length (uint64), its CRC, the data, their CRC; all little-endian. */
export function frame(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(bytes.subarray(0, 8)), true);
  bytes.set(data, 12);
  view.setUint32(data.length + 12, maskedCrc32c(data), true);
  return bytes;
}
