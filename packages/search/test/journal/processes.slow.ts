import { build } from "esbuild";
import { spawn, type ChildProcess } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createStudy, randomSampler } from "../../src/index.js";
import { JournalStorage } from "../../src/node.js";
import { space } from "./fixtures/space.js";

let folder = "";
let program = "";
const children = new Set<ChildProcess>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nn-processes-"));
  program = join(folder, "program.mjs");
  await build({
    entryPoints: [resolve(import.meta.dirname, "fixtures/program.ts")], outfile: program, bundle: true, format: "esm", platform: "node", target: "node20",
    conditions: ["@nn/source"], logLevel: "error",
  });
});
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

const trials = 150;

function start(path: string): { readonly child: ChildProcess; readonly ended: Promise<number | null> } {
  const child = spawn(process.execPath, [program, path, String(trials)], { stdio: ["ignore", "inherit", "inherit"] });
  children.add(child);
  return { child, ended: new Promise((done) => child.once("exit", (code) => done(code))) };
}

it("several processes on one journal, killed at any time, run every trial, and each trial counts once", async () => {
  const path = join(folder, "study.jsonl");
  const lines = (): number => (existsSync(path) ? readFileSync(path, "utf8").split("\n").length : 0);
  const running = [start(path), start(path), start(path)];
  let state = 99;
  for (let kills = 0, next = 20; kills < 12; kills++, next += 10 + (state % 40)) {
    state = (state * 48271) % 2147483647;
    // Until the journal has grown, or all is done.
    while (lines() < next && running.some(({ child }) => child.exitCode === null)) await new Promise((done) => setTimeout(done, 5));
    const [victim] = running.splice(state % running.length, 1);
    victim?.child.kill("SIGKILL");
    await victim?.ended;
    // Now and then what a write that was cut leaves.
    if (kills % 3 === 0) appendFileSync(path, '{"event":"repo');
    running.push(start(path));
  }
  expect(await Promise.all(running.map(({ ended }) => ended))).toEqual(running.map(() => 0));
  // Trials whose processes were killed last are left for whoever comes next.
  expect(await start(path).ended).toBe(0);

  const study = await createStudy({ space, seed: 5, sampler: randomSampler(), storage: new JournalStorage(path) });
  const alone = await createStudy({ space, seed: 5, sampler: randomSampler() });
  await alone.optimize(async ({ x }, trial) => {
    for (let step = 1; step <= 5; step++) await trial.report(step, x / step);
    return x;
  }, { trials });
  expect(study.trials).toEqual(alone.trials);
  const starts = readFileSync(path, "utf8").split("\n").filter((line) => line.includes('"event":"start"') && !line.includes('"attempt":0'));
  expect(starts.length).toBeGreaterThan(0);
});
