import { Tensor, tensor, type DType } from "@nn/tensor";
import { sizeOf } from "@nn/tensor/extend";
import { dtypeOf, type RecordedInput } from "./format.js";

/** FNV-1a of the UTF-8 bytes of a key. */
function hash(key: string): number {
  let word = 0x811C9DC5;
  for (const byte of new TextEncoder().encode(key)) word = Math.imul(word ^ byte, 0x01000193);
  return word >>> 0;
}

/** The number s in [−1, 1) of an element, from the hash of the key. */
function numberAt(start: number, at: number): number {
  let x = (start + Math.imul(at, 2654435761)) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85EBCA6B);
  x = Math.imul(x ^ (x >>> 13), 0xC2B2AE35);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 31 - 1;
}

/** Sets the elements of a tensor to a function of the numbers s that belong to its key. */
function filled<Elements extends Float32Array | Int32Array>(key: string, elements: Elements, value: (s: number) => number): Elements {
  const start = hash(key);
  for (let at = 0; at < elements.length; at++) elements[at] = value(numberAt(start, at));
  return elements;
}

/** How the elements of a parameter or buffer follow from s, or from |s|: by a line. */
interface Line {
  readonly offset: number;
  readonly slope: number;
  readonly absolute?: boolean;
}

/** The line for a parameter or buffer, by the last component of its name and its shape. */
function lineOf(name: string, shape: readonly number[], gain: number): Line {
  const last = name.split(".").at(-1) ?? name;
  if (last === "running_mean") return { offset: 0, slope: 0.1 };
  if (last === "running_var") return { offset: 1, slope: 0.5, absolute: true };
  if (last.includes("bias") && shape.length === 1) return { offset: 0, slope: 0.1 };
  if (last === "layer_scale" || shape.length === 1) return { offset: 1, slope: 0.1 };
  if (last === "class_token" || last === "pos_embedding") return { offset: 0, slope: 0.5 };
  return { offset: 0, slope: Math.sqrt((3 * gain) / sizeOf(shape.slice(1))) };
}

/** Sets the elements of a parameter or buffer, rounded to float32. Models have a hundred million: nothing is called for an element that is not inlined. */
function filledByLine<Elements extends Float32Array | Float64Array>(key: string, elements: Elements, { offset, slope, absolute = false }: Line): Elements {
  const start = hash(key);
  for (let at = 0; at < elements.length; at++) {
    const s = numberAt(start, at);
    elements[at] = Math.fround(offset + slope * (absolute ? Math.abs(s) : s));
  }
  return elements;
}

/** The value of a parameter or buffer; `undefined` for one of an integer dtype, which is what the constructor computes. */
export function fill({ seed, gain }: { readonly seed: number; readonly gain: number }, name: string, shape: readonly number[], dtype: DType): Tensor | undefined {
  if (dtype !== "float32" && dtype !== "float64") return undefined;
  const size = sizeOf(shape);
  // A second network has a prefix before its names, which counts for the key only.
  const line = lineOf(name.slice(name.indexOf(":") + 1), shape, gain);
  return new Tensor(shape, dtype, filledByLine(`${seed}/${name}`, dtype === "float32" ? new Float32Array(size) : new Float64Array(size), line));
}

/** The value of an input. */
export function fillInput(seed: number, name: string, input: RecordedInput): Tensor {
  const { kind, shape, scale = 1, low = 0, high = NaN, first = [] } = input;
  const dtype = dtypeOf(input.dtype);
  const key = `${seed}/input:${name}`;
  const made = (): Tensor => {
    switch (kind) {
      case "uniform": return tensor(filled(key, new Float32Array(sizeOf(shape)), (s) => s * scale), { shape });
      case "uniform01": return tensor(filled(key, new Float32Array(sizeOf(shape)), (s) => (Math.fround(s) + 1) / 2), { shape });
      // (s + 1) / 2 is exactly the word over 2^32.
      case "integers": return tensor(filled(key, new Int32Array(sizeOf(shape)), (s) => low + Math.floor(((s + 1) / 2) * (high - low))), { shape });
      case "explicit": return tensor((input.data ?? []).map(Number), { shape, dtype });
      default: throw new TypeError(`there is no kind ${JSON.stringify(kind)} of input`);
    }
  };
  const value = made();
  const begin = [...value.toTypedArray().subarray(0, first.length)];
  if (begin.some((each, at) => Math.abs(each - (first[at] ?? NaN)) > 1e-7 * Math.abs(each))) throw new TypeError(`input ${name} begins with ${begin.join(", ")}, recorded were ${first.join(", ")}`);
  return value;
}
