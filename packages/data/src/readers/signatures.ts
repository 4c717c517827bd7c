import { FormatError } from "../format-error.js";

/** The first bytes of files of other formats, in Latin-1. */
const signatures: readonly (readonly [start: string, what: string])[] = [
  ["\x89PNG", "a PNG image"],
  ["\xff\xd8\xff", "a JPEG image"],
  ["GIF87a", "a GIF image"],
  ["GIF89a", "a GIF image"],
  // The magic word alone could be the name of a column, so the length of the page header is part of the signature.
  ["PAR1\x15", "a Parquet file"],
  ["ARROW1\0", "an Arrow file"],
  ["PK\x03\x04", "a ZIP archive, as spreadsheets (XLSX) and .npz files are"],
  ["\xd0\xcf\x11\xe0", "an old Excel or Word file"],
  ["%PDF-", "a PDF document"],
  ["\x89HDF", "an HDF5 file"],
  ["SQLite format 3\0", "an SQLite database"],
  ["\x93NUMPY", "a NumPy array, which readNpy reads"],
  ["BZh91AY&SY", "compressed with bzip2"],
  ["\x28\xb5\x2f\xfd", "compressed with Zstandard"],
  ["\xfd7zXZ", "compressed with xz"],
  ["7z\xbc\xaf", "a 7-Zip archive"],
];

/**
 * Refuses files of other formats, recognised by their first bytes.
 * @throws FormatError that names the format.
 */
export function refuseOtherFormats(head: Uint8Array, source: string): void {
  const start = Array.from(head, (byte) => String.fromCharCode(byte)).join("");
  const found = signatures.find(([each]) => start.startsWith(each));
  if (found !== undefined) throw new FormatError(source, `it is ${found[1]}, expected text`, {}, { fix: "convert or unpack it first" });
  if (/^\s*<(!doctype|html)/i.test(start)) throw new FormatError(source, "it is an HTML page, expected text in records", {}, { fix: "download the file itself" });
}
