/**
 * How fast matrix products are, as GFLOP/s and as a fraction of the roofline: the rate of fused multiply-adds on registers alone,
 * measured in the same rounds. Every round times every product once; figures are medians over the rounds. Run it with
 * `pnpm --filter @nn/wasm bench:matmul [seconds] [plain]`; `plain` does without relaxed SIMD.
 */
import { f32x4, i32 } from "../src/assembler/operators.js";
import { ModuleBuilder } from "../src/assembler/module-builder.js";
import { MatmulKernels } from "../src/kernels/matmul/matmul-kernels.js";
import { emitMatmul, matmulScratchBytes } from "../src/kernels/matmul/matmul.js";
import { type MatmulSizes, planMatmul } from "../src/kernels/matmul/plan.js";
import { LinearMemory } from "../src/memory/linear-memory.js";
import { wasmFeatures } from "../src/detect-features.js";

const [seconds = "20", mode = "relaxed"] = process.argv.slice(2);
const fusedMultiplyAdd = mode !== "plain" && wasmFeatures().relaxedSimd;
const memory = new LinearMemory({ shared: false });

interface Job {
  readonly name: string;
  readonly group: string;
  readonly flop: number;
  run(): void;
  readonly times: number[];
}

function functionOf(module: ModuleBuilder): () => void {
  const { run } = new WebAssembly.Instance(new WebAssembly.Module(module.finish()), memory.imports).exports;
  if (typeof run !== "function") throw new Error("the module has no function");
  return () => run() as undefined;
}

/** Twelve sums, as many as the tiles have, and nothing else. */
function roofline(): Job {
  const turns = 20_000;
  const module = new ModuleBuilder({ memory: memory.declaration });
  module.function({ name: "run", export: true }, (b) => {
    const sums = Array.from({ length: 12 }, () => b.local("v128", f32x4.const(0)));
    const [x, y] = [b.let(f32x4.const(1.0001)), b.let(f32x4.const(0.9999))];
    const left = b.local("i32", turns);
    b.block((exit) => {
      b.loop((again) => {
        b.brIf(exit, i32.eqz(left));
        for (const sum of [...sums, ...sums]) {
          b.set(sum, fusedMultiplyAdd ? f32x4.relaxed_madd(x, y, sum) : f32x4.add(f32x4.mul(x, y), sum));
        }
        b.set(left, i32.sub(left, 1));
        b.br(again);
        b.loop(() => undefined);
      });
    });
    sums.forEach((sum, at) => b.v128.store(64, sum, { offset: at * 16 }));
  });
  return { name: "roofline", group: "", flop: turns * 24 * 8, run: functionOf(module), times: [] };
}

const largest = 2048;
const operands = [0, 1, 2].map(() => memory.allocate(largest * largest * 4));
operands.forEach((address, which) => {
  const view = memory.f32(address, largest * largest);
  for (let i = 0; i < view.length; i++) view[i] = Math.sin(i * (which + 1));
});

function product(group: string, kind: string, m: number, k: number, n: number): Job {
  const sizes: MatmulSizes = { m, n, k, transposeA: kind.startsWith("t"), transposeB: kind.endsWith("t") };
  const [a = 0, b = 0, c = 0] = operands;
  const scratch = i32.const(memory.allocate(matmulScratchBytes(sizes)));
  const module = new ModuleBuilder({ memory: memory.declaration });
  const at = (address: number) => ({ address: i32.const(address) });
  module.function({ name: "run", export: true }, (code) =>
    emitMatmul(code, { ...sizes, a: at(a), b: at(b), c: at(c), fusedMultiplyAdd, scratch }),
  );
  const name = `${kind} [${m}, ${k}] x [${k}, ${n}] ${planMatmul(sizes).method}, ${module.finish().length} bytes`;
  return { name, group, flop: 2 * m * n * k, run: functionOf(module), times: [] };
}

/** Products of arrays, as eager execution uses them: with copies in and out. */
function arrays(size: number): readonly Job[] {
  const kernels = MatmulKernels.create({ relaxedSimd: fusedMultiplyAdd });
  if (kernels === undefined) return [];
  const [a, b, c] = [0, 1, 2].map(() => new Float32Array(size * size).fill(1));
  const run = (): void => void kernels.multiply(a ?? new Float32Array(), b ?? new Float32Array(), { m: size, n: size, k: size }, c);
  return [{ name: `nn ${size} of arrays`, group: "arrays", flop: 2 * size ** 3, run, times: [] }];
}

const small = "784-128-10, batch 64";
const large = "784-512-512-10, batch 128";
const jobs: readonly Job[] = [
  roofline(),
  ...[64, 128, 256, 512, 1024, 2048].flatMap((size) =>
    (size <= 512 ? ["nn", "nt", "tn", "tt"] : size === 1024 ? ["nn", "nt"] : ["nn"]).map((kind) => product("square", kind, size, size, size)),
  ),
  product(small, "nt", 64, 784, 128),
  product(small, "nt", 64, 128, 10),
  product(small, "tn", 10, 64, 128),
  product(small, "nn", 64, 10, 128),
  product(small, "tn", 128, 64, 784),
  product(large, "nt", 128, 784, 512),
  product(large, "nt", 128, 512, 512),
  product(large, "nt", 128, 512, 10),
  product(large, "tn", 10, 128, 512),
  product(large, "nn", 128, 10, 512),
  product(large, "tn", 512, 128, 512),
  product(large, "nn", 128, 512, 512),
  product(large, "tn", 512, 128, 784),
  product("thin", "nt", 1, 784, 128),
  product("thin", "nn", 1, 128, 784),
  product("thin", "nt", 16, 32, 64),
  product("thin", "nt", 64, 10, 128),
  product("tiny", "nt", 1, 4, 8),
  product("tiny", "nt", 1, 8, 3),
  product("tiny", "tn", 8, 1, 4),
  ...[64, 256, 1024].flatMap(arrays),
];

/** Microseconds of one run; short ones are repeated. */
function time({ flop, run }: Job): number {
  const repetitions = Math.max(1, Math.round(1e7 / flop));
  const start = performance.now();
  for (let i = 0; i < repetitions; i++) run();
  return ((performance.now() - start) * 1000) / repetitions;
}

const median = (values: readonly number[]): number => values.toSorted((x, y) => x - y)[values.length >> 1] ?? NaN;

for (const job of jobs) for (let i = 0; i < 4; i++) time(job);
await new Promise((resolve) => setTimeout(resolve, 200)); // for the optimizing compiler, which runs beside
const end = performance.now() + Number(seconds) * 1000;
do {
  for (const job of jobs) job.times.push(time(job));
} while (performance.now() < end);

const [top] = jobs;
for (const { name, group, flop, times } of jobs) {
  const microseconds = median(times);
  const fraction = median(times.map((each, round) => (flop / each) * ((top?.times[round] ?? NaN) / (top?.flop ?? NaN))));
  const figures = [`${microseconds.toFixed(2)} us`.padStart(14), `${(flop / microseconds / 1000).toFixed(1)} GFLOP/s`.padStart(14)];
  console.log(`${group.padEnd(26)}${name.padEnd(52)}${figures.join("")}${`${(fraction * 100).toFixed(0)} %`.padStart(7)}`);
}
for (const group of [small, large]) {
  const total = jobs.filter((job) => job.group === group).reduce((sum, { times }) => sum + median(times), 0);
  console.log(`${group}: ${(total / 1000).toFixed(3)} ms together`);
}
