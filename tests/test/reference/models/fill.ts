import { tensor, type DType, type Tensor } from "@nn/tensor";
import { sizeOf } from "@nn/tensor/extend";
import { dtypeOf, type RecordedInput } from "./format.js";

/** FNV-1a of the UTF-8 bytes of a key. */
function hash(key: string): number {
  let word = 0x811C9DC5;
  for (const byte of new TextEncoder().encode(key)) word = Math.imul(word ^ byte, 0x01000193);
  return word >>> 0;
}

/** Sets the elements of a tensor to a function of the numbers s in [−1, 1) that belong to its key. */
function filled<Elements extends Float32Array | Int32Array>(key: string, elements: Elements, value: (s: number) => number): Elements {
  const start = hash(key);
  for (let at = 0; at < elements.length; at++) {
    let x = (start + Math.imul(at, 2654435761)) | 0;
    x = Math.imul(x ^ (x >>> 16), 0x85EBCA6B);
    x = Math.imul(x ^ (x >>> 13), 0xC2B2AE35);
    elements[at] = value(((x ^ (x >>> 16)) >>> 0) / 2 ** 31 - 1);
  }
  return elements;
}

/** The function of the number s that gives the elements of a parameter or buffer, by the last component of its name and its shape. */
function rule(name: string, shape: readonly number[], gain: number): (s: number) => number {
  const last = name.split(".").at(-1) ?? name;
  if (last === "running_mean") return (s) => 0.1 * s;
  if (last === "running_var") return (s) => 1 + 0.5 * Math.abs(s);
  if (last.includes("bias") && shape.length === 1) return (s) => 0.1 * s;
  if (last === "layer_scale" || shape.length === 1) return (s) => 1 + 0.1 * s;
  if (last === "class_token" || last === "pos_embedding") return (s) => 0.5 * s;
  const scale = Math.sqrt((3 * gain) / sizeOf(shape.slice(1)));
  return (s) => scale * s;
}

/** The value of a parameter or buffer; `undefined` for one of an integer dtype, which is what the constructor computes. */
export function fill({ seed, gain }: { readonly seed: number; readonly gain: number }, name: string, shape: readonly number[], dtype: DType): Tensor | undefined {
  if (dtype === "int32") return undefined;
  // A second network has a prefix before its names, which counts for the key only.
  return tensor(filled(`${seed}/${name}`, new Float32Array(sizeOf(shape)), rule(name.slice(name.indexOf(":") + 1), shape, gain)), { shape });
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
