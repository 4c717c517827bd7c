import { Worker } from "node:worker_threads";

/** The program of a worker: waits for a new turn, runs the work, and counts itself as done. */
const program = `
  const { workerData } = require("node:worker_threads");
  const { module, imports, args, flags } = workerData;
  const { work } = new WebAssembly.Instance(module, imports).exports;
  Atomics.add(flags, 1, 1);
  Atomics.notify(flags, 1);
  for (let turn = 0; ; turn++) {
    for (let spins = 0; Atomics.load(flags, 0) === turn; ) if (++spins > 10000) Atomics.wait(flags, 0, turn, 1000);
    work(...args);
    Atomics.add(flags, 1, 1);
  }
`;

/** Runs `work` of the module with these arguments on this many threads at once, this one included, until all are done. */
export function onThreads(
  bytes: Uint8Array<ArrayBuffer>,
  threads: number,
  args: readonly number[] | ((thread: number) => readonly number[]),
  memory?: WebAssembly.Memory,
): () => void {
  const imports = memory === undefined ? {} : { env: { memory } };
  const module = new WebAssembly.Module(bytes);
  const { work } = new WebAssembly.Instance(module, imports).exports;
  if (typeof work !== "function") throw new Error("the module has no function `work`");
  const argsOf = typeof args === "function" ? args : () => args;
  const mine = argsOf(0);
  if (threads === 1) return () => void work(...mine);

  const flags = new Int32Array(new SharedArrayBuffer(8));
  for (let thread = 1; thread < threads; thread++) {
    new Worker(program, { eval: true, workerData: { module, imports, args: argsOf(thread), flags } }).unref();
  }
  const others = threads - 1;
  const join = (): void => {
    while (Atomics.load(flags, 1) < others) continue;
    Atomics.store(flags, 1, 0);
  };
  for (let ready = 0; ready < others; ready = Atomics.load(flags, 1)) Atomics.wait(flags, 1, ready, 5000);
  join();
  return () => {
    Atomics.add(flags, 0, 1);
    Atomics.notify(flags, 0);
    work(...mine);
    join();
  };
}
