import type { Blocks } from "./blocked.js";

/** Sizes and layout of a product `op(A) · op(B)`: `[m, k] x [k, n]`, where `op` transposes or not. */
export interface MatmulSizes {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Whether A is stored as `[k, m]`. Default false. */
  readonly transposeA?: boolean;
  /** Whether B is stored as `[n, k]`. Default false. */
  readonly transposeB?: boolean;
  /** The element type. Default "float32". */
  readonly dtype?: "float32" | "float64";
  /** Whether `store` has much code. Then this code is written once, in a loop. Default false. */
  readonly heavyStore?: boolean;
  /**
   * Whether panels have 16 columns instead of 8, and tiles twice as many elements, for engines that merge pairs of 128-bit operations into 256-bit ones: see
   * `mergeVectors`. The product has the same bits. Others run out of registers. Default false.
   */
  readonly wide?: boolean;
  /** Whether operands are read where they are, whatever their sizes. Default false: large ones are packed. */
  readonly unpacked?: boolean;
}

/**
 * How a product is computed.
 * - `outer`: operands are not packed; tiles are sums of outer products. Best for small operands with B contiguous along its columns.
 * - `dot`: operands are not packed; tiles are dot products. Best for few rows, with both operands contiguous along the shared axis.
 * - `blocked`: operands are packed into panels.
 */
export type MatmulPlan = { readonly parallelAxis: "rows" | "columns" } & (
  | { readonly method: "outer" | "dot" }
  | { readonly method: "blocked"; readonly blocks: Blocks }
);

/** How to compute a product of these sizes: by `method`, or by the method that is usually fastest. */
export function planMatmul(sizes: MatmulSizes, method: MatmulPlan["method"] = methodOf(sizes)): MatmulPlan {
  const parallelAxis = sizes.n > sizes.m ? "columns" : "rows";
  return method === "blocked" ? { method, parallelAxis, blocks: blocksOf(sizes) } : { method, parallelAxis };
}

// Limits up to which operands are not packed. Measured with `bench/matmul.ts`.
/** Multiplications. Up to this many, packing is not worth its code. */
const directMultiplications = 2 ** 13;
/** Rows or columns. With so few, packing the other operand does not pay off. */
const directThin = 12;
/** Bytes of the right operand of outer products, which is read again for every six rows. */
const directRightBytes = 2 ** 18;
/** Bytes of the left operand of outer products, if it is read across its rows, again for every eight columns. */
const directLeftBytesAcross = 2 ** 16;
/** Bytes of the smaller operand of dot products, which is read again for every few rows of the other one. */
const directDotBytes = 320 * 1024;
/** Length of dot products. Shorter ones spend most of their time adding lanes. */
const directDotLength = 16;

function methodOf({ m, n, k, transposeA = false, transposeB = false, dtype = "float32", heavyStore = false, wide = false, unpacked = false }: MatmulSizes): MatmulPlan["method"] {
  const across = transposeA && m > 1;
  const dots = (transposeB || n === 1) && !across;
  const where = dots ? "dot" : "outer";
  if (unpacked || dtype === "float64" || m * n * k <= directMultiplications || Math.min(m, n) <= directThin) return where;
  if (dots) return k >= directDotLength && Math.min(m, n) * k * 4 <= directDotBytes ? "dot" : "blocked";
  if (transposeB || heavyStore) return "blocked";
  // Merged pairs need panels. Longer sums would be added up in other blocks, with other bits.
  if (wide && n >= 16 && k <= longestBlock) return "blocked";
  return k * n * 4 <= directRightBytes && (!across || k * m * 4 <= directLeftBytesAcross) ? "outer" : "blocked";
}

/** The longest block of the shared axis. */
const longestBlock = 512;

function blocksOf({ m, n, k, wide = false }: MatmulSizes): Blocks {
  const panel = wide ? 16 : 8;
  const columns = evenly(n, 320, panel);
  const shared = evenly(k, longestBlock, 4);
  const rows = evenly(m, 768, 12);
  return { panel, shared, columns, rows };
}

/** The smallest block size, a multiple of `grain`, that needs no more blocks for `length` than blocks of `largest` do. */
function evenly(length: number, largest: number, grain: number): number {
  return Math.ceil(length / Math.ceil(length / largest) / grain) * grain;
}

/** Tiles of one size, side by side along an axis. */
export interface Segment {
  readonly start: number;
  /** Elements of the axis in a tile. */
  readonly size: number;
  /** How many tiles. */
  readonly count: number;
}

/** Divides an axis into tiles of one or two sizes with the least total cost; `costOf(size)` is the cost of one tile. */
export function divide(length: number, largest: number, costOf: (size: number) => number): readonly Segment[] {
  let least = Infinity;
  let best: readonly Segment[] = [];
  for (let size = Math.min(largest, length); size > 0; size--) {
    const count = Math.floor(length / size);
    const rest = length - count * size;
    const candidates = [
      [{ start: 0, size, count }, { start: count * size, size: rest, count: 1 }],
      // Use two tiles of equal size instead of a large and a small one.
      [{ start: 0, size, count: count - 1 }, { start: (count - 1) * size, size: (size + rest) / 2, count: 2 }],
    ];
    for (const tiles of candidates) {
      const segments = tiles.filter((segment) => segment.size > 0 && segment.count > 0);
      const cost = segments.reduce((total, segment) => total + segment.count * costOf(segment.size), segments.length / 100);
      if (cost >= least || segments.some((segment) => !Number.isInteger(segment.size))) continue;
      least = cost;
      best = segments;
    }
  }
  return best;
}
