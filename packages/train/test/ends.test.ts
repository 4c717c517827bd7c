import { crossEntropy } from "@nn/losses";
import { SGD } from "@nn/optim";
import { tensor, type Tensor } from "@nn/tensor";
import { earlyStopping, fit, memoryStorage, checkpoints, evaluator, trainStep, type EndEvent, type Plugin, type TrainingEvent } from "@nn/train";
import { describe, expect, test } from "vitest";
import { bitsOf, task } from "./tasks.js";

/** A run whose best epoch is its first: the evaluation gives these losses, one after the other. */
function run(losses: readonly number[], more: { readonly plugins?: readonly Plugin[]; readonly signal?: AbortSignal; readonly failAt?: number } = {}) {
  const { model, batches } = task();
  const step = trainStep(model, crossEntropy, new SGD(model.parameters(), { learningRate: 0.1 }), { compile: false });
  const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
  const ends: EndEvent[] = [];
  const weights: unknown[] = [];
  let steps = 0;
  let evaluations = 0;
  const training = fit({
    model, optimizer, batches, epochs: losses.length, ...(more.signal === undefined ? {} : { signal: more.signal }), maxBlockingMs: 0, readEvery: 2,
    step: (batch: readonly [Tensor, Tensor]) => {
      if (++steps === more.failAt) throw new TypeError("the step failed");
      return step(batch);
    },
    evaluate: async () => {
      weights.push(bitsOf(model.stateDict()));
      return { loss: losses[evaluations++] ?? 0 };
    },
    plugins: [
      earlyStopping({ patience: Infinity }),
      { name: "witness", on: (event) => void (event.type === "end" && ends.push(event)) },
      ...(more.plugins ?? []),
    ],
  });
  return { training, model, ends, weights, hasBestWeights: () => expect(bitsOf(model.stateDict())).toEqual(weights[0]) };
}

const failing = (type: string): Plugin => ({
  name: "failing",
  on: (event) => {
    if (event.type === type) throw new RangeError(`failed at ${type}`);
  },
});

describe("a run ends with the best weights restored, and plugins notified once, after", () => {
  test("all epochs are done", async () => {
    const { training, hasBestWeights, ends } = run([1, 2, 3]);
    expect(await training).toMatchObject({ outcome: "completed", best: { epoch: 1 }, steps: 12 });
    hasBestWeights();
    expect(ends).toMatchObject([{ outcome: "completed", epoch: 3, step: 12 }]);
  });

  test("a plugin stops it in the middle of an epoch", async () => {
    const { training, hasBestWeights, ends } = run([1, 2, 3], { plugins: [{ name: "stop", on: (event, controls) => void (event.type === "step" && event.step === 6 && controls.stop("enough")) }] });
    expect(await training).toMatchObject({ outcome: "stopped", reason: "enough", steps: 6 });
    hasBestWeights();
    expect(ends).toMatchObject([{ outcome: "stopped", epoch: 2, stepInEpoch: 2 }]);
  });

  test("an abort by the signal", async () => {
    const controller = new AbortController();
    const { training, hasBestWeights, ends } = run([1, 2, 3], { signal: controller.signal, plugins: [{ name: "abort", on: (event) => void (event.type === "step" && event.step === 7 && controller.abort(new Error("Ctrl-C"))) }] });
    expect(await training).toMatchObject({ outcome: "interrupted", reason: "Ctrl-C", steps: 7 });
    hasBestWeights();
    expect(ends).toHaveLength(1);
  });

  test("an abort between steps", async () => {
    const controller = new AbortController();
    const { training, ends } = run(new Array<number>(1000).fill(1), { signal: controller.signal });
    setTimeout(() => controller.abort("timer"), 1);
    expect(await training).toMatchObject({ outcome: "interrupted", reason: "timer" });
    expect(ends).toHaveLength(1);
  });

  test("a signal that was aborted before the start", async () => {
    const { training, ends } = run([1], { signal: AbortSignal.abort("before") });
    expect(await training).toMatchObject({ outcome: "interrupted", steps: 0, history: [] });
    expect(ends).toHaveLength(1);
  });

  test("leaving the loop", async () => {
    const { training, hasBestWeights, ends } = run([1, 2, 3]);
    for await (const event of training) if (event.type === "step" && event.step === 6) break;
    expect(ends).toHaveLength(1);
    hasBestWeights();
    expect(await training).toMatchObject({ outcome: "stopped", steps: 6 });
  });

  test("an exception in the loop", async () => {
    const { training, hasBestWeights, ends } = run([1, 2, 3]);
    const loop = async (): Promise<void> => {
      for await (const event of training) if (event.type === "step" && event.step === 6) throw new SyntaxError("in the loop");
    };
    await expect(loop()).rejects.toThrow("in the loop");
    expect(ends).toHaveLength(1);
    hasBestWeights();
    expect(await training).toMatchObject({ outcome: "stopped" });
  });

  test("a loop that begins when it is over is refused: there are no events", async () => {
    const { training } = run([1, 2]);
    await training;
    const loop = async (): Promise<void> => {
      for await (const _ of training);
    };
    await expect(loop()).rejects.toThrow("fit: the run is over, so there are no more events; begin the loop before the run is awaited, or read `history` of its result");
  });

  test("an exception in the step", async () => {
    const { training, hasBestWeights, ends } = run([1, 2, 3], { failAt: 6 });
    const loop = async (): Promise<void> => {
      for await (const _ of training);
    };
    await expect(loop()).rejects.toThrow("the step failed");
    await expect(training).rejects.toThrow("the step failed");
    hasBestWeights();
    expect(ends).toMatchObject([{ outcome: "failed", error: new TypeError("in step 6: the step failed") }]);
  });

  test.each(["start", "step", "progress", "evaluating", "evaluation", "epoch", "ending", "end"])("an exception in a plugin at %s", async (type) => {
    const { training, ends, model } = run([1, 2, 3, 4], { plugins: [failing(type)] });
    const modes = model.modules().map(({ training }) => training);
    await expect(training).rejects.toThrow(`in the plugin "failing" at the event "${type}": failed at ${type}`);
    await expect(training).rejects.toThrow(`failed at ${type}`);
    expect(ends).toHaveLength(1);
    expect(model.modules().map(({ training }) => training)).toEqual(modes);
  });

  test.each([false, true])("the error of each function names it, also if it is asynchronous: %s", async (isAsync) => {
    const { model, batches, validation } = task();
    const fail = (): never => (isAsync ? Promise.reject(new ReferenceError("x is not defined")) as never : absent());
    const absent = (): never => {
      throw new ReferenceError("x is not defined");
    };
    const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
    const simple = { model, optimizer, loss: crossEntropy, batches, validation, epochs: 1, compile: false } as const;
    const own = { model, optimizer, batches, epochs: 1, step: trainStep(model, crossEntropy, optimizer, { compile: false }) };
    const messageFor = (options: object): Promise<unknown> => Promise.resolve(fit(options as typeof own)).then(() => "none", (error: unknown) => (error instanceof ReferenceError ? error.message : error));
    expect(await messageFor({ ...own, step: fail })).toBe("in step 1: x is not defined");
    expect(await messageFor({ ...own, evaluate: fail })).toBe("in evaluate: x is not defined");
    expect(await messageFor({ ...own, plugins: [{ name: "mine", on: ({ type }: TrainingEvent) => (type === "epoch" ? fail() : undefined) }] })).toBe('in the plugin "mine" at the event "epoch": x is not defined');
    expect(await messageFor({ ...own, plugins: [{ name: "mine", resume: fail }] })).toBe('in the plugin "mine" at resume: x is not defined');
    expect(await messageFor({ ...own, plugins: [{ name: "mine", dispose: fail }] })).toBe('in the plugin "mine" at dispose: x is not defined');
    if (isAsync) return;
    expect(await messageFor({ ...own, examples: fail })).toBe("in examples: x is not defined");
    for (const name of ["augment", "weight", "transform"]) expect(await messageFor({ ...simple, [name]: fail })).toBe(`in ${name}: x is not defined`);
    expect(await messageFor({ ...simple, metrics: { mine: fail } })).toBe('in the metric "mine": x is not defined');
  });

  test("a loss that is not finite", async () => {
    const { model, batches } = task();
    let steps = 0;
    const training = fit({ model, optimizer: new SGD(model.parameters(), { learningRate: 1 }), batches, epochs: 3, readEvery: 3, step: () => tensor(++steps === 6 ? Number.NaN : 1) });
    expect(await training).toMatchObject({ outcome: "diverged", reason: "the loss became NaN in epoch 2 at step 2 of 4", history: [{ epoch: 1, values: { training: { loss: 1 } } }] });
  });

  test("weights that the last step of an epoch spoils, whose loss nothing shows any more", async () => {
    const { model, batches } = task();
    let steps = 0;
    const spoil = (): Tensor => {
      const [weight] = model.parameters();
      if (++steps === 8 && weight !== undefined) weight.value = weight.value.mul(Infinity);
      return tensor(1);
    };
    const training = fit({ model, optimizer: new SGD(model.parameters(), { learningRate: 1 }), batches, epochs: 2, step: spoil });
    expect(await training).toMatchObject({ outcome: "diverged", reason: "the weights are no longer finite after the last step of epoch 2", history: [{ epoch: 1 }] });
  });

  test("a loss of the evaluation that is not finite", async () => {
    const { training, hasBestWeights } = run([1, Infinity, 3]);
    expect(await training).toMatchObject({ outcome: "diverged", reason: "the loss of the evaluation is Infinity after epoch 2", history: [{ epoch: 1 }] });
    hasBestWeights();
  });
});

describe("the stream and the promise", () => {
  test("nothing runs before a loop or await starts it", async () => {
    const { training, weights } = run([1]);
    await new Promise((done) => setTimeout(done, 5));
    expect(weights).toEqual([]);
    await training;
    expect(weights).toHaveLength(1);
  });

  test("awaiting twice gives the same, also at the same time", async () => {
    const { training } = run([2, 1]);
    const [first, second] = await Promise.all([training, training]);
    expect(first).toBe(second);
    expect(await training).toBe(first);
  });

  test("awaiting inside the loop does not hang", async () => {
    const { training } = run([2, 1]);
    const seen: string[] = [];
    const outcomes: string[] = [];
    for await (const event of training) {
      seen.push(event.type);
      if (event.type === "start") outcomes.push((await training).outcome);
    }
    expect(outcomes).toEqual(["completed"]);
    expect(seen.at(-1)).toBe("end");
    expect(seen.filter((type) => type === "step")).toHaveLength(8);
  });

  test("every listener sees every event", async () => {
    const { training } = run([2, 1]);
    const listen = async (of: AsyncIterable<TrainingEvent<object>>): Promise<string[]> => {
      const seen: string[] = [];
      for await (const { type } of of) seen.push(type);
      return seen;
    };
    const both = await Promise.all([listen(training), listen(training), training]);
    expect(both[0]).toEqual(both[1]);
    expect(both[0][0]).toBe("start");
  });

  test("the run waits for the loop", async () => {
    const { training, weights } = run([3, 2, 1]);
    for await (const event of training) {
      if (event.type !== "epoch") continue;
      await new Promise((done) => setTimeout(done, 2));
      expect(weights).toHaveLength(event.epoch);
    }
  });
});

test("the controls evaluate, save and change the rate between steps", async () => {
  const { model, batches, validation } = task();
  const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
  const seen: string[] = [];
  await fit({
    model, loss: crossEntropy, optimizer, batches, validation, epochs: 1, compile: false,
    plugins: [{
      name: "controls",
      on: (event, controls) => {
        seen.push(event.type);
        if (event.type !== "step" || event.step !== 2) return;
        controls.evaluate();
        controls.save();
        controls.learningRate = 0.5;
      },
    }],
  });
  expect(seen).toEqual(["start", "step", "step", "evaluating", "evaluation", "checkpoint", "step", "step", "evaluating", "evaluation", "epoch", "ending", "end"]);
  expect(optimizer.learningRate).toBe(0.5);
});

test("a run that is interrupted anywhere, also in an evaluation, continues with the same bits", async () => {
  const live = async (storage = memoryStorage(), abortAt = Infinity): Promise<unknown> => {
    const { model, batches, validation } = task();
    const controller = new AbortController();
    let events = 0;
    const evaluate = evaluator(model, validation, { loss: crossEntropy }, { compile: false });
    const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
    const { outcome, history } = await fit({
      model, optimizer, batches, epochs: 2, signal: controller.signal, evaluate, step: trainStep(model, crossEntropy, optimizer, { compile: false }),
      plugins: [checkpoints(storage), { name: "abort", on: () => void (++events === abortAt && controller.abort()) }],
    });
    return outcome === "interrupted" ? live(storage) : [bitsOf(model.stateDict()), history.map((record) => ({ ...record, seconds: 0 }))];
  };
  const expected = await live();
  for (let at = 1; at <= 18; at++) expect(await live(memoryStorage(), at)).toEqual(expected);
});
