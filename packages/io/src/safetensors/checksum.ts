import { ArgumentError } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";
import { crc32 } from "../crc32.js";
import { lengthFieldSize } from "./header.js";

/** The key of the checksum in the metadata. */
export const checksumKey = "checksum";

/** Stands in place of the checksum while it is computed. */
export const noChecksum = "00000000";

/** Replaces {@link noChecksum} in the header of a file with its checksum. */
export function putChecksum(file: Uint8Array): void {
  const found = digitsIn(file);
  if (found !== undefined) file.set(new TextEncoder().encode(checksumAt(file, found.at)), found.at);
}

/**
 * Whether the bytes of a safetensors file are unchanged since {@link writeSafetensors} wrote them with `checksum: true`. False for any other bytes, including a
 * file without a checksum.
 *
 * The checksum is the CRC-32 of all bytes, header included, with zeros in place of its own eight digits.
 *
 * @example
 * ```ts
 * import { hasValidChecksum, writeSafetensors } from "@nn/io";
 * import { tensor } from "@nn/tensor";
 * const bytes = writeSafetensors({ weight: tensor([1, 2]) }, {}, { checksum: true });
 * hasValidChecksum(bytes); // => true
 * bytes[bytes.length - 1] = 0;
 * hasValidChecksum(bytes); // => false
 * ```
 * @throws ArgumentError if `bytes` is neither a Uint8Array nor an ArrayBuffer.
 */
export function hasValidChecksum(bytes: Uint8Array | ArrayBuffer): boolean {
  const file = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
  if (!(file instanceof Uint8Array)) throw new ArgumentError(`hasValidChecksum: bytes are ${describeValue(bytes)}, expected a Uint8Array or an ArrayBuffer`);
  const found = digitsIn(file);
  return found !== undefined && checksumAt(file, found.at) === found.digits;
}

/** The CRC-32 of all bytes of a file, with zeros in place of the digits of the checksum. */
function checksumAt(file: Uint8Array, at: number): string {
  const head = crc32(new TextEncoder().encode(noChecksum), crc32(file.subarray(0, at)));
  return crc32(file.subarray(at + noChecksum.length), head).toString(16).padStart(noChecksum.length, "0");
}

/** The digits of the checksum, and where they are in a file, which begins with the length of its header. */
function digitsIn(file: Uint8Array): { readonly at: number; readonly digits: string } | undefined {
  if (file.length < lengthFieldSize) return undefined;
  // Headers are far shorter than 4 GiB.
  const length = new DataView(file.buffer, file.byteOffset, lengthFieldSize).getUint32(0, true);
  // One character for each byte. Quotes within strings of JSON are escaped, so that only a key can look like this.
  const header = new TextDecoder("latin1").decode(file.subarray(lengthFieldSize, lengthFieldSize + length));
  const key = `"${checksumKey}":"`;
  const [match, digits] = new RegExp(`${key}([0-9a-f]{${noChecksum.length}})"`).exec(header) ?? [];
  return match === undefined || digits === undefined ? undefined : { at: lengthFieldSize + header.indexOf(match) + key.length, digits };
}
