import { describe, expect, it, vi } from "vitest";
import { TrialPruned } from "@nn/search";
import { TrialQueue, TrialWorker, trialProcessor, type ProcessorJob, type TrialJob } from "../src/index.js";
import { doesAnswer, reportsIn, requireAnswer } from "../src/protocol.js";

/** A job of BullMQ, as far as a processor uses it, that keeps what it is told. */
class FakeJob implements ProcessorJob {
  data: TrialJob;
  progress: unknown;
  readonly attemptsMade = 1;
  readonly stalledCounter = 2;

  constructor(checkpoint: string | null = null, progress: unknown = 0, reports: TrialJob["reports"] = []) {
    this.data = { number: 3, seed: 77, parameters: { x: 0.5 }, checkpoint, reports };
    this.progress = progress;
  }

  async updateData(data: TrialJob): Promise<void> {
    this.data = data;
  }

  async updateProgress(progress: object): Promise<void> {
    this.progress = progress;
  }
}

type Space = { readonly x: { readonly type: "float"; readonly low: number; readonly high: number; readonly log: boolean } };

describe("a processor", () => {
  it("passes the trial to the objective, and returns the value", async () => {
    const process = trialProcessor<Space>(({ x }, trial) => {
      expect([trial.number, trial.seed, trial.attempt, trial.checkpoint]).toEqual([3, 77, 3, undefined]);
      return x;
    });
    expect(await process(new FakeJob())).toEqual({ trial: 3, reports: [], state: "completed", value: 0.5 });
  });

  it("records values that are not finite, errors, and pruned trials", async () => {
    expect(await trialProcessor<Space>(() => Number.NaN)(new FakeJob())).toEqual({ trial: 3, reports: [], state: "failed", reason: "the value is NaN" });
    // @ts-expect-error -- a number is expected
    expect(await trialProcessor<Space>(() => "1")(new FakeJob())).toEqual({ trial: 3, reports: [], state: "failed", reason: 'the objective returned the string "1", expected a number' });
    expect(await trialProcessor<Space>(() => { throw new RangeError("no"); })(new FakeJob())).toEqual({ trial: 3, reports: [], state: "failed", reason: "no" });
    expect(await trialProcessor<Space>(() => { throw new TrialPruned(); })(new FakeJob())).toEqual({ trial: 3, reports: [], state: "pruned" });
  });

  it("keeps checkpoints byte by byte", async () => {
    const job = new FakeJob();
    const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
    await trialProcessor<Space>(async (_, trial) => {
      await trial.saveCheckpoint(bytes);
      expect(trial.checkpoint).toEqual(bytes);
      return 1;
    })(job);
    // The worker that takes over.
    await trialProcessor<Space>((_, trial) => {
      expect(trial.checkpoint).toEqual(bytes);
      return 1;
    })(new FakeJob(job.data.checkpoint));
    // @ts-expect-error -- bytes are expected
    expect(await trialProcessor<Space>(async (_, trial) => { await trial.saveCheckpoint({ step: 1 }); return 1; })(new FakeJob())).toMatchObject({
      state: "failed", reason: expect.stringContaining("saveCheckpoint: the checkpoint is an object, expected bytes"),
    });
  });

  it("continues with the reports of the previous worker", async () => {
    const job = new FakeJob(null, { trial: 3, reports: [[1, 0.5], [2, 0.25], [3, 0.125]] });
    await trialProcessor<Space>(async (_, trial) => {
      await trial.report(3, 0.1);
      await trial.report(4, 0.05);
      await expect(trial.report(4, 0.05)).rejects.toThrow("report: step 4 after step 4");
      await expect(trial.report(5, Number.NaN)).rejects.toThrow("report: value is NaN");
      return 1;
    })(job);
    expect(job.progress).toEqual({ trial: 3, reports: [[1, 0.5], [2, 0.25], [3, 0.1], [4, 0.05]] });
  });

  it("knows the reports before its checkpoint, whatever a lost worker has written since", async () => {
    const job = new FakeJob();
    await trialProcessor<Space>(async (_, trial) => {
      await trial.report(1, 0.5);
      await trial.report(2, 0.25);
      await trial.saveCheckpoint(Uint8Array.of(2));
      await trial.report(3, 0.125);
      return 1;
    })(job);
    expect(job.data.reports).toEqual([[1, 0.5], [2, 0.25]]);
    const late = { trial: 3, reports: [[1, 0.5]] };
    const { checkpoint, reports } = job.data;
    const resumed = new FakeJob(checkpoint, late, reports);
    expect(await trialProcessor<Space>(() => 1)(resumed)).toEqual({ trial: 3, state: "completed", value: 1, reports: [[1, 0.5], [2, 0.25]] });
    expect(await trialProcessor<Space>(async (_, trial) => {
      await trial.saveCheckpoint(Uint8Array.of(3));
      return 1;
    })(resumed)).toMatchObject({ reports });
    expect(resumed.data.reports).toEqual(reports);
  });

  it("is pruned only by the signal with that reason", async () => {
    const ask = async (reason: string): Promise<unknown> => {
      const stop = new AbortController();
      const outcome = trialProcessor<Space>(async (_, trial) => {
        const before = await trial.shouldPrune();
        stop.abort(reason);
        return Number(before) * 10 + Number(await trial.shouldPrune());
      })(new FakeJob(), "token", stop.signal);
      return outcome;
    };
    expect(await ask("pruned")).toEqual({ trial: 3, reports: [], state: "completed", value: 1 });
    expect(await ask("the worker closes")).toEqual({ trial: 3, reports: [], state: "completed", value: 0 });
  });
});

describe("answers of workers", () => {
  it("are checked", () => {
    expect(requireAnswer("test", { trial: 0, state: "completed", value: 1, reports: [[1, 2]] })).toEqual({ trial: 0, state: "completed", value: 1, reports: [[1, 2]] });
    for (const wrong of [null, 1, {}, { trial: 0, state: "completed" }, { trial: 0, state: "failed" }, { state: "completed", value: 1 }]) expect(() => requireAnswer("test", wrong)).toThrow("test: a worker answered");
    expect(reportsIn(0, 0)).toEqual([]);
    expect(reportsIn({ trial: 4, reports: [[1, 2], ["a", 1], [3]] }, 4)).toEqual([[1, 2]]);
  });

  it("of another trial are no reports of this one", () => {
    expect(reportsIn({ trial: 5, reports: [[1, 2]] }, 4)).toEqual([]);
  });
});

describe("a server", () => {
  it("answers, also by an error, or is gone", async () => {
    vi.useFakeTimers();
    const gone = doesAnswer(new Promise(() => undefined));
    await vi.advanceTimersByTimeAsync(1000);
    expect(await gone).toBe(false);
    vi.useRealTimers();
    expect(await doesAnswer(Promise.resolve(1))).toBe(true);
    expect(await doesAnswer(Promise.reject(new Error("unknown command")))).toBe(true);
  });
});

describe("wrong arguments are refused before anything is connected", () => {
  it.each<readonly [string, () => unknown]>([
    ["TrialQueue: name is the string \"a:b\", expected one without a colon", () => new TrialQueue("a:b")],
    ["TrialQueue: redis is the string \"localhost\", expected an address such as redis://127.0.0.1:6379", () => new TrialQueue("a", { redis: "localhost" })],
    ["TrialQueue: there is no option \"host\"; its options are redis, onConnectionError, retries", () => Reflect.construct(TrialQueue, ["a", { host: "localhost" }])],
    ["TrialWorker: there is no file \"/nowhere.js\"", () => new TrialWorker("a", "/nowhere.js")],
    ["TrialWorker: processor is http://localhost/a.js, expected a file", () => new TrialWorker("a", new URL("http://localhost/a.js"))],
    ["TrialWorker: concurrency is 0, expected a positive whole number", () => new TrialWorker("a", import.meta.filename, { concurrency: 0 })],
    ["trialProcessor: objective is undefined, expected a function", () => Reflect.apply(trialProcessor, undefined, [])],
  ])("%s", (message, make) => {
    expect(make).toThrow(message);
  });
});
