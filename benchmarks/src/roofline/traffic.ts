import { f32x4, i32, LinearMemory, ModuleBuilder, v128, type Expr, type Local } from "@nn/wasm";
import type { Load } from "../competitor/load.js";
import { onThreads } from "./threads.js";

/** Reads and writes as many bytes as a workload needs, and computes nothing. */
export interface TrafficParameters {
  readonly bytes: number;
}

const vector = 16;
const unrolled = 4;

type Pattern = "copy" | "triad" | "read";

/** How many arrays a pattern goes through. */
const arrays: { readonly [P in Pattern]: number } = { copy: 2, triad: 3, read: 1 };

function moduleOf(pattern: Pattern, memory: LinearMemory): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder({ memory: memory.declaration });
  const params = { from: "i32", to: "i32", x: "i32", y: "i32", z: "i32" } as const;
  module.function({ name: "work", params, result: "f32", export: true }, (b, { from, to, x, y, z }) => {
    const sums = Array.from({ length: unrolled }, () => b.let(f32x4.splat(0)));
    b.forRange(from, to, vector * unrolled, (at) => {
      sums.forEach((sum, k) => {
        const offset = { offset: k * vector };
        const loaded = v128.load(i32.add(x, at), offset);
        if (pattern === "copy") b.v128.store(i32.add(y, at), loaded, offset);
        else if (pattern === "read") b.set(sum, f32x4.add(sum, loaded));
        else b.v128.store(i32.add(z, at), f32x4.add(loaded, f32x4.mul(v128.load(i32.add(y, at), offset), f32x4.splat(3))), offset);
      });
    });
    return f32x4.extract_lane(sums.slice(1).reduce<Expr<"v128">>((total, sum) => f32x4.add(total, sum), sums[0] as Local<"v128">), 0);
  });
  return module.finish();
}

/** Variants: "copy", "triad" (`z = x + 3 y`, after STREAM, McCalpin 1995) and "read" (sums). */
export const load: Load<TrafficParameters> = ({ bytes }, { variant, threads }) => {
  const pattern = variant as Pattern;
  const step = vector * unrolled;
  const length = Math.ceil(bytes / arrays[pattern] / step / threads) * step * threads;
  const memory = new LinearMemory({ shared: threads > 1 });
  const addresses = Array.from({ length: arrays[pattern] }, () => {
    const address = memory.allocate(length);
    memory.f32(address, length / 4).fill(1);
    return address;
  });
  const [x = 0, y = 0, z = 0] = addresses;
  const chunk = length / threads;
  const run = onThreads(moduleOf(pattern, memory), threads, (thread) => [thread * chunk, (thread + 1) * chunk, x, y, z], memory.memory);
  return { run, check: () => [] };
};
