import { f32x4, ModuleBuilder, wasmFeatures, type Local, type Operand } from "@nn/wasm";
import type { Load } from "../competitor/load.js";
import { onThreads } from "./threads.js";

/** Does as many multiplications and additions as a workload needs, in registers only: the limit of WebAssembly on this machine. */
export interface ArithmeticParameters {
  readonly flops: number;
}

/** The number of independent sums: enough to hide the latency of one, few enough for 16 registers. */
const sums = 12;
const unrolled = 4;
const flopsPerTurn = sums * unrolled * 4 * 2;

type Vector = Operand<"v128">;

function moduleOf(fused: boolean): Uint8Array<ArrayBuffer> {
  const multiplyAdd = (x: Vector, y: Vector, sum: Vector) => (fused ? f32x4.relaxed_madd(x, y, sum) : f32x4.add(f32x4.mul(x, y), sum));
  const module = new ModuleBuilder();
  module.function({ name: "work", params: { turns: "i32" }, result: "f32", export: true }, (b, { turns }) => {
    const x = b.let(f32x4.splat(0.999));
    const y = b.let(f32x4.splat(1e-3));
    const held: Local<"v128">[] = Array.from({ length: sums }, (_, at) => b.let(f32x4.splat(at)));
    b.forRange(0, turns, 1, () => {
      for (let again = 0; again < unrolled; again++) for (const sum of held) b.set(sum, multiplyAdd(x, y, sum));
    });
    const [first, ...others] = held as [Local<"v128">, ...Local<"v128">[]];
    for (const sum of others) b.set(first, f32x4.add(first, sum));
    return f32x4.extract_lane(first, 0);
  });
  return module.finish();
}

/** Variants: "best" uses the fused multiply-add if the engine has it, "unfused" does not. */
export const load: Load<ArithmeticParameters> = ({ flops }, { variant, threads }) => {
  const { relaxedSimd } = wasmFeatures();
  const turns = Math.max(1, Math.round(flops / flopsPerTurn / threads));
  const run = onThreads(moduleOf(relaxedSimd && variant !== "unfused"), threads, [turns]);
  return { run, check: () => [] };
};
