import { f32x4, i16x8, i32, i32x4, i8x16, v128, type Expr } from "@nn/wasm";
import type { Code, LaneAddress } from "../lanes.js";
import type { Panel } from "./packed-products.js";

type Vector = Expr<"v128">;
type Index = Expr<"i32">;

/** The nearest whole number from 0 to 127 in each lane. Adding 2²³ rounds halves to even, and leaves the number in the lowest bits. NaN becomes 0. */
function limited(x: Vector): Vector {
  const zero = f32x4.const(0);
  return v128.and(f32x4.add(f32x4.pmin(f32x4.const(127), f32x4.pmax(zero, x)), f32x4.const(2 ** 23)), i32x4.const(127));
}

/** Vectors of small numbers as bytes. */
function bytesOf(x: Vector, y: Vector, z: Vector, t: Vector): Vector {
  return i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(x, y), i16x8.narrow_i32x4_s(z, t));
}

/** Writes a row of `k` neighbouring elements as bytes, the last word filled up with zeros. Reads up to 12 bytes beyond the row. */
export function packRow(b: Code, { address, offset }: Pick<LaneAddress, "address" | "offset">, to: Index, k: number): void {
  const [from, target] = [b.let(address), b.let(to)];
  const whole = Math.floor(k / 16);
  const load = (element: number): Vector => limited(v128.load(from, { offset: offset + 4 * element, align: 4 }));
  if (whole > 0) {
    b.forRange(0, whole, 1, () => {
      b.v128.store(target, bytesOf(load(0), load(4), load(8), load(12)), { align: 4 });
      b.set(from, i32.add(from, 64));
      b.set(target, i32.add(target, 16));
    });
  }
  for (let element = 0; 16 * whole + element < k; element += 4) {
    const count = k - 16 * whole - element;
    const numbers = b.let(count >= 4 ? load(element) : v128.and(load(element), i32x4.const(...lanesBelow(count))));
    b.v128.store32_lane(target, bytesOf(numbers, numbers, numbers, numbers), 0, { offset: element });
  }
}

function lanesBelow(count: number): [number, number, number, number] {
  const lane = (number: number): number => (number < count ? -1 : 0);
  return [lane(0), lane(1), lane(2), lane(3)];
}

/** Writes words of four neighbouring rows, all columns of the panel side by side, in whole vectors. Reads up to 12 bytes beyond the rows. */
export function packColumns(b: Code, { address, offset }: Pick<LaneAddress, "address" | "offset">, to: Index, { k, m, columns }: Panel): void {
  const vectors = Math.ceil(columns / 4);
  const [from, target] = [b.let(address), b.let(to)];
  const writeWords = (rows: number): void => {
    for (let vector = 0; vector < vectors; vector++) {
      const numbers = Array.from({ length: rows }, (_, row) => limited(v128.load(i32.add(from, 4 * m * row), { offset: offset + 16 * vector, align: 4 })));
      b.v128.store(target, numbers.reduce((word, number, row) => v128.or(word, i32x4.shl(number, 8 * row))), { offset: 16 * vector });
    }
  };
  const whole = Math.floor(k / 4);
  if (whole > 0) {
    b.forRange(0, whole, 1, () => {
      writeWords(4);
      b.set(from, i32.add(from, 16 * m));
      b.set(target, i32.add(target, 16 * vectors));
    });
  }
  if (k % 4 > 0) writeWords(k % 4);
}
