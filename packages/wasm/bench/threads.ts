/**
 * What a run on several threads and a barrier cost. In this folder:
 * `npx esbuild bench/threads.ts --bundle --platform=node --format=esm | node --input-type=module - 2` for two threads.
 * Figures are microseconds: the median of many rounds, and the 95th percentile.
 */
import { availableThreads, defineBarrier, LinearMemory, ModuleBuilder, ThreadPool } from "../src/index.js";

const threads = Number(process.argv[2] ?? Math.min(2, availableThreads()));
const memory = new LinearMemory();
const pool = new ThreadPool(memory, { threads });

const params = { thread: "i32", threads: "i32" } as const;
const module = new ModuleBuilder({ memory: memory.declaration });
const barrier = defineBarrier(module, pool.barrier);
const barriers = 1000;
module.function({ name: "nothing", params, export: true }, () => {});
module.function({ name: "barriers", params, export: true }, (b, { thread, threads }) => {
  b.forRange(0, barriers, 1, () => b.call(barrier, { thread, threads }));
});
const program = pool.load(new WebAssembly.Module(module.finish()));

program.run("nothing");
const start = performance.now();
program.run("nothing");
const firstRun = performance.now() - start;
await program.ready();
console.log(`${threads} threads; the run that starts workers ${firstRun.toFixed(1)} ms, all up after ${(performance.now() - start).toFixed(0)} ms`);

/** Microseconds for each of `rounds` rounds of `times` calls, sorted. */
function measure(rounds: number, times: number, call: () => void, between: () => void = () => {}): number[] {
  const samples = Array.from({ length: rounds }, () => {
    between();
    const start = performance.now();
    for (let time = 0; time < times; time++) call();
    return ((performance.now() - start) * 1000) / times;
  });
  return samples.toSorted((a, b) => a - b);
}

function report(label: string, samples: readonly number[], unit = 1): void {
  const at = (part: number): string => ((samples[Math.floor(part * samples.length)] ?? NaN) / unit).toFixed(2);
  console.log(`${label.padEnd(44)} ${at(0.5).padStart(8)} ${at(0.95).padStart(8)}`);
}

/** Keeps the caller busy for about that many microseconds, as the host's part of a step does. */
function busy(microseconds: number): void {
  const end = performance.now() + microseconds / 1000;
  while (performance.now() < end);
}

console.log("".padEnd(44), "  median", "     95%");
measure(20, 1000, () => program.run("nothing"));
report("run on one thread", measure(200, 100, () => program.run("nothing", 1)));
report("run, back to back", measure(200, 100, () => program.run("nothing")));
for (const pause of [5, 10, 20, 50, 200, 2000]) {
  report(`run, ${pause} µs after another`, measure(200, 1, () => program.run("nothing"), () => busy(pause)));
}
report("barrier", measure(200, 1, () => program.run("barriers")), barriers);
console.log(pool.statistics);
