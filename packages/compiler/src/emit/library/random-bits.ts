import { sizeOf } from "@nn/tensor/extend";
import { i32, i32x4, i64, i64x2, i8x16, v128, type Expr, type Local } from "@nn/wasm";
import { at } from "../../ir/at.js";
import type { Code } from "../lanes.js";
import { vectorLanes } from "../vector.js";
import type { LibraryEmitter } from "./emitter.js";
import { addressIn } from "./nest.js";

type Vector = Local<"v128">;

/** The four words of four blocks, a block in each lane. */
type Words = readonly [Vector, Vector, Vector, Vector];

/** Multipliers and key increments of Philox4x32 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"). */
const multipliers = [0xd2511f53, 0xcd9e8d57] as const;
const increments = [0x9e3779b9, 0xbb67ae85] as const;
const rounds = 10;

/** The unroll factor: groups of four blocks computed side by side, so that the rounds of one group overlap with those of another. */
const unroll = 2;

/** Words computed in one iteration. */
const iterationWords = 16 * unroll;

/** Writes blocks of four words, counted from the position of the state. The lanes of a group hold four blocks. */
export const emitRandomBits: LibraryEmitter<"randomBits"> = (b, { inputs: [state], output, attributes: { bits } }, context) => {
  const size = sizeOf(output.shape);
  const iterations = Math.ceil(size / iterationWords);
  const word = (index: number): Expr<"i32"> => {
    const { address, offset } = addressIn(state, i32.const(4 * index), context);
    return i32.load(address, { offset });
  };
  const key = [b.let(i32x4.splat(word(0))), b.let(i32x4.splat(word(1)))] as const;
  const start = b.let(i64.or(i64.extend_i32_u(word(2)), i64.shl(i64.extend_i32_u(word(3)), i64.const(32n))));
  const bound = (of: Expr<"i32">): Expr<"i32"> => i32.div_u(i32.mul(of, iterations), context.threads);
  const low = b.let(bound(context.thread));
  const high = b.let(bound(i32.add(context.thread, 1)));
  const mix = mixer(b);
  b.forRange(low, high, 1, (iteration) => {
    const first = b.let(i64.add(start, i64.extend_i32_u(i32.mul(iteration, 4 * unroll))));
    const words = Array.from({ length: unroll }, (_, copy) => countersFrom(b, i64.add(first, i64.const(BigInt(4 * copy)))));
    mix(words, [b.let(key[0]), b.let(key[1])]);
    const blocks = words.flatMap((each) => transposed(b, each)).map((block) => (bits === 32 ? block : b.let(i32x4.shr_u(block, 32 - bits))));
    const { address, offset } = addressIn(output, i32.mul(iteration, iterationWords * 4), context);
    const target = b.let(address);
    const store = (count: number): void => blocks.slice(0, Math.ceil(count / 4)).forEach((block, index) => {
      vectorLanes.store(b, "int32", { address: target, offset: offset + 16 * index, laneBytes: 4 }, Math.min(4, count - 4 * index), block);
    });
    const rest = size % iterationWords;
    if (rest === 0) store(iterationWords);
    else b.if(i32.eq(iteration, iterations - 1), () => store(rest), () => store(iterationWords));
  });
};

/** The counters of four blocks from `first` on. */
function countersFrom(b: Code, first: Expr<"i64">): Words {
  const whole = b.let(first);
  const base = b.let(i32x4.splat(i32.wrap_i64(whole)));
  const lower = b.let(i32x4.add(base, i32x4.const(0, 1, 2, 3)));
  const upper = i32x4.splat(i32.wrap_i64(i64.shr_u(whole, i64.const(32n))));
  return [lower, b.let(i32x4.sub(upper, i32x4.lt_u(lower, base))), b.local("v128"), b.local("v128")];
}

/** Turns counters into random words with a key; changes both. Constants are kept in locals. */
function mixer(b: Code): (groups: readonly Words[], key: readonly [Vector, Vector]) => void {
  const [factor0, factor1] = [b.let(i32x4.const(multipliers[0])), b.let(i32x4.const(multipliers[1]))];
  const [step0, step1] = [b.let(i32x4.const(increments[0])), b.let(i32x4.const(increments[1]))];
  const multiplied = (x: Vector, factor: Vector): readonly [low: Vector, high: Vector] => {
    const [first, second] = [b.let(i64x2.extmul_low_i32x4_u(x, factor)), b.let(i64x2.extmul_high_i32x4_u(x, factor))];
    return [b.let(i32x4.mul(x, factor)), b.let(shuffled(first, second, 1, 3, 5, 7))];
  };
  return (groups, [key0, key1]) => {
    b.forRange(0, rounds, 1, () => {
      const products = groups.map(([x0, , x2]) => [...multiplied(x0, factor0), ...multiplied(x2, factor1)] as const);
      groups.forEach(([x0, x1, x2, x3], group) => {
        const [low0, high0, low1, high1] = at(products, group);
        b.set(x0, v128.xor(v128.xor(high1, x1), key0));
        b.set(x1, low1);
        b.set(x2, v128.xor(v128.xor(high0, x3), key1));
        b.set(x3, low0);
      });
      b.set(key0, i32x4.add(key0, step0));
      b.set(key1, i32x4.add(key1, step1));
    });
  };
}

/** Transposes: from one block in each lane to one block in each vector. */
function transposed(b: Code, [x0, x1, x2, x3]: Words): Words {
  const pair = (x: Vector, y: Vector, lane: number): Vector => b.let(shuffled(x, y, lane, lane + 4, lane + 1, lane + 5));
  const [front0, front1, back0, back1] = [pair(x0, x1, 0), pair(x2, x3, 0), pair(x0, x1, 2), pair(x2, x3, 2)];
  const half = (x: Vector, y: Vector, lane: number): Vector => b.let(shuffled(x, y, lane, lane + 1, lane + 4, lane + 5));
  return [half(front0, front1, 0), half(front0, front1, 2), half(back0, back1, 0), half(back0, back1, 2)];
}

/** Selects lanes of two vectors; the lanes of the second are 4 to 7. */
function shuffled(x: Vector, y: Vector, ...lanes: readonly number[]): Expr<"v128"> {
  return i8x16.shuffle(x, y, lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)));
}
