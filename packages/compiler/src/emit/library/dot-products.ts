import { i16x8, i32x4, ModuleBuilder, v128 } from "@nn/wasm";
import type { WordPart } from "./packed-products.js";

/** Products of four bytes of weights, which have signs, and four bytes of inputs from 0 to 127. */
const weights: WordPart["weights"] = (words) => words;
const inputs: WordPart["inputs"] = (load) => load(0);

/** One instruction of relaxed SIMD, where the processor has one. Since inputs have 7 bits, it gives the same numbers on every machine. */
const fused: readonly WordPart[] = [{ weights, inputs, add: (factors, numbers, sum) => i32x4.relaxed_dot_i8x16_i7x16_add_s(factors, numbers, sum) }];

/** The same in two steps. */
const pairwise: readonly WordPart[] = [{ weights, inputs, add: (factors, numbers, sum) => i32x4.add(sum, i32x4.extadd_pairwise_i16x8_s(i16x8.relaxed_dot_i8x16_i7x16_s(factors, numbers))) }];

/** Without relaxed SIMD: the even and the odd bytes as numbers of 16 bits. */
const add: WordPart["add"] = (factors, numbers, sum) => i32x4.add(sum, i32x4.dot_i16x8_s(factors, numbers));
const plain: readonly WordPart[] = [
  { weights: (words) => i16x8.shr_s(i16x8.shl(words, 8), 8), inputs: (load) => v128.and(load(0), i32x4.const(0x00ff_00ff)), add },
  { weights: (words) => i16x8.shr_s(words, 8), inputs: (load) => i16x8.shr_u(load(0), 8), add },
];

let fusedIsRight: boolean | undefined;

/** Whether the engine computes the fused dot product right. The baseline compiler of V8 11 (Node 20) loses the sum if it is a temporary. */
function hasFused(): boolean {
  if (fusedIsRight === undefined) {
    const module = new ModuleBuilder();
    module.function({ name: "probe", params: { x: "i32" }, result: "i32", export: true }, (_, { x }) =>
      i32x4.extract_lane(i32x4.relaxed_dot_i8x16_i7x16_add_s(i32x4.splat(x), i32x4.splat(x), i32x4.splat(x)), 0));
    const { probe } = new WebAssembly.Instance(new WebAssembly.Module(module.finish())).exports;
    fusedIsRight = typeof probe === "function" && probe(0x0102_0304) === 0x0102_0304 + 1 + 4 + 9 + 16;
  }
  return fusedIsRight;
}

/** How to compute dot products of bytes. */
export function dotProducts(relaxedSimd: boolean): readonly WordPart[] {
  return relaxedSimd ? (hasFused() ? fused : pairwise) : plain;
}
