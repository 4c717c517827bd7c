import { DataLoader, IterableDataset } from "@nn/data";
import { crossEntropy } from "@nn/losses";
import { SGD } from "@nn/optim";
import { tensor, type Tensor } from "@nn/tensor";
import { checkpoints, evaluate, evaluator, fit, memoryStorage, predict, responsive, trainStep, type Plugin, type TrainingResult } from "@nn/train";
import { describe, expect, test } from "vitest";
import { bitsOf, task } from "./tasks.js";

const never = new Promise<never>(() => undefined);

/** Batches of which the one after `count` never comes. */
function hanging<Batch>(batches: readonly Batch[], onHang: () => void): AsyncIterable<Batch> & { closed: number } {
  return {
    closed: 0,
    async *[Symbol.asyncIterator]() {
      try {
        yield* batches;
        onHang();
        await never;
      } finally {
        this.closed += 1;
      }
    },
  };
}

const pairs = [[tensor([[1, 2]]), tensor([0], { dtype: "int32" })], [tensor([[3, 4]]), tensor([1], { dtype: "int32" })]] as const;

/** A run that is aborted when something hangs. */
function run(signal: AbortSignal, more: { readonly plugins?: readonly Plugin[]; readonly evaluate?: () => Promise<{ loss: number }>; readonly batches?: AsyncIterable<readonly [Tensor, Tensor]> }): PromiseLike<TrainingResult> {
  const { model } = task();
  const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
  return fit({ model, optimizer, batches: more.batches ?? pairs, epochs: 2, step: () => tensor(1), signal, evaluate: more.evaluate ?? (async () => ({ loss: 1 })), plugins: more.plugins ?? [] });
}

describe("an abort is heard", () => {
  test("while the source of batches hangs", async () => {
    const controller = new AbortController();
    const result = await run(controller.signal, { batches: hanging(pairs, () => controller.abort("enough")) });
    expect(result).toMatchObject({ outcome: "interrupted", reason: "enough", steps: 2, history: [] });
  });

  test("while an evaluation hangs, and whatever becomes of it later", async () => {
    const controller = new AbortController();
    let fail = (): void => undefined;
    const result = await run(controller.signal, {
      evaluate: () => {
        setTimeout(() => controller.abort("enough"));
        return new Promise((_, reject) => (fail = () => reject(new Error("too late"))));
      },
    });
    expect(result).toMatchObject({ outcome: "interrupted", steps: 2, history: [] });
    fail();
    await new Promise((done) => setTimeout(done));
  });

  test.each(["start", "step", "evaluating", "epoch"])("while a plugin hangs at %s, which is told the rest", async (type) => {
    const controller = new AbortController();
    const told: string[] = [];
    const plugin: Plugin = {
      name: "hanging",
      on: (event) => {
        told.push(event.type);
        if (event.type !== type && controller.signal.aborted === false) return undefined;
        controller.abort("enough");
        return never;
      },
    };
    expect(await run(controller.signal, { plugins: [plugin] })).toMatchObject({ outcome: "interrupted", reason: "enough" });
    expect(told.slice(-2)).toEqual(["ending", "end"]);
  });

  test("while a plugin looks for a checkpoint; then nothing has begun", async () => {
    const controller = new AbortController();
    const told: string[] = [];
    const plugin: Plugin = {
      name: "hanging",
      on: ({ type }) => void told.push(type),
      resume: () => {
        controller.abort("enough");
        return never;
      },
    };
    expect(await run(controller.signal, { plugins: [plugin] })).toMatchObject({ outcome: "interrupted", steps: 0 });
    expect(told).toEqual([]);
  });

  test("by evaluate, predict and responsive", async () => {
    const { model } = task();
    const abort = (): { readonly signal: AbortSignal; readonly hang: () => void } => {
      const controller = new AbortController();
      return { signal: controller.signal, hang: () => controller.abort(new Error("enough")) };
    };
    const [first, second, third] = [abort(), abort(), abort()];
    await expect(evaluate(model, hanging(pairs, first.hang), { loss: crossEntropy }, { signal: first.signal, compile: false })).rejects.toThrow("enough");
    const all = async (values: AsyncIterable<unknown>): Promise<void> => {
      for await (const _ of values);
    };
    await expect(all(predict(model, hanging(pairs, second.hang), { signal: second.signal, compile: false }))).rejects.toThrow("enough");
    await expect(all(responsive(hanging(pairs, third.hang), { signal: third.signal }))).rejects.toThrow("enough");
    expect(model.training).toBe(true);
  });
});

test("a plugin that must finish is waited for after the abort", async () => {
  const controller = new AbortController();
  const seen: string[] = [];
  const plugin: Plugin = {
    name: "saving", mustFinish: true,
    on: async ({ type }) => {
      if (type === "step") controller.abort();
      await new Promise((done) => setTimeout(done, type === "ending" ? 1200 : 0));
      seen.push(type);
    },
  };
  await run(controller.signal, { plugins: [plugin] });
  expect(seen).toEqual(["start", "step", "ending", "end"]);
});

test("a loop over batches that is left closes their source", async () => {
  const batches = hanging(pairs, () => undefined);
  for await (const _ of responsive(batches, { signal: new AbortController().signal })) break;
  expect(batches.closed).toBe(1);
});

test("a batch that was asked for and not used comes again", async () => {
  const controller = new AbortController();
  let release = (): void => undefined;
  const slow = new Promise<void>((done) => (release = done));
  const items = async function* () {
    for (const item of [1, 2, 3, 4]) {
      if (item === 3 && !controller.signal.aborted) {
        setTimeout(() => controller.abort());
        await slow;
      }
      yield item;
    }
  };
  const loader = new DataLoader(new IterableDataset(items), { batchSize: 1, prefetch: 0 });
  const seen: unknown[] = [];
  const read = async (signal?: AbortSignal): Promise<void> => {
    for await (const batch of responsive(loader, { signal })) seen.push((batch as Tensor).item());
  };
  await expect(read(controller.signal)).rejects.toThrow("aborted");
  // What comes late does not move the position of the loader.
  release();
  await new Promise((done) => setTimeout(done));
  await read();
  expect(seen).toEqual([1, 2, 3, 4]);
});

test("a run that is interrupted in an evaluation of several batches goes on with the same bits", async () => {
  const live = async (storage = memoryStorage(), abortAt = Infinity): Promise<unknown> => {
    const { model, batches, data } = task();
    const controller = new AbortController();
    let evaluated = 0;
    // A loss that counts its batches: the abort comes in the middle of an evaluation.
    const loss = (output: Tensor, target: Tensor): Tensor => {
      if (++evaluated === abortAt) controller.abort();
      return crossEntropy(output, target);
    };
    const validation = evaluator(model, new DataLoader<readonly [Tensor, Tensor], readonly [Tensor, Tensor]>(data, { batchSize: 3 }), { loss }, { compile: false });
    const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
    const { outcome, history } = await fit({
      model, optimizer, batches, epochs: 2, signal: controller.signal, evaluate: validation, step: trainStep(model, crossEntropy, optimizer, { compile: false }), plugins: [checkpoints(storage)],
    });
    return outcome === "interrupted" ? live(storage) : [bitsOf(model.stateDict()), history.map((record) => ({ ...record, seconds: 0 }))];
  };
  const expected = await live();
  for (const at of [1, 3, 5, 6, 8]) expect(await live(memoryStorage(), at)).toEqual(expected);
});

test("a reason of any kind is put into words", async () => {
  for (const [reason, words] of [[Object.create(null), "an object"], [null, "null"], [Symbol("s"), "a symbol"]] as const) {
    const controller = new AbortController();
    controller.abort(reason);
    expect(await run(controller.signal, {})).toMatchObject({ outcome: "interrupted", reason: words });
  }
  // Without a reason, the words are those of the engine.
  const controller = new AbortController();
  controller.abort();
  expect(await run(controller.signal, {})).toMatchObject({ outcome: "interrupted", reason: (controller.signal.reason as Error).message });
});
