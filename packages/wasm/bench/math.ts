/**
 * Nanoseconds per element of each function over a million elements, next to a plain copy: float32 in vectors, then float64.
 * Best of several interleaved rounds.
 *
 *     pnpm tsup bench/math.ts --no-config --format esm --target es2022 --out-dir temp/bench --silent
 *     node temp/bench/math.js [name ...]
 */
import { f64, i32, LinearMemory, ModuleBuilder, scalarMath, v128 } from "../src/index.js";
import * as vectorMath from "../src/kernels/math/vector/index.js";

const elements = 1_000_000;
const rounds = 12;
const memory = new LinearMemory({ shared: false });
const input = memory.allocate(elements * 8);
const other = memory.allocate(elements * 8);
const output = memory.allocate(elements * 8);

const wanted = process.argv.slice(2);
const names = (Object.keys(vectorMath) as (keyof typeof vectorMath)[]).filter(
  (name) => wanted.length === 0 || wanted.includes(name),
);

const module = new ModuleBuilder({ memory: memory.declaration });
module.function({ name: "copy32", export: true }, (b) => {
  b.forRange(0, elements * 4, 16, (i) => b.v128.store(i32.add(i, output), v128.load(i32.add(i, input))));
});
module.function({ name: "copy64", export: true }, (b) => {
  b.forRange(0, elements * 8, 8, (i) => b.f64.store(i32.add(i, output), f64.load(i32.add(i, input))));
});
const sizes = new Map<string, number>();
for (const name of names) {
  const before = module.finish().length;
  module.function({ name: `${name}32`, export: true }, (b) => {
    b.forRange(0, elements * 4, 16, (i) => {
      const y = v128.load(i32.add(i, other));
      b.v128.store(i32.add(i, output), vectorMath[name](b, v128.load(i32.add(i, input)), y));
    });
  });
  sizes.set(`${name}32`, module.finish().length - before);
  const between = module.finish().length;
  module.function({ name: `${name}64`, export: true }, (b) => {
    b.forRange(0, elements * 8, 8, (i) => {
      const y = f64.load(i32.add(i, other));
      b.f64.store(i32.add(i, output), scalarMath[name](b, f64.load(i32.add(i, input)), y));
    });
  });
  sizes.set(`${name}64`, module.finish().length - between);
}
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.finish()), memory.imports);
const functions = exports as { readonly [name: string]: () => void };

/** Both operands positive and moderate, so that every function has its common case. */
function fill(kind: 32 | 64): void {
  for (const address of [input, other]) {
    const values = kind === 32 ? memory.f32(address, elements) : memory.f64(address, elements);
    let state = address;
    for (let i = 0; i < elements; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      values[i] = ((state >>> 0) + 1) / 2 ** 32.001;
    }
  }
}

for (const kind of [32, 64] as const) {
  fill(kind);
  const programs = ["copy", ...names].map((name) => `${name}${kind}`);
  const best = new Map(programs.map((name) => [name, Infinity]));
  for (let round = 0; round < rounds; round++) {
    for (const name of programs) {
      for (let i = 0; i < 2; i++) {
        const start = performance.now();
        functions[name]?.();
        best.set(name, Math.min(best.get(name) ?? Infinity, performance.now() - start));
      }
    }
  }
  const copy = best.get(`copy${kind}`) ?? 1;
  console.log(`\nfloat${kind}      ns/element   x copy   bytes of code`);
  for (const [name, time] of best) {
    const figures = [(time * 1e6) / elements, time / copy].map((value) => value.toFixed(2).padStart(9));
    console.log(`${name.slice(0, -2).padEnd(12)}${figures.join("")}${String(sizes.get(name) ?? "").padStart(16)}`);
  }
}
