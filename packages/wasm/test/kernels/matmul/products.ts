import { i32 } from "../../../src/assembler/operators.js";
import { ModuleBuilder } from "../../../src/assembler/module-builder.js";
import { emitMatmul, type MatmulOptions, matmulScratchBytes } from "../../../src/kernels/matmul/matmul.js";
import type { MatmulSizes } from "../../../src/kernels/matmul/plan.js";
import { LinearMemory } from "../../../src/memory/linear-memory.js";
import { wasmFeatures } from "../../../src/probe.js";

/** A product as a test asks for it. */
export interface Request extends MatmulSizes {
  readonly fused?: boolean;
  /** Elements between the end of a row and the beginning of the next, of A, B and C. */
  readonly gaps?: readonly [number, number, number];
  /** Elements that each matrix is moved by, so that it is not aligned. */
  readonly shift?: number;
  /** Run as this many threads, one after the other. */
  readonly threads?: number;
  readonly more?: Partial<MatmulOptions>;
}

export interface Result {
  readonly a: Float32Array | Float64Array;
  readonly b: Float32Array | Float64Array;
  readonly c: Float32Array | Float64Array;
  /** What lies between the rows of C. */
  readonly gaps: readonly number[];
}

export const memory = new LinearMemory({ shared: false, initialBytes: 2 ** 20 });
const untouched = 12345;
const slack = 32;

/** Numbers between -1 and 1 from a seed. */
export function random(seed: number): () => number {
  let state = seed + 0x9e3779b9;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x297a2d39) | 0;
    return state / 2 ** 31;
  };
}

/** Computes a product with random elements. What lies around the operands is NaN. */
export function multiply(request: Request): Result {
  const { m, n, k, fused = true, more, threads = 1, gaps = [0, 0, 0], shift = 0, ...layout } = request;
  const { transposeA = false, transposeB = false, dtype = "float32" } = layout;
  const bytes = dtype === "float32" ? 4 : 8;
  const next = random(m * 10007 + n * 101 + k);
  const blocks: number[] = [];
  const place = (rows: number, columns: number, gap: number, value: () => number) => {
    const stride = columns + gap;
    const block = memory.allocate((rows * stride + shift) * bytes + slack);
    blocks.push(block);
    const view = () => memory[dtype === "float32" ? "f32" : "f64"](block + shift * bytes, rows * stride + slack / bytes - 1);
    view().fill(NaN);
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) view()[i * stride + j] = value();
    const dense = (): Float32Array | Float64Array => {
      const all = view();
      const values = Array.from({ length: rows * columns }, (_, at) => all[Math.floor(at / columns) * stride + (at % columns)] ?? NaN);
      return dtype === "float32" ? Float32Array.from(values) : Float64Array.from(values);
    };
    return { rowStride: stride, address: block + shift * bytes, view, dense };
  };
  const a = transposeA ? place(k, m, gaps[0], next) : place(m, k, gaps[0], next);
  const b = transposeB ? place(n, k, gaps[1], next) : place(k, n, gaps[1], next);
  const c = place(m, n, gaps[2], () => untouched);
  c.view().forEach((value, at, view) => {
    if (Number.isNaN(value)) view[at] = untouched;
  });
  const scratch = memory.allocate(matmulScratchBytes(request, more?.plan) * threads);
  blocks.push(scratch);
  const module = new ModuleBuilder({ memory: memory.declaration });
  const params = { thread: "i32", threads: "i32" } as const;
  module.function({ name: "product", params, export: true }, (code, shared) => {
    const at = (matrix: typeof a) => ({ address: i32.const(matrix.address - 16), offset: 16, rowStride: matrix.rowStride });
    emitMatmul(code, {
      ...{ m, n, k, ...layout },
      ...{ a: at(a), b: at(b), c: at(c), fusedMultiplyAdd: fused && wasmFeatures().relaxedSimd },
      scratch: i32.const(scratch),
      ...(threads > 1 ? shared : {}),
      ...more,
    });
  });
  const { product } = new WebAssembly.Instance(new WebAssembly.Module(module.finish()), memory.imports).exports;
  if (typeof product !== "function") throw new Error("no product");
  for (let thread = 0; thread < threads; thread++) product(thread, threads);
  const result = { a: a.dense(), b: b.dense(), c: c.dense(), gaps: [...c.view()].filter((_, at) => at >= m * c.rowStride || at % c.rowStride >= n) };
  blocks.forEach((block) => memory.free(block));
  return result;
}

/** The largest error of a product as a multiple of the bound for sums of `k` products in any order. */
export function errorRatio({ m, n, k, transposeA = false, transposeB = false, dtype = "float32" }: Request, { a, b, c }: Result): number {
  const unit = dtype === "float32" ? 2 ** -24 : 2 ** -53;
  let worst = 0;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      let size = 0;
      for (let p = 0; p < k; p++) {
        const x = (a[transposeA ? p * m + i : i * k + p] ?? NaN) * (b[transposeB ? j * k + p : p * n + j] ?? NaN);
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
