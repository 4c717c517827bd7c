import { crc32 } from "node:zlib";
import { writeSafetensors } from "@nn/io";
import type { Tensor } from "@nn/tensor";
import { damaged } from "../run/damage.js";

/** Stands for the checksum while it is computed. */
const noChecksum = "00000000";

/** The content of a safetensors file with a checksum (CRC-32) of every byte in its metadata. */
export function withChecksum(tensors: Readonly<Record<string, Tensor>>, metadata: Readonly<Record<string, string>>): Uint8Array {
  const file = writeSafetensors(tensors, { ...metadata, checksum: noChecksum });
  const at = positionIn(file, noChecksum);
  if (at === undefined) throw new Error("the header has no checksum");
  file.set(new TextEncoder().encode(checksumOf(file, at)), at);
  return file;
}

/** @throws Failure if the content of a file is not what its checksum was computed of. */
export function requireChecksum(path: string, file: Uint8Array, found = ""): void {
  const at = positionIn(file, found);
  if (at === undefined || checksumOf(file, at) !== found) throw damaged(path, "its checksum is wrong; copy the file again, or train again");
}

/** The CRC-32 of all bytes of a file, with zeros in place of the checksum. */
function checksumOf(file: Uint8Array, at: number): string {
  const head = crc32(noChecksum, crc32(file.subarray(0, at)));
  return crc32(file.subarray(at + noChecksum.length), head).toString(16).padStart(noChecksum.length, "0");
}

/** The position of the digits of the checksum in the header of a file, which begins with its length in eight bytes. */
function positionIn(file: Uint8Array, digits: string): number | undefined {
  const length = new DataView(file.buffer, file.byteOffset, 8).getUint32(0, true);
  // One character for each byte. Quotes within strings of JSON are escaped, so that only a key can look like this.
  const header = new TextDecoder("latin1").decode(file.subarray(8, 8 + length));
  const key = '"checksum":"';
  const at = header.indexOf(`${key}${digits}"`);
  return at < 0 || digits.length !== noChecksum.length ? undefined : 8 + at + key.length;
}
