// The process of a competitor in JavaScript: `node child.js <folder> <assignment as JSON> [<task as JSON>]`.
// It imports as little as possible, so that the cost of a cold start is the competitor's own.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { mark, type Answers, type Assignment, type OnceTask, type Request } from "./protocol.js";
import { watchLinearMemory } from "./linear-memory.js";
import * as values from "./values.js";
import type { Load, LoadedWorkload } from "./load.js";

const [folder = "", assignmentText = "", taskText] = process.argv.slice(2);
const assignment = JSON.parse(assignmentText) as Assignment;

function answer(message: object): void {
  process.stdout.write(`${mark}${JSON.stringify(message)}\n`);
}

/** Imports a file of the competitor's folder. */
async function importFile(name: string): Promise<unknown> {
  const path = [".js", ".mjs"].map((ending) => join(folder, `${name}${ending}`)).find((each) => existsSync(each));
  if (path === undefined) throw new Error(`there is no ${name} in ${folder}`);
  return import(pathToFileURL(path).href);
}

/** Imports the file of the workload and sets it up. */
async function load(): Promise<LoadedWorkload> {
  const { workload, parameters, variant, threads, setup } = assignment;
  if (setup !== undefined) await importFile(setup);
  const module = (await importFile(workload)) as { readonly load: Load<object> };
  return module.load(parameters, { variant, threads, values });
}

async function repeat(workload: LoadedWorkload, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const result = workload.run();
    if (result instanceof Promise) await result;
  }
}

/** Doubles the number of runs until `milliseconds` have passed, or ten times that for `least` runs. Returns the time of one run in the last, longest block. */
async function warm(workload: LoadedWorkload, milliseconds: number, least: number): Promise<Answers["warm"]> {
  const started = performance.now();
  let done = 0;
  for (let count = 1; ; count *= 2) {
    const begin = performance.now();
    await repeat(workload, count);
    const now = performance.now();
    done += count;
    const elapsed = now - started;
    if (elapsed >= milliseconds && (done >= least || elapsed >= 10 * milliseconds)) return { each: (now - begin) / count };
  }
}

function milliseconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000;
}

async function run(workload: LoadedWorkload, untimed: number, count: number): Promise<Answers["run"]> {
  const first = process.cpuUsage();
  await repeat(workload, untimed);
  const second = process.cpuUsage();
  const started = performance.now();
  await repeat(workload, count);
  const wall = performance.now() - started;
  return { wall, processor: milliseconds(process.cpuUsage(second)), total: milliseconds(process.cpuUsage(first)) };
}

async function serve(): Promise<void> {
  let workload: LoadedWorkload | undefined;
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as Request;
    if (request.do === "load") {
      workload = await load();
      answer({ check: await workload.check() });
    } else if (workload === undefined) {
      throw new Error("load comes first");
    } else if (request.do === "warm") {
      answer(await warm(workload, request.milliseconds, request.least));
    } else {
      answer(await run(workload, request.untimed, request.count));
    }
  }
}

/** Bytes of the heap in use after garbage collection. Needs `--expose-gc`. */
function heapInUse(): number {
  for (let i = 0; i < 4; i++) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function once(task: OnceTask): Promise<void> {
  const megabyte = 2 ** 20;
  const linear = task.kind === "growth" ? watchLinearMemory() : undefined;
  const before = process.resourceUsage().maxRSS / 1024;
  const started = performance.now();
  const workload = await load();
  if (task.kind === "cold-start") {
    await repeat(workload, 1);
    const now = performance.now();
    answer({ "import to first step": now - started, "process start to first step": now });
  } else if (task.kind === "memory") {
    await repeat(workload, task.steps);
    const peak = process.resourceUsage().maxRSS / 1024;
    answer({ "peak of the process": peak, "of that, above the bare runtime": peak - before });
  } else {
    // The first tenth of the steps compiles, fills caches, and lets bounded memory grow.
    await repeat(workload, task.steps / 10);
    const first = { heap: heapInUse(), linear: linear?.() ?? 0, resident: process.memoryUsage.rss() };
    await repeat(workload, task.steps - task.steps / 10);
    const last = { heap: heapInUse(), linear: linear?.() ?? 0, resident: process.memoryUsage.rss() };
    answer({
      "JavaScript heap, bytes a step": (last.heap - first.heap) / (task.steps * 0.9),
      "linear memory, MB": (last.linear - first.linear) / megabyte,
      "resident memory, MB": (last.resident - first.resident) / megabyte,
    });
  }
}

try {
  if (taskText === undefined) await serve();
  else await once(JSON.parse(taskText) as OnceTask);
  process.exit(0);
} catch (error) {
  answer({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  process.exit(1);
}
