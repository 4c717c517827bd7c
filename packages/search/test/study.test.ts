import { describe, expect, expectTypeOf, it } from "vitest";
import {
  choice, conditional, createStudy, float, gaussianProcessSampler, int, medianPruner, MemoryStorage, outcomeOf, outcomeOfThrown, overSeeds, quasiRandomSampler, randomSampler, successiveHalvingPruner,
  tpeSampler, TrialPruned, type Objective, type Sampler, type Storage, type Study,
} from "../src/index.js";
import { ArgumentError } from "@nn/tensor";

const space = { x: float(-1, 1), n: int(1, 8), o: conditional({ a: { y: float(0, 1) }, b: {} }) };
type Example = typeof space;

const objective: Objective<Example> = ({ x, n, o }) => (x - 0.3) ** 2 + Math.abs(n - 3) / 10 + (o.kind === "a" ? o.y : 0.5);

const parametersOf = (study: Study<Example>): unknown[] => study.trials.map(({ parameters }) => parameters);

const samplers: Readonly<Record<string, () => Sampler>> = {
  random: randomSampler,
  "quasi-random": quasiRandomSampler,
  tpe: () => tpeSampler({ startupTrials: 5 }),
  "tpe, one by one": () => tpeSampler({ startupTrials: 5, multivariate: false }),
  "gaussian process": () => gaussianProcessSampler({ startupTrials: 8 }),
};

describe("a study", () => {
  it("gives its objective the types of the space", async () => {
    const study = await createStudy({ space });
    await study.optimize(({ x, o }, trial) => {
      expectTypeOf(x).toEqualTypeOf<number>();
      expectTypeOf(o.kind).toEqualTypeOf<"a" | "b">();
      expectTypeOf(trial.parameters.n).toEqualTypeOf<number>();
      return x;
    }, { trials: 1 });
    expectTypeOf(study.best.parameters.x).toEqualTypeOf<number>();
    expect(study.trials).toHaveLength(1);
  });

  it("finds the best trial in both directions, and the first of equal ones", async () => {
    for (const [direction, best] of [["minimize", 1], ["maximize", 3]] as const) {
      const study = await createStudy({ space: { x: float(0, 1) }, direction });
      for (const value of [2, 1, 1, 3, 3]) await study.tell(await study.ask(), value);
      expect(study.best.value).toBe(best);
      expect(study.best.number).toBe(direction === "minimize" ? 1 : 3);
    }
  });

  it("negates values for samplers and pruners when it maximizes", async () => {
    const values = [0.3, 0.1, 0.9, 0.4, 0.2, 0.8, 0.5, 0.6, 0.7, 0.35, 0.15, 0.25];
    const run = async (sign: 1 | -1): Promise<unknown> => {
      const study = await createStudy({ space, direction: sign === 1 ? "minimize" : "maximize", pruner: medianPruner({ startupTrials: 2 }), sampler: tpeSampler({ startupTrials: 3 }) });
      await study.optimize(async (_, trial) => {
        await trial.report(1, sign * (values[trial.number] ?? NaN));
        if (await trial.shouldPrune()) throw new TrialPruned();
        return sign * (values[trial.number] ?? NaN);
      }, { trials: values.length });
      return study.trials.map(({ parameters, state }) => ({ parameters, state }));
    };
    expect(await run(-1)).toEqual(await run(1));
  });

  it("records trials that fail, and continues", async () => {
    const study = await createStudy({ space });
    await study.optimize((_, { number }) => {
      if (number === 0) throw new RangeError("no memory");
      if (number === 3) throw Object.create(null);
      return number === 1 ? NaN : number === 2 ? -Infinity : number;
    }, { trials: 5 });
    expect(study.trials.map((trial) => (trial.state === "failed" ? trial.reason : trial.state === "completed" ? trial.value : trial.state))).toEqual([
      "no memory", "the value is NaN", "the value is -Infinity", "an object", 4,
    ]);
    expect(study.best.number).toBe(4);
  });

  it("explains why there is no best trial", async () => {
    const study = await createStudy({ space });
    expect(() => study.best).toThrow("study.best: no trial is completed yet");
    await study.optimize(() => NaN, { trials: 2 });
    expect(() => study.best).toThrow("no trial is completed; 2 failed, the first with the value is NaN");
  });

  it("ends with an error if the objective returns no number", async () => {
    const study = await createStudy({ space });
    // @ts-expect-error -- a number is expected
    await expect(study.optimize(() => "0.5", { trials: 3, parallel: 2 })).rejects.toThrow('optimize: the objective returned the string "0.5", expected a number');
    expect(study.trials[0]?.state).toBe("failed");
    expect(study.trials.length).toBeLessThan(3);
  });

  it("takes outcomes as numbers and as objects", async () => {
    const study = await createStudy({ space });
    for (const outcome of [2, { state: "completed", value: 3 }, outcomeOf(Infinity), outcomeOfThrown("no"), outcomeOfThrown(new TrialPruned())] as const) await study.tell(await study.ask(), outcome);
    expect(study.trials.map((trial) => [trial.state, trial.state === "failed" ? trial.reason : trial.state === "completed" ? trial.value : undefined])).toEqual([
      ["completed", 2], ["completed", 3], ["failed", "the value is Infinity"], ["failed", "no"], ["pruned", undefined],
    ]);
  });

  it("takes the first outcome of a trial", async () => {
    const study = await createStudy({ space });
    const trial = await study.ask();
    expect(await study.tell(trial, 1)).toBe(true);
    expect(await study.tell(trial, 2)).toBe(false);
    expect(await study.tell(0, { state: "pruned" })).toBe(false);
    expect(study.trials).toEqual([{ number: 0, parameters: trial.parameters, reports: [], state: "completed", value: 1 }]);
    await expect(study.tell(7, 1)).rejects.toThrow("tell: there is no trial 7; 1 have started");
    // @ts-expect-error -- no outcome
    await expect(study.tell(trial, "good")).rejects.toThrow("tell: the outcome is the string");
  });

  it("keeps reports, and refuses wrong ones", async () => {
    const study = await createStudy({ space });
    const trial = await study.ask();
    await trial.report(1, 0.5);
    await trial.report(4, 0.25);
    await expect(trial.report(4, 0.2)).rejects.toThrow("report: step 4 after step 4, expected steps that increase");
    await expect(trial.report(5, NaN)).rejects.toThrow("report: value is NaN, expected a finite number");
    expect(await trial.shouldPrune()).toBe(false);
    await study.tell(trial, { state: "pruned" });
    expect(study.trials[0]).toMatchObject({ state: "pruned", value: 0.25, reports: [{ step: 1, value: 0.5 }, { step: 4, value: 0.25 }] });
  });

  it.each<readonly [string, unknown]>([
    ['the point is null, expected a list of 4 coordinates, or undefined if there is none left', null],
    ['the point is a promise, expected a list of 4 coordinates', Promise.resolve([0, 0, 0, 0])],
    ['the point has 5 coordinates, expected 4', [0, 0, 0, 0, 0]],
    ['the coordinate of "n" is undefined, expected a number from 0 to 1', [0.5]],
    ['the coordinate of "o.a.y" is undefined, expected a number from 0 to 1', [0.5, 0.5, 0]],
    ['the coordinate of "x" is -0.1, expected a number from 0 to 1', [-0.1, 0, 0, 0]],
    ['the coordinate of "n" is 1.5, expected a number from 0 to 1', [0, 1.5, 0, 0]],
    ['the coordinate of "o.a.y" is NaN, expected a number from 0 to 1', [0, 0, 1, Number.NaN]],
    ['the coordinate of "o" is the string "b", expected a number from 0 to 1', [0, 0, "b"]],
  ])("refuses a sampler of one's own: %s", async (message, point) => {
    // @ts-expect-error -- as JavaScript could give it
    const study = await createStudy({ space, sampler: { name: "mine", suggest: () => point } });
    await expect(study.ask()).rejects.toThrow(`the sampler "mine": ${message}`);
    await expect(study.optimize(objective, { trials: 1 })).rejects.toThrow(ArgumentError);
    expect(study.trials).toEqual([]);
  });

  it("takes the ends of the unit interval, and leaves out what does not exist", async () => {
    const study = await createStudy({ space, sampler: { name: "mine", suggest: ({ number }) => (number === 0 ? [0, 0, 0, 0] : [1, 1, 1]) } });
    await study.optimize(objective, { trials: 2 });
    expect(parametersOf(study)).toEqual([{ x: -1, n: 1, o: { kind: "a", y: 0 } }, { x: 1, n: 8, o: { kind: "b" } }]);
  });

  it("refuses a pruner and a storage of one's own that answer something else", async () => {
    // @ts-expect-error -- as JavaScript could give it
    const pruned = await createStudy({ space, pruner: { name: "mine", shouldPrune: () => "yes" } });
    const trial = await pruned.ask();
    await trial.report(1, 1);
    await expect(trial.shouldPrune()).rejects.toThrow('the pruner "mine": shouldPrune\'s result is the string "yes", expected true or false');

    const answering = (answer: unknown): Promise<unknown> => {
      const storage = new MemoryStorage();
      const { owner } = storage;
      // @ts-expect-error -- as JavaScript could give it
      return createStudy({ space, storage: { owner, open: (each) => storage.open(each), append: (each) => storage.append(each), isAlive: () => true, read: async () => answer } });
    };
    await expect(answering(null)).rejects.toThrow("the storage: read's result is null, expected an array");
    await expect(answering([7])).rejects.toThrow("the storage: an event is 7, expected an object");
    await expect(answering([{ event: "start", number: "0" }])).rejects.toThrow('the storage: number of "start" is the string "0"');
  });
});

describe("reproducibility", () => {
  it.each(Object.entries(samplers))("%s: one after the other, the same seed gives the same trials", async (_, sampler) => {
    const run = async (seed: number): Promise<unknown[]> => {
      const study = await createStudy({ space, seed, sampler: sampler() });
      await study.optimize(objective, { trials: 12 });
      return parametersOf(study);
    };
    const first = await run(3);
    expect(await run(3)).toEqual(first);
    expect(await run(4)).not.toEqual(first);
  });

  it.each(Object.entries(samplers))("%s: parallel trials are the same in whatever order their results arrive", async (_, sampler) => {
    const run = async (turns: (number: number) => number): Promise<unknown[]> => {
      const study = await createStudy({ space, seed: 3, sampler: sampler(), pruner: successiveHalvingPruner({ reductionFactor: 2 }) });
      await study.optimize(async (parameters, trial) => {
        for (let turn = 0; turn < turns(trial.number); turn++) await new Promise((done) => setTimeout(done));
        const value = await objective(parameters, trial);
        await trial.report(1, value);
        if (await trial.shouldPrune()) throw new TrialPruned();
        return value;
      }, { trials: 16, parallel: 4 });
      return study.trials.map(({ parameters, state }) => ({ parameters, state }));
    };
    const orders = [() => 0, (number: number) => (number * 7) % 5, (number: number) => 12 - (number % 4) * 4];
    const [first, ...others] = await Promise.all(orders.map(run));
    for (const other of others) expect(other).toEqual(first);
  });

  it("runs the given number of trials at once", async () => {
    const study = await createStudy({ space, sampler: randomSampler() });
    let [now, most] = [0, 0];
    await study.optimize(async () => {
      most = Math.max(most, (now += 1));
      await new Promise((done) => setTimeout(done));
      now -= 1;
      return 1;
    }, { trials: 10, parallel: 3 });
    expect(most).toBe(3);
    expect(study.trials).toHaveLength(10);
  });

  it("does not wait for the slowest trial if it need not be reproducible", async () => {
    const study = await createStudy({ space, sampler: randomSampler() });
    let release: () => void = () => undefined;
    const slow = new Promise<void>((done) => (release = done));
    let others = 0;
    await study.optimize(async (_, { number }) => {
      if (number === 0) await slow;
      else if ((others += 1) === 9) release();
      return number;
    }, { trials: 10, parallel: 2, reproducible: false });
    expect(study.trials.every(({ state }) => state === "completed")).toBe(true);
  });

  it("gives each trial a seed of its own", async () => {
    const seeds = async (seed: number): Promise<number[]> => {
      const study = await createStudy({ space, seed, sampler: randomSampler() });
      const found: number[] = [];
      await study.optimize((_, trial) => found.push(trial.seed), { trials: 5 });
      return found;
    };
    const first = await seeds(1);
    expect(new Set(first).size).toBe(5);
    expect(await seeds(1)).toEqual(first);
    expect(first.every((each) => Number.isSafeInteger(each) && each >= 0 && each < 2 ** 32)).toBe(true);
  });
});

describe("a study that is stopped", () => {
  it.each([1, 3])("continues as if it had not been stopped, %d at once", async (parallel) => {
    const whole = await createStudy({ space, seed: 5, sampler: tpeSampler({ startupTrials: 4 }) });
    await whole.optimize(objective, { trials: 12, parallel });

    const storage = new MemoryStorage();
    const stop = new AbortController();
    const first = await createStudy({ space, seed: 5, sampler: tpeSampler({ startupTrials: 4 }), storage });
    await first.optimize(async (parameters, trial) => {
      if (trial.number === 7) stop.abort();
      trial.signal.throwIfAborted();
      return objective(parameters, trial);
    }, { trials: 12, parallel, signal: stop.signal });
    expect(first.trials.filter(({ state }) => state === "running").length).toBeGreaterThan(0);
    expect(first.trials.filter(({ state }) => state === "failed")).toEqual([]);

    const saved = new MemoryStorage();
    saved.loadStateDict(JSON.parse(JSON.stringify(storage.stateDict())) as ReturnType<MemoryStorage["stateDict"]>);
    const { events } = storage.stateDict();
    for (const description of [null, undefined, {}, { format: "nn-search", version: 2 }]) {
      expect(() => saved.loadStateDict({ description, events } as never)).toThrow("MemoryStorage.loadStateDict: description is");
    }
    expect(() => new MemoryStorage().loadStateDict({ description: null, events: [] } as never)).toThrow("description is null, expected that of a study");
    expect(() => new MemoryStorage().loadStateDict(new MemoryStorage().stateDict())).not.toThrow();
    const second = await createStudy({ space, seed: 5, sampler: tpeSampler({ startupTrials: 4 }), storage: saved });
    await second.optimize(objective, { trials: 12, parallel });
    expect(second.trials).toEqual(whole.trials);
  });

  it("starts nothing once its signal is aborted", async () => {
    const study = await createStudy({ space });
    await study.optimize(objective, { trials: 3, signal: AbortSignal.abort() });
    expect(study.trials).toEqual([]);
  });

  it("gives each trial a signal of its own, so that a hundred can listen at once without a warning", async () => {
    const signals = new Set<AbortSignal>();
    const stop = new AbortController();
    const study = await createStudy({ space });
    await study.optimize(async (_, { signal }) => {
      signals.add(signal);
      const stopped = new Promise<never>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      if (signals.size === 100) stop.abort(new Error("enough"));
      return stopped;
    }, { trials: 100, parallel: 100, signal: stop.signal });
    expect(signals.size).toBe(100);
    expect([...signals].every(({ reason }) => reason === stop.signal.reason)).toBe(true);
  });

  it("is refused if the space, the direction or the seed differs", async () => {
    const storage = new MemoryStorage();
    await createStudy({ space, storage });
    await expect(createStudy({ space: { x: float(-1, 1) }, storage })).rejects.toThrow("createStudy: the storage has a study with space {");
    await expect(createStudy({ space, storage, direction: "maximize" })).rejects.toThrow('a study with direction "minimize", expected "maximize"');
    await expect(createStudy({ space, storage, seed: 9 })).rejects.toThrow("a study with seed 0, expected 9");
  });
});

describe("several studies of one storage", () => {
  /** The same events, for another owner. */
  const seenBy = (storage: MemoryStorage, owner: string, alive: () => readonly string[]): Storage => ({
    owner,
    open: (description) => storage.open(description),
    append: (events) => storage.append(events),
    read: (from) => storage.read(from),
    isAlive: (other) => alive().includes(other),
  });

  it("share the numbering of trials", async () => {
    const storage = new MemoryStorage();
    const studies = await Promise.all(["a", "b", "c"].map((owner) => createStudy({ space, sampler: randomSampler(), storage: seenBy(storage, owner, () => ["a", "b", "c"]) })));
    const ran: number[] = [];
    await Promise.all(studies.map((study) => study.optimize(async (_, { number }) => {
      ran.push(number);
      await new Promise((done) => setTimeout(done));
      return number;
    }, { trials: 20, reproducible: false })));
    expect(ran.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, number) => number));
    for (const study of studies) {
      await study.refresh();
      expect(study.trials.map((trial) => trial.state === "completed" && trial.value)).toEqual(Array.from({ length: 20 }, (_, number) => number));
    }
  });

  it("take over the trials of a study that is gone, once, and ignore its later reports", async () => {
    const storage = new MemoryStorage();
    let alive = ["a", "b", "c"];
    const [a, b, c] = await Promise.all(["a", "b", "c"].map((owner) => createStudy({ space, storage: seenBy(storage, owner, () => alive) })));
    if (a === undefined || b === undefined || c === undefined) throw new Error("three studies were made");
    const lost = await a.ask();
    await lost.report(1, 9);
    alive = ["b", "c"];
    const [taken, next] = await Promise.all([b.ask(), c.ask()]);
    expect([taken.number, next.number].toSorted()).toEqual([0, 1]);
    const again = taken.number === 0 ? taken : next;
    expect(again.parameters).toEqual(lost.parameters);
    expect([again.attempt, again.seed]).toEqual([1, lost.seed]);
    await lost.report(2, 8);
    await again.report(1, 7);
    expect(await b.tell(again, 5)).toBe(true);
    expect(await a.tell(lost, 4)).toBe(false);
    expect(b.trials[0]).toMatchObject({ state: "completed", value: 5, reports: [{ step: 1, value: 7 }] });
  });

  it("are refused if they would have to wait for one another to be reproducible", async () => {
    const storage = new MemoryStorage();
    const [a, b] = await Promise.all(["a", "b"].map((owner) => createStudy({ space, storage: seenBy(storage, owner, () => ["a", "b"]) })));
    await a?.ask();
    await expect(b?.optimize(objective, { trials: 3 })).rejects.toThrow("optimize: trial 0 is run elsewhere");
  });
});

describe("overSeeds", () => {
  it("reports the running mean, and stops early when it is not worthwhile", async () => {
    const study = await createStudy({ space: { x: choice([0, 10]) }, sampler: randomSampler(), pruner: medianPruner({ startupTrials: 1 }), seed: 2 });
    const calls: number[] = [];
    await study.optimize(overSeeds([4, 5, 9], ({ x }, { seed }) => {
      calls.push(seed);
      return x + seed;
    }), { trials: 12 });
    expect(study.trials.find(({ state, parameters }) => state === "completed" && parameters.x === 0)).toMatchObject({
      value: 6, reports: [{ step: 1, value: 4 }, { step: 2, value: 4.5 }, { step: 3, value: 6 }],
    });
    const pruned = study.trials.filter(({ state }) => state === "pruned");
    expect(pruned.length).toBeGreaterThan(0);
    expect(pruned.every(({ reports }) => reports.length === 1)).toBe(true);
    expect(calls.length).toBe(3 * (12 - pruned.length) + pruned.length);
  });

  it("is the mean of the largest numbers too", async () => {
    const study = await createStudy({ space });
    await study.optimize(overSeeds([1, 2, 3, 4], () => Number.MAX_VALUE), { trials: 1 });
    expect(study.best.value).toBe(Number.MAX_VALUE);
  });

  it("fails if one seed gives no number", async () => {
    const study = await createStudy({ space });
    await study.optimize(overSeeds([1, 2], (_, { seed }) => (seed === 2 ? NaN : 1)), { trials: 1 });
    expect(study.trials[0]).toMatchObject({ state: "failed", reason: "overSeeds: seed 2 gave NaN, expected a finite number" });
  });
});
