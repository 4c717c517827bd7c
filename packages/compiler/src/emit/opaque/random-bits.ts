import { sizeOf } from "@nn/tensor";
import { i32, i64, type Expr, type Local } from "@nn/wasm";
import { GraphError } from "../../errors.js";
import type { Code } from "../lanes.js";
import type { OpaqueEmitter } from "./emitter.js";
import { elementOf, placeIn } from "./nest.js";

/** Multipliers and key increments of Philox4x32 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"). */
const multipliers = [0xd2511f53, 0xcd9e8d57] as const;
const increments = [0x9e3779b9, 0xbb67ae85] as const;
const rounds = 10;

/** Blocks of four words, counted from the state's position on. */
export const emitRandomBits: OpaqueEmitter<"randomBits"> = (b, { inputs: [state], output, attributes: { bits } }, around) => {
  if (state === undefined) throw new GraphError("randomBits has one input");
  const size = sizeOf(output.shape);
  const blocks = Math.ceil(size / 4);
  const [key0, key1, counter0, counter1] = [0, 4, 8, 12].map((word) => {
    const { address, offset } = placeIn(state, i32.const(word), around);
    return b.let(i32.load(address, { offset }));
  });
  if (key0 === undefined || key1 === undefined || counter0 === undefined || counter1 === undefined) throw new GraphError("the state has four words");
  const start = b.let(i64.or(i64.extend_i32_u(counter0), i64.shl(i64.extend_i32_u(counter1), i64.const(32n))));
  const bound = (of: Expr<"i32">): Expr<"i32"> => i32.div_u(i32.mul(of, blocks), around.threads);
  const low = b.let(bound(around.thread));
  const high = b.let(bound(i32.add(around.thread, 1)));
  b.forRange(low, high, 1, (block) => {
    const words = philox(b, i64.add(start, i64.extend_i32_u(block)), key0, key1);
    words.forEach((word, lane) => {
      const at = b.let(i32.add(i32.shl(block, 2), lane));
      const value = bits === 32 ? word : i32.shr_u(word, 32 - bits);
      const { address, offset } = elementOf(output, at, around);
      b.if(i32.lt_u(at, size), () => b.i32.store(address, value, { offset }));
    });
  });
};

/** The four words of one block. */
function philox(b: Code, counter: Expr<"i64">, key0: Expr<"i32">, key1: Expr<"i32">): readonly Local<"i32">[] {
  const whole = b.let(counter);
  const words = [b.let(i32.wrap_i64(whole)), b.let(i32.wrap_i64(i64.shr_u(whole, i64.const(32n)))), b.local("i32", 0), b.local("i32", 0)] as const;
  const keys = [b.let(key0), b.let(key1)] as const;
  for (let round = 0; round < rounds; round++) {
    const first = b.let(i64.mul(i64.extend_i32_u(words[0]), i64.const(BigInt(multipliers[0]))));
    const second = b.let(i64.mul(i64.extend_i32_u(words[2]), i64.const(BigInt(multipliers[1]))));
    const upper = (product: Expr<"i64">): Expr<"i32"> => i32.wrap_i64(i64.shr_u(product, i64.const(32n)));
    b.set(words[0], i32.xor(i32.xor(upper(second), words[1]), keys[0]));
    b.set(words[1], i32.wrap_i64(second));
    b.set(words[2], i32.xor(i32.xor(upper(first), words[3]), keys[1]));
    b.set(words[3], i32.wrap_i64(first));
    b.set(keys[0], i32.add(keys[0], increments[0] | 0));
    b.set(keys[1], i32.add(keys[1], increments[1] | 0));
  }
  return words;
}
