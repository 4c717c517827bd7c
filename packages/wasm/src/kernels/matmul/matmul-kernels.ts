import { WasmArgumentError } from "../../arguments.js";
import { enableRelaxedSimd } from "../../detect-features.js";
import type { MatmulSizes } from "./plan.js";
import { digits, moduleText, plain, relaxed, scratchBytes } from "./prebuilt.js";

type Matmul = (...values: readonly number[]) => void;

interface Instance {
  readonly memory: WebAssembly.Memory;
  readonly matmul: Matmul;
}

const pageBytes = 65536;

/** An instance with more memory than this is dropped after use, because memory never shrinks. */
const keptBytes = 2 ** 26;

/** Bytes that may be read beyond the end of an operand, and the alignment of operands. */
const slack = 64;

/** Decodes the module of one level from the text that encodes both. */
function decode(parts: readonly string[]): Uint8Array<ArrayBuffer> {
  const text = moduleText.replace(/\d/g, (endOf) => parts[Number(endOf)] ?? "");
  return Uint8Array.from(text.match(/../g) ?? [], ([high = "", low = ""]) => digits.indexOf(high) * 16 + digits.indexOf(low));
}

/**
 * Products of float32 matrices in JavaScript arrays. The matrices are copied to a WebAssembly memory and multiplied by packed panels, and the
 * product is copied back. `create` compiles the module, a few kilobytes.
 *
 * @example
 * ```ts
 * import { MatmulKernels } from "@nn/wasm";
 *
 * const kernels = MatmulKernels.create();
 * const product = kernels?.multiply(Float32Array.of(1, 2), Float32Array.of(3, 4), { m: 1, n: 1, k: 2 });
 * product; // => [11]
 * ```
 */
export class MatmulKernels {
  /** `"relaxed-simd"`: a multiplication and an addition are fused and rounded once. */
  readonly level: "relaxed-simd" | "simd";
  readonly #module: WebAssembly.Module;
  #instance: Instance | undefined;

  private constructor(bytes: Uint8Array<ArrayBuffer>, level: MatmulKernels["level"]) {
    this.level = level;
    this.#module = new WebAssembly.Module(bytes);
  }

  /**
   * The best kernels that the engine can run; `undefined` if it has no WebAssembly or no vectors. Like `wasmFeatures`, it sets V8's flag for
   * relaxed SIMD, if there is one.
   *
   * @param options - `relaxedSimd: false` rounds every multiplication and every addition, so results are the same on every machine. Default true.
   */
  static create(options: { readonly relaxedSimd?: boolean } = {}): MatmulKernels | undefined {
    if (typeof WebAssembly !== "object") return undefined;
    const valid = (bytes: Uint8Array<ArrayBuffer>): boolean => WebAssembly.validate(bytes);
    try {
      if (options.relaxedSimd !== false) {
        const bytes = decode(relaxed);
        if (valid(bytes) || (enableRelaxedSimd() && valid(bytes))) return new MatmulKernels(bytes, "relaxed-simd");
      }
      const bytes = decode(plain);
      return valid(bytes) ? new MatmulKernels(bytes, "simd") : undefined;
    } catch {
      return undefined; // the page's policy forbids compiling
    }
  }

  /**
   * `op(A) · op(B)`, `[m, k] x [k, n]`, for matrices in row-major order, in `out` or in a new array.
   *
   * @throws WasmArgumentError if an array is shorter than its matrix.
   */
  multiply(a: Float32Array, b: Float32Array, sizes: MatmulSizes, out: Float32Array = new Float32Array(sizes.m * sizes.n)): Float32Array {
    const { m, n, k, transposeA = false, transposeB = false } = sizes;
    if (a.length < m * k || b.length < k * n || out.length < m * n) {
      throw new WasmArgumentError(`multiply: arrays of ${a.length}, ${b.length} and ${out.length} elements do not hold [${m}, ${k}] x [${k}, ${n}]`);
    }
    if (k === 0) return out.fill(0, 0, m * n);
    const endOf = (elements: number, at: number): number => at + Math.ceil((elements * 4 + slack) / slack) * slack;
    const bAt = endOf(m * k, scratchBytes);
    const outAt = endOf(k * n, bAt);
    const { memory, matmul } = this.#instanceFor(endOf(m * n, outAt));
    const at = (address: number, length: number): Float32Array => new Float32Array(memory.buffer, address, length);
    at(scratchBytes, m * k).set(a.length === m * k ? a : a.subarray(0, m * k));
    at(bAt, k * n).set(b.length === k * n ? b : b.subarray(0, k * n));
    const left = transposeA ? [4, m * 4] : [k * 4, 4];
    const right = transposeB ? [k * 4, 4] : [4, n * 4];
    matmul(m, n, k, scratchBytes, ...left, bAt, ...right, outAt, n * 4, 0);
    out.set(at(outAt, m * n));
    if (memory.buffer.byteLength > keptBytes) this.#instance = undefined;
    return out;
  }

  #instanceFor(bytes: number): Instance {
    const { memory } = (this.#instance ??= this.#instantiate());
    const missing = bytes - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
    return this.#instance;
  }

  #instantiate(): Instance {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const { matmul } = new WebAssembly.Instance(this.#module, { env: { memory } }).exports;
    if (typeof matmul !== "function") throw new TypeError("the module of matrix products has no `matmul`");
    return { memory, matmul: (...values) => matmul(...values) as undefined };
  }
}
