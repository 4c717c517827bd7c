import { i32, i32x4, select, type Expr } from "@nn/wasm";
import type { Code } from "./lanes.js";

type Int = Expr<"i32">;
type Vector = Expr<"v128">;

/** `x` shifted left by `y` bits: 0 where these are not 0 to 31. */
export function shiftLeft(x: Int, y: Int, b: Code): Int {
  const count = b.let(y);
  return select(i32.lt_u(count, 32), i32.shl(x, count), i32.const(0));
}

/** `x` shifted right by `y` bits: the sign where these are not 0 to 31. */
export function shiftRight(x: Int, y: Int, b: Code): Int {
  const count = b.let(y);
  return i32.shr_s(x, select(i32.lt_u(count, 32), count, i32.const(31)));
}

/** A shift in each lane: WebAssembly shifts all lanes of a vector by the same number of bits. */
export function inEachLane(shift: typeof shiftLeft) {
  return (x: Vector, y: Vector, b: Code): Vector => {
    const [values, count] = [b.let(x), b.let(y)];
    return [0, 1, 2, 3].reduce<Vector>(
      (all, lane) => i32x4.replace_lane(all, shift(i32x4.extract_lane(values, lane), i32x4.extract_lane(count, lane), b), lane), values,
    );
  };
}
