import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Queue } from "bullmq";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createStudy, gridSampler, medianPruner, MemoryStorage, randomSampler, type Sampler, type Study } from "@nn/search";
import { TrialQueue } from "../src/index.js";
import { bundlePrograms } from "./bundles.js";
import { errorOf, space as folds } from "./fixtures/folds.js";
import { space } from "./fixtures/space.js";
import { hasRedis, startRedis, type RedisServer } from "./redis-server.js";

const modes = space.mode.values;

/** A sampler with these trials, again and again. */
function fixed(trials: readonly { readonly x: number; readonly steps: number; readonly mode: (typeof modes)[number] }[]): Sampler {
  return {
    name: "fixed",
    suggest: ({ number }) => {
      const trial = trials[number % trials.length];
      return trial === undefined ? undefined : [trial.x, (trial.steps + 0.5) / 100_001, (modes.indexOf(trial.mode) + 0.5) / modes.length];
    },
  };
}

describe.skipIf(!hasRedis())("trials on workers", () => {
  let redis: RedisServer;
  let programs: Awaited<ReturnType<typeof bundlePrograms>>;
  let names = 0;
  let name = "";
  let queue: TrialQueue | undefined;
  const children = new Set<ChildProcess>();

  beforeAll(async () => {
    redis = await startRedis();
    programs = await bundlePrograms();
  });
  afterAll(async () => {
    await redis.stop();
    rmSync(programs.folder, { recursive: true });
  });
  afterEach(async () => {
    await Promise.all([...children].map(kill));
    await queue?.close();
    queue = undefined;
  });

  const logFile = (): string => join(programs.folder, `${name}.log`);
  const turns = (): { readonly number: number; readonly from: number; readonly attempt: number; readonly worker: number }[] =>
    (existsSync(logFile()) ? readFileSync(logFile(), "utf8").trimEnd().split("\n") : []).map((line) => JSON.parse(line) as { number: number; from: number; attempt: number; worker: number });

  const open = (): TrialQueue => {
    name = `test-${(names += 1)}`;
    return (queue = new TrialQueue(name, { redis: redis.url }));
  };

  /** Starts a worker process, and waits until it takes trials. */
  async function startWorker({ url = redis.url, lockDuration = 1000, concurrency = 1, objective = programs.objective } = {}): Promise<ChildProcess> {
    const child = spawn(process.execPath, [programs.worker, name, url, objective, String(lockDuration), String(concurrency)], {
      env: { ...process.env, NN_TEST_LOG: logFile() }, stdio: ["ignore", "pipe", "inherit"],
    });
    children.add(child);
    await new Promise<void>((resolve, reject) => {
      child.stdout.on("data", (text: Buffer) => text.toString().includes("ready") && resolve());
      child.once("exit", () => reject(new Error("the worker ended")));
    });
    return child;
  }

  async function kill(child: ChildProcess): Promise<void> {
    children.delete(child);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }

  /** Waits for a condition. */
  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise((done) => setTimeout(done, 20));
  }

  const create = (sampler: Sampler, more: object = {}): Promise<Study<typeof space>> => createStudy({ space, sampler, ...more });

  it("have the values, reports and failures of a study without workers", async () => {
    const study = await create(fixed([{ x: 0.25, steps: 3, mode: "steps" }, { x: 0.5, steps: 0, mode: "throw" }, { x: 0.5, steps: 0, mode: "NaN" }, { x: 0.125, steps: 1, mode: "steps" }]));
    const { objective } = open();
    await startWorker({ concurrency: 2 });
    await study.optimize(objective, { trials: 4, parallel: 2 });
    const seeds = await Promise.all([0, 3].map(async (number) => {
      const local = await create(randomSampler());
      const found: number[] = [];
      await local.optimize((_, trial) => found.push(trial.seed), { trials: 4 });
      return found[number] ?? Number.NaN;
    }));
    expect(study.trials.map(({ state }) => state)).toEqual(["completed", "failed", "failed", "completed"]);
    expect(study.trials[0]).toMatchObject({ value: 0.25 + (seeds[0] ?? Number.NaN) / 2 ** 32, reports: [{ step: 1, value: 1.25 }, { step: 2, value: 0.75 }, { step: 3, value: 0.25 + 1 / 3 }] });
    expect(study.trials[1]).toMatchObject({ reason: "no memory" });
    expect(study.trials[2]).toMatchObject({ reason: "the value is NaN" });
    expect(turns()).toHaveLength(4);
  });

  it("keep their worker even if they block it for longer than its lock", async () => {
    const study = await create(fixed([{ x: 0.5, steps: 0, mode: "block" }]));
    const { objective } = open();
    // Less than the trial blocks, and more than a busy machine keeps a worker waiting.
    const lockDuration = 1500;
    await Promise.all([startWorker({ lockDuration }), startWorker({ lockDuration })]);
    await study.optimize(objective, { trials: 2, parallel: 2 });
    expect(study.trials.map(({ state }) => state)).toEqual(["completed", "completed"]);
    expect(turns().map(({ number }) => number).toSorted()).toEqual([0, 1]);
  });

  it("start again when their own process ends", async () => {
    const study = await create(fixed([{ x: 0.5, steps: 1, mode: "crash" }]));
    const { objective } = open();
    await startWorker();
    await study.optimize(objective, { trials: 1 });
    expect(study.trials[0]).toMatchObject({ state: "completed", reports: [{ step: 1, value: 1.5 }] });
    expect(turns().map(({ attempt }) => attempt)).toEqual([0, 1]);
  });

  it("are pruned by the study", async () => {
    const study = await create(fixed([{ x: 0, steps: 3, mode: "steps" }, { x: 1, steps: 100_000, mode: "steps" }]), { pruner: medianPruner({ startupTrials: 1 }) });
    const { objective } = open();
    await startWorker();
    await study.optimize(objective, { trials: 2 });
    expect(study.trials.map(({ state }) => state)).toEqual(["completed", "pruned"]);
  });

  it("are taken over from their checkpoints when a worker is killed", async () => {
    const study = await create(fixed([{ x: 0.5, steps: 60, mode: "steps" }]));
    const { objective } = open();
    const first = await startWorker();
    const done = study.optimize(objective, { trials: 1 });
    await until(() => (study.trials[0]?.reports.length ?? 0) >= 5);
    await kill(first);
    await startWorker();
    await done;
    const [one, two] = turns();
    expect(turns()).toHaveLength(2);
    expect(one?.from).toBe(0);
    expect(two?.from).toBeGreaterThanOrEqual(4);
    expect([one?.attempt, two?.attempt]).toEqual([0, 1]);
    expect(study.trials[0]).toMatchObject({ state: "completed" });
    expect(study.trials[0]?.reports.map(({ step }) => step)).toEqual(Array.from({ length: 60 }, (_, at) => at + 1));
  });

  it("are taken over from a worker that is cut off, whose late answer is ignored", async () => {
    const study = await create(fixed([{ x: 0.5, steps: 40, mode: "steps" }]));
    const { objective } = open();
    const first = await startWorker();
    const done = study.optimize(objective, { trials: 1 });
    await until(() => (study.trials[0]?.reports.length ?? 0) >= 5);
    // Its parent process stops; the one of the objective goes on to the end.
    first.kill("SIGSTOP");
    const second = await startWorker();
    await done;
    const before = study.trials;
    expect(before[0]).toMatchObject({ state: "completed" });
    expect(before[0]?.reports.map(({ step }) => step)).toEqual(Array.from({ length: 40 }, (_, at) => at + 1));
    expect(turns()).toHaveLength(2);
    await kill(second);
    first.kill("SIGCONT");
    // It is as good as new.
    await study.optimize(objective, { trials: 2 });
    expect(study.trials).toHaveLength(2);
    expect(study.trials[0]).toEqual(before[0]);
    expect(study.trials[1]).toMatchObject({ state: "completed" });
    const watcher = new Queue(name, { connection: { url: redis.url } });
    expect(Object.values(await watcher.getJobCounts()).every((count) => count === 0)).toBe(true);
    await watcher.close();
  });

  it("continue while the process of the study is stopped", async () => {
    const storage = new MemoryStorage();
    const sampler = fixed([{ x: 0.5, steps: 20, mode: "hold" }]);
    const stop = new AbortController();
    const first = await create(sampler, { storage });
    const { objective } = open();
    await startWorker({ concurrency: 2 });
    const stopped = first.optimize(objective, { trials: 2, parallel: 2, signal: stop.signal });
    await until(() => turns().length === 2);
    stop.abort();
    await stopped;
    expect(first.trials.map(({ state }) => state)).toEqual(["running", "running"]);
    writeFileSync(`${logFile()}.go`, "");
    const second = await create(sampler, { storage });
    await second.optimize(objective, { trials: 2, parallel: 2 });
    expect(second.trials.map(({ state }) => state)).toEqual(["completed", "completed"]);
    expect(second.trials[0]?.reports).toHaveLength(20);
    expect(turns()).toHaveLength(2);
  });

  it("survive a restart of Redis that loses everything, each with its own values", async () => {
    const own = await startRedis();
    const study = await create(fixed([0, 1, 2, 3].map((at) => ({ x: at / 8, steps: 150, mode: "steps" as const }))));
    name = `test-${(names += 1)}`;
    const errors: Error[] = [];
    const lost = new TrialQueue(name, { redis: own.url, onConnectionError: (error) => errors.push(error) });
    try {
      await startWorker({ url: own.url, concurrency: 2 });
      const done = study.optimize(lost.objective, { trials: 4, parallel: 4 });
      await until(() => study.trials.length === 4 && study.trials.slice(0, 2).every(({ reports }) => reports.length >= 5));
      await own.restart();
      await done;
      expect(errors.length).toBeGreaterThan(0);
      expect(study.trials.map((trial) => (trial.state === "failed" ? trial.reason : trial.state))).toEqual(["completed", "completed", "completed", "completed"]);
      for (const [at, { reports }] of study.trials.entries()) expect(reports).toEqual(Array.from({ length: 150 }, (_, step) => ({ step: step + 1, value: at / 8 + 1 / (step + 1) })));
    } finally {
      await lost.close();
      await own.stop();
    }
  }, 120_000);

  it("end at once when the study is stopped while Redis is gone", async () => {
    const own = await startRedis();
    const study = await create(randomSampler());
    const gone = new TrialQueue(`test-${(names += 1)}`, { redis: own.url });
    const stop = new AbortController();
    const done = study.optimize(gone.objective, { trials: 1, signal: stop.signal });
    await until(() => study.trials.length === 1);
    await own.stop();
    stop.abort();
    await done;
    expect(study.trials.map(({ state }) => state)).toEqual(["running"]);
    await gone.close();
  });

  it("of another study in the same queue are refused", async () => {
    const { objective } = open();
    const stop = new AbortController();
    const first = await create(randomSampler());
    const waiting = first.optimize(objective, { trials: 1, signal: stop.signal });
    await until(() => first.trials.length === 1);
    const second = await create(randomSampler(), { seed: 9 });
    const watcher = new Queue(name, { connection: { url: redis.url } });
    while ((await watcher.getJobCounts())["waiting"] !== 1) await new Promise((done) => setTimeout(done, 20));
    await watcher.close();
    await second.optimize(objective, { trials: 1 });
    expect(second.trials[0]).toMatchObject({ state: "failed", reason: expect.stringContaining(`the queue "${name}" has a trial 0 of another study`) });
    stop.abort();
    await waiting;
    await queue?.clear();
  });

  it("are the folds of a cross-validation, by a grid", async () => {
    const study = await createStudy({ space: folds, sampler: gridSampler() });
    const { objective } = open();
    const [first] = await Promise.all([startWorker({ objective: programs.folds }), startWorker({ objective: programs.folds })]);
    const done = study.optimize(objective, { trials: 10, parallel: 10 });
    await until(() => study.trials.some(({ state }) => state === "completed"));
    if (first !== undefined) await kill(first);
    await done;
    const rounds = (["mean", "line"] as const).flatMap((model) => [0, 1, 2, 3, 4].map((fold) => ({ model, fold })));
    expect(study.trials.map(({ parameters }) => parameters)).toEqual(rounds);
    expect(study.trials.map((trial) => (trial.state === "completed" ? trial.value : trial.state))).toEqual(rounds.map(({ model, fold }) => errorOf(model, fold)));
    expect(study.best.parameters.model).toBe("line");
  });

  it("count once each, even if workers are killed", async () => {
    const trials = 24;
    const study = await create(fixed(Array.from({ length: 6 }, (_, at) => ({ x: at / 8, steps: 10 + at, mode: "steps" as const }))));
    const { objective } = open();
    // The first one is alone, so that it is killed at work.
    const workers = [await startWorker({ concurrency: 2, lockDuration: 600 })];
    const progress = (): number => study.trials.reduce((sum, { reports }) => sum + reports.length, 0);
    const done = study.optimize(objective, { trials, parallel: 6, reproducible: false });
    let [state, next] = [12345, 0];
    for (let kills = 0; kills < 8; kills++) {
      state = (state * 48271) % 2147483647;
      next += 5 + (state % 30);
      await until(() => progress() >= next);
      const [victim] = workers.splice(state % workers.length, 1);
      if (victim !== undefined) await kill(victim);
      while (workers.length < 3) workers.push(await startWorker({ concurrency: 2, lockDuration: 600 }));
    }
    await done;
    expect(study.trials.map(({ number, state }) => [number, state])).toEqual(Array.from({ length: trials }, (_, number) => [number, "completed"]));
    for (const trial of study.trials) expect(trial.reports.map(({ step }) => step)).toEqual(Array.from({ length: trial.parameters.steps }, (_, at) => at + 1));
    // Each turn after the first begins where the one before had saved, not at the beginning.
    const begun = new Map<number, number>();
    for (const { number, from } of turns()) {
      expect(from).toBeGreaterThanOrEqual(begun.get(number) ?? 0);
      begun.set(number, from);
    }
    expect(turns().length).toBeGreaterThan(trials);
  });
});
