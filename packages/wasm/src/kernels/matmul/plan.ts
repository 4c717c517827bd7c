import type { Blocks } from "./blocked.js";
import { panelColumns } from "./pack.js";

/** Sizes and layout of a product `op(A) · op(B)`: `[m, k] x [k, n]`, where `op` transposes or not. */
export interface MatmulSizes {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** A is stored as `[k, m]`. Default false. */
  readonly transposeA?: boolean;
  /** B is stored as `[n, k]`. Default false. */
  readonly transposeB?: boolean;
  /** Default "float32". */
  readonly dtype?: "float32" | "float64";
  /** Whether much is done with each element of the product: then the code for it is written once, for a loop. Default false. */
  readonly heavyStore?: boolean;
}

/**
 * How a product is computed.
 * - `outer`: operands where they lie, tiles as sums of outer products; best for small ones with B contiguous along its columns.
 * - `dot`: operands where they lie, tiles of dot products; best for few rows where both are contiguous along the shared axis.
 * - `blocked`: packed panels.
 */
export type MatmulPlan = { readonly parallelAxis: "rows" | "columns" } & (
  | { readonly method: "outer" | "dot" }
  | { readonly method: "blocked"; readonly blocks: Blocks }
);

/** How a product of these sizes is computed: in the way that is fastest as a rule, or by `method`. */
export function planMatmul(sizes: MatmulSizes, method: MatmulPlan["method"] = methodOf(sizes)): MatmulPlan {
  const parallelAxis = sizes.n > sizes.m ? "columns" : "rows";
  return method === "blocked" ? { method, parallelAxis, blocks: blocksOf(sizes) } : { method, parallelAxis };
}

// Sizes up to which operands are used where they lie. Measured with `bench/matmul.ts`.
/** Multiplications: below this packing is not worth its code. */
const directMultiplications = 2 ** 13;
/** Rows or columns: so few do not make up for packing the other operand. */
const directThin = 12;
/** Bytes of the right operand of outer products, which is read again for every six rows. */
const directRightBytes = 2 ** 18;
/** Bytes of the left one if it is read across its rows, for every eight columns. */
const directLeftBytesAcross = 2 ** 16;
/** Bytes of the smaller operand of dot products, which is read again for every few rows of the other one. */
const directDotBytes = 320 * 1024;
/** Length of dot products: shorter ones spend their time on adding lanes. */
const directDotLength = 16;

function methodOf({ m, n, k, transposeA = false, transposeB = false, dtype = "float32", heavyStore = false }: MatmulSizes): MatmulPlan["method"] {
  const across = transposeA && m > 1;
  const dots = (transposeB || n === 1) && !across;
  const where = dots ? "dot" : "outer";
  if (dtype === "float64" || m * n * k <= directMultiplications || Math.min(m, n) <= directThin) return where;
  if (dots) return k >= directDotLength && Math.min(m, n) * k * 4 <= directDotBytes ? "dot" : "blocked";
  if (transposeB || heavyStore) return "blocked";
  return k * n * 4 <= directRightBytes && (!across || k * m * 4 <= directLeftBytesAcross) ? "outer" : "blocked";
}

function blocksOf({ m, n, k }: MatmulSizes): Blocks {
  const columns = evenly(n, 320, panelColumns);
  const shared = evenly(k, 512, 4);
  const rows = evenly(m, 768, 12);
  return { shared, columns, rows };
}

/** The least size, a multiple of `grain`, of blocks that divide `length` into as few as blocks of at most `largest` would. */
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

/** Divides an axis into tiles of one size or two, so that the work of all tiles is least; `costOf(size)` is that of one. */
export function divide(length: number, largest: number, costOf: (size: number) => number): readonly Segment[] {
  let least = Infinity;
  let best: readonly Segment[] = [];
  for (let size = Math.min(largest, length); size > 0; size--) {
    const count = Math.floor(length / size);
    const rest = length - count * size;
    const candidates = [
      [{ start: 0, size, count }, { start: count * size, size: rest, count: 1 }],
      // Two tiles of equal size instead of a large and a small one.
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
