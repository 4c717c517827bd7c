import { quote } from "@nn/tensor/extend";

/** Makes the error of a reader, for a problem at a byte of the file. */
export type NpyFail = (problem: string, offset?: number) => Error;

/** The header of a `.npy` file. */
export interface NpyHeader {
  /** NumPy's description of the element type, such as `<f4`. */
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** The byte at which the elements begin. */
  readonly dataStart: number;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** The byte at which the text of the header begins: after the magic bytes, two bytes of version, and two or four bytes of length. */
const textStart = { 1: 10, 2: 12, 3: 12 } as const;

/**
 * Reads the header as specified by NumPy Enhancement Proposal 1 and `numpy.lib.format`.
 * @param fail - makes the error that is thrown if it is not one of version 1, 2 or 3.
 */
export function parseNpyHeader(bytes: Uint8Array, fail: NpyFail): NpyHeader {
  if (bytes.length < 12) throw fail(`${bytes.length} bytes are too few for a .npy file`, bytes.length);
  if (!magic.every((byte, at) => bytes[at] === byte)) throw fail('a .npy file begins with the byte 93 and "NUMPY"; this one does not', 0);
  const version = bytes[6];
  if (version !== 1 && version !== 2 && version !== 3) {
    throw fail(`the .npy format has no version ${String(version)}; expected 1, 2 or 3`, 6);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const start = textStart[version];
  if (start + length > bytes.length) {
    throw fail(`the header has ${length} bytes, but the file ends before; it has ${bytes.length} bytes`, bytes.length);
  }
  const text = new TextDecoder(version === 3 ? "utf-8" : "latin1").decode(bytes.subarray(start, start + length));
  return { ...parseDictionary(text, fail, start), dataStart: start + length };
}

/** The most axes that NumPy allows. */
const longestShape = 64;

/** Matches one entry of the dictionary, which Python writes as `'key': value`. The description of a structured type is a list. */
const entry = /^\s*(['"])(descr|fortran_order|shape)\1\s*:\s*(['"][^'"]*['"]|\[[^\]]*\]|True|False|\([\d,\sL]*\))\s*(,|$)/;

function parseDictionary(text: string, fail: NpyFail, offset: number): Omit<NpyHeader, "dataStart"> {
  const wrong = (): Error => fail(`the header is ${quote(text.trim())}; expected a dictionary with descr, fortran_order and shape`, offset);
  const body = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1];
  if (body === undefined) throw wrong();
  const found = new Map<string, string>();
  for (let rest = body; rest.trim() !== "";) {
    const match = entry.exec(rest);
    const [whole, , key, value] = match ?? [];
    if (whole === undefined || key === undefined || value === undefined || found.has(key)) throw wrong();
    found.set(key, value);
    rest = rest.slice(whole.length);
  }
  const descr = /^['"](.*)['"]$/.exec(found.get("descr") ?? "")?.[1] ?? found.get("descr");
  const order = found.get("fortran_order");
  const sizes = /^\((.*)\)$/s.exec(found.get("shape") ?? "")?.[1];
  if (descr === undefined || sizes === undefined || (order !== "True" && order !== "False")) throw wrong();
  const shape = sizes.split(",").map((size) => size.trim().replace(/L$/, "")).filter((size) => size !== "").map(Number);
  if (!shape.every(Number.isSafeInteger)) throw wrong();
  if (shape.length > longestShape) throw fail(`the array has ${shape.length} axes; NumPy's have at most ${longestShape}`, offset);
  return { descr, fortranOrder: order === "True", shape };
}
