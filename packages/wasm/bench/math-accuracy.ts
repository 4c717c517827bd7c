/**
 * Largest errors of the float32 functions over every `stride`-th float32 (default 61; 1 is all of them), in units of the last
 * position, against float64.
 *
 *     pnpm tsup bench/math-accuracy.ts --no-config --format esm --target es2022 --out-dir temp/bench --silent
 *     node temp/bench/math-accuracy.js [stride [name ...]]
 */
import { i32, LinearMemory, ModuleBuilder, v128 } from "../src/index.js";
import * as functions from "../src/kernels/math/vector/index.js";
import { truths } from "../test/kernels/math/truth.js";

const vectorMath = { ...functions };
const count = 2 ** 16;
const memory = new LinearMemory({ shared: false });
const [xs, ys, results] = [0, 1, 2].map(() => memory.allocate(count * 4)) as [number, number, number];

const module = new ModuleBuilder({ memory: memory.declaration });
const names = Object.keys(vectorMath) as (keyof typeof vectorMath)[];
for (const name of names) {
  module.function({ name, export: true }, (b) => {
    b.forRange(0, count * 4, 16, (i) => {
      const y = v128.load(i32.add(i, ys));
      b.v128.store(i32.add(i, results), vectorMath[name](b, v128.load(i32.add(i, xs)), y));
    });
  });
}
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.finish()), memory.imports);
const programs = exports as { readonly [name: string]: () => void };

const x = memory.f32(xs, count);
const y = memory.f32(ys, count);
const bits = new Uint32Array(memory.buffer, xs, count);
const otherBits = new Uint32Array(memory.buffer, ys, count);
const result = memory.f32(results, count);

const one = new Float32Array(1);
const oneBits = new Uint32Array(one.buffer);
/** Distance of a float32 from the true value in units of its last place; 0 where it is an infinity or NaN as it should be. */
function distance(value: number, exact: number): number {
  one[0] = exact;
  const nearest = one[0];
  if (Object.is(value, nearest) && !Number.isFinite(value)) return 0;
  if (value === 0 && nearest === 0 && !Object.is(value, nearest)) return Infinity;
  const error = Math.abs(value - exact) / unit(oneBits[0] as number);
  return Number.isNaN(error) ? Infinity : error;
}
const unit = (pattern: number): number => 2 ** (Math.max((pattern >>> 23) & 255, 1) - 150);

/** Operands of a run: patterns in steps for x; for two, a scrambled y that is often near x in size. */
function fill(start: number, stride: number, isBinary: boolean): void {
  for (let i = 0; i < count; i++) bits[i] = start + i * stride;
  if (!isBinary) return;
  let state = start ^ 0x9e3779b9;
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    otherBits[i] = i % 3 === 0 ? state : ((bits[i] as number) & 0xff80_0000) ^ (state & 0x83ff_ffff);
    if (i % 3 === 2) y[i] = Math.fround((state % 4096) / 64);
  }
}

const [stride = "61", ...wanted] = process.argv.slice(2);
for (const name of names.filter((each) => wanted.length === 0 || wanted.includes(each))) {
  const isBinary = ["pow", "atan2", "remainder"].includes(name);
  let [worst, where, worstNormal] = [0, "", 0];
  for (let start = 0; start < 2 ** 32; start += count * Number(stride)) {
    fill(start, Number(stride), isBinary);
    programs[name]?.();
    for (let i = 0; i < count; i++) {
      const exact = truths[name](x[i] as number, y[i] as number);
      const error = distance(result[i] as number, exact);
      if (error > worstNormal && Math.abs(exact) >= 2 ** -126) worstNormal = error;
      if (error <= worst) continue;
      worst = error;
      where = isBinary ? `${x[i]}, ${y[i]}` : `${x[i]}`;
      where += ` gives ${result[i]}, not ${exact}`;
    }
  }
  console.log(`${name.padEnd(10)} ${worst.toFixed(2)} ulp (normal ${worstNormal.toFixed(2)}) at ${where}`);
}
