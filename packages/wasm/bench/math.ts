/**
 * Nanoseconds per element of each function over a million elements, next to a plain copy.
 * Best of several interleaved rounds.
 *
 *     pnpm tsup bench/math.ts --no-config --format esm --target es2022 --out-dir temp/bench --silent
 *     node temp/bench/math.js [name ...]
 */
import { i32, LinearMemory, ModuleBuilder, v128 } from "../src/index.js";
import * as functions from "../src/kernels/math/vector/index.js";

const vectorMath = { ...functions };
const elements = 1_000_000;
const rounds = 12;
const memory = new LinearMemory({ shared: false });
const input = memory.allocate(elements * 4);
const other = memory.allocate(elements * 4);
const output = memory.allocate(elements * 4);

const wanted = process.argv.slice(2);
const names = (Object.keys(vectorMath) as (keyof typeof vectorMath)[]).filter(
  (name) => wanted.length === 0 || wanted.includes(name),
);

const module = new ModuleBuilder({ memory: memory.declaration });
module.function({ name: "copy", export: true }, (b) => {
  b.forRange(0, elements * 4, 16, (i) => b.v128.store(i32.add(i, output), v128.load(i32.add(i, input))));
});
const sizes = new Map<string, number>();
for (const name of names) {
  const before = module.finish().length;
  module.function({ name, export: true }, (b) => {
    b.forRange(0, elements * 4, 16, (i) => {
      const y = v128.load(i32.add(i, other));
      b.v128.store(i32.add(i, output), vectorMath[name](b, v128.load(i32.add(i, input)), y));
    });
  });
  sizes.set(name, module.finish().length - before);
}
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.finish()), memory.imports);
const programs = exports as { readonly [name: string]: () => void };

// Both operands positive and moderate, so that every function has its common case.
for (const address of [input, other]) {
  const values = memory.f32(address, elements);
  let state = address;
  for (let i = 0; i < elements; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    values[i] = ((state >>> 0) + 1) / 2 ** 32.001;
  }
}

const best = new Map(["copy", ...names].map((name) => [name, Infinity]));
for (let round = 0; round < rounds; round++) {
  for (const [name, time] of best) {
    for (let i = 0; i < 2; i++) {
      const start = performance.now();
      programs[name]?.();
      best.set(name, Math.min(best.get(name) ?? time, performance.now() - start));
    }
  }
}
const copy = best.get("copy") ?? 1;
console.log("            ns/element   x copy   bytes of code");
for (const [name, time] of best) {
  const figures = [(time * 1e6) / elements, time / copy].map((value) => value.toFixed(2).padStart(9));
  console.log(`${name.padEnd(12)}${figures.join("")}${String(sizes.get(name) ?? "").padStart(16)}`);
}
