import { i32 } from "../../../src/assembler/operators.js";
import { ModuleBuilder } from "../../../src/assembler/module-builder.js";
import { emitMatmul, emitPlanned, type MatmulOptions, scratchBytes } from "../../../src/kernels/matmul/matmul.js";
import type { MatmulPlan, MatmulSizes } from "../../../src/kernels/matmul/plan.js";
import { LinearMemory } from "../../../src/memory/linear-memory.js";
import { wasmFeatures } from "../../../src/detect-features.js";

/** A product as a test asks for it. */
export interface Request extends MatmulSizes {
  readonly fused?: boolean;
  /** Elements between the end of a row and the beginning of the next, of A, B and C. */
  readonly gaps?: readonly [number, number, number];
  /** Elements that each matrix is moved by, so that it is not aligned. */
  readonly shift?: number;
  /** Run as this many threads, one after the other. */
  readonly threads?: number;
  /** Finds the rows of B by a table, in which they are in reverse order. */
  readonly reversed?: boolean;
  /** How it is computed. Default: as `emitMatmul` decides. */
  readonly plan?: MatmulPlan | undefined;
}

export type Numbers = Float32Array | Float64Array;

export interface Result {
  readonly a: Numbers;
  readonly b: Numbers;
  readonly c: Numbers;
  /** What lies around the elements of C. */
  readonly around: readonly number[];
}

/** What lies around the elements of C before. */
export const untouched = 12345;

const memory = new LinearMemory({ shared: false, initialBytes: 2 ** 20 });
const slackBytes = 32;

/** Numbers between -1 and 1, the same for the same seed. */
export function random(seed: number): () => number {
  let state = seed + 0x9e3779b9;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x297a2d39) | 0;
    return state / 2 ** 31;
  };
}

/** A matrix in linear memory, with something else around its elements. */
class Placed {
  readonly block: number;
  readonly address: number;
  readonly rowStride: number;
  readonly #rows: number;
  readonly #columns: number;
  readonly #bytes: 4 | 8;

  constructor(rows: number, columns: number, { gap, shift, bytes }: { gap: number; shift: number; bytes: 4 | 8 }, around: number, values: () => number) {
    this.rowStride = columns + gap;
    this.#rows = rows;
    this.#columns = columns;
    this.#bytes = bytes;
    this.block = memory.allocate((rows * this.rowStride + shift) * bytes + slackBytes);
    this.address = this.block + shift * bytes;
    const view = this.#view().fill(around);
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) view[i * this.rowStride + j] = values();
  }

  #view(): Numbers {
    const length = this.#rows * this.rowStride + slackBytes / this.#bytes;
    return this.#bytes === 4 ? memory.f32(this.address, length) : memory.f64(this.address, length);
  }

  #isElement(at: number): boolean {
    return at < this.#rows * this.rowStride && at % this.rowStride < this.#columns;
  }

  get elements(): Numbers {
    return this.#view().filter((_, at) => this.#isElement(at));
  }

  get around(): readonly number[] {
    return Array.from(this.#view()).filter((_, at) => !this.#isElement(at));
  }
}

/** Computes a product of random elements. What lies around the operands is NaN. */
export function multiply(request: Request): Result {
  const { m, n, k, fused = true, plan, threads = 1, reversed = false, gaps = [0, 0, 0], shift = 0, ...layout } = request;
  const { transposeA = false, transposeB = false, dtype = "float32" } = layout;
  const bytes = dtype === "float32" ? 4 : 8;
  const next = random(m * 10007 + n * 101 + k);
  const position = (rows: number, columns: number, gap: number, around: number, values: () => number): Placed =>
    new Placed(rows, columns, { gap, shift, bytes }, around, values);
  const a = transposeA ? position(k, m, gaps[0], NaN, next) : position(m, k, gaps[0], NaN, next);
  const b = transposeB ? position(n, k, gaps[1], NaN, next) : position(k, n, gaps[1], NaN, next);
  const c = position(m, n, gaps[2], untouched, () => untouched);
  const scratch = memory.allocate(scratchBytes({ m, n, k, ...layout }, plan) * threads);
  const table = memory.allocate(k * 4);
  memory.i32(table, k).forEach((_, row, all) => { all[row] = (k - 1 - row) * b.rowStride * bytes; });
  const module = new ModuleBuilder({ memory: memory.declaration });
  const params = { thread: "i32", threads: "i32" } as const;
  module.function({ name: "product", params, export: true }, (code, shared) => {
    const at = ({ address, rowStride }: Placed) => ({ address: i32.const(address - 16), offset: 16, rowStride });
    const fusedMultiplyAdd = fused && wasmFeatures().relaxedSimd;
    const positions = { a: at(a), b: { ...at(b), ...(reversed ? { table: i32.const(table) } : {}) }, c: at(c), scratch: i32.const(scratch) };
    const options: MatmulOptions = { m, n, k, ...layout, ...positions, fusedMultiplyAdd, ...(threads > 1 ? shared : {}) };
    if (plan === undefined) emitMatmul(code, options);
    else emitPlanned(code, options, plan);
  });
  const { product } = new WebAssembly.Instance(new WebAssembly.Module(module.finish()), memory.imports).exports;
  if (typeof product !== "function") throw new Error("no product");
  for (let thread = 0; thread < threads; thread++) product(thread, threads);
  const { elements } = b;
  const rows = elements.map((_, index) => elements[(k - 1 - Math.floor(index / n)) * n + (index % n)] ?? NaN);
  const result = { a: a.elements, b: reversed ? rows : elements, c: c.elements, around: c.around };
  for (const block of [a.block, b.block, c.block, scratch, table]) memory.free(block);
  return result;
}

/** The largest error of a product, as a multiple of the bound for sums of `k` products in any order (Higham 2002, §3.1). */
export function errorRatio({ m, n, k, transposeA, transposeB, dtype = "float32" }: Request, { a, b, c }: Omit<Result, "around">): number {
  const unit = dtype === "float32" ? 2 ** -24 : 2 ** -53;
  let worst = 0;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      let size = 0;
      for (let p = 0; p < k; p++) {
        const x = (a[transposeA === true ? p * m + i : i * k + p] ?? NaN) * (b[transposeB === true ? j * k + p : p * n + j] ?? NaN);
        sum += x;
        size += Math.abs(x);
      }
      const error = Math.abs((c[i * n + j] ?? NaN) - sum);
      const ratio = error / ((k + 2) * unit * size + 1e-300);
      if (!(ratio <= worst)) worst = ratio;
    }
  }
  return worst;
}
