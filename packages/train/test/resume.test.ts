import { ArrayDataset, DataLoader } from "@nn/data";
import { Linear } from "@nn/layers";
import { Accuracy } from "@nn/metrics";
import { crossEntropy } from "@nn/losses";
import { Adam, cosineDecay, ExponentialMovingAverage, reduceOnPlateau, SGD, type PlateauSchedule } from "@nn/optim";
import { defaultGenerator, Generator, normal, tensor, type Tensor } from "@nn/tensor";
import { checkpoints, earlyStopping, fit, memoryStorage, plateau, type CheckpointStorage, type Plugin, type Stateful, type TrainingResult } from "@nn/train";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { bitsOf, task } from "./tasks.js";

/** What differs between runs. */
interface Setting {
  readonly epochs: number;
  readonly every: { readonly steps: number } | { readonly epochs: number };
  readonly accumulate: number;
  readonly average: boolean;
  readonly compile: boolean;
  readonly patience: number;
  readonly schedule: "constant" | "cosine" | "plateau";
  readonly seed: number;
  readonly rateAt: number;
}

const settings: fc.Arbitrary<Setting> = fc.record({
  epochs: fc.integer({ min: 1, max: 4 }),
  every: fc.oneof(fc.record({ steps: fc.integer({ min: 1, max: 7 }) }), fc.record({ epochs: fc.integer({ min: 1, max: 2 }) })),
  accumulate: fc.integer({ min: 1, max: 3 }),
  average: fc.boolean(),
  compile: fc.integer({ min: 0, max: 9 }).map((at) => at === 0),
  patience: fc.integer({ min: 1, max: 3 }),
  schedule: fc.constantFrom("constant", "cosine", "plateau"),
  seed: fc.integer({ min: 0, max: 99 }),
  rateAt: fc.integer({ min: 0, max: 12 }),
});

class Killed extends Error {}

/** Ends a run without a chance to save anything, as a kill does: nothing that it has done after the latest checkpoint is left. */
function killAfter(events: number): Plugin {
  let count = 0;
  return {
    name: "kill",
    on: () => {
      if (++count > events) throw new Killed();
    },
  };
}

/** A plugin of a user: it changes the rate once, and counts what it sees. */
function user(rateAt: number): Plugin & { readonly counts: Record<string, number> } {
  const counts: Record<string, number> = {};
  return {
    name: "user",
    counts,
    on: (event, controls) => {
      if (["step", "epoch"].includes(event.type)) counts[event.type] = (counts[event.type] ?? 0) + 1;
      if (event.type === "step" && event.step === rateAt) controls.learningRate = 0.003;
    },
    stateDict: () => ({ ...counts }),
    loadStateDict: (state) => void Object.assign(counts, state),
  };
}

interface Finished {
  readonly result: TrainingResult;
  readonly numbers: unknown;
}

/** A process of its own: everything is made anew. */
async function live(setting: Setting, storage: CheckpointStorage, kill?: Plugin): Promise<Finished> {
  const { model, batches, validation } = task({ seed: setting.seed });
  const parameters = model.parameters();
  const rate = setting.schedule === "plateau" ? reduceOnPlateau(0.05, { patience: 0, factor: 0.5 }) : setting.schedule === "cosine" ? cosineDecay(0.05, { steps: 30 }) : 0.05;
  const optimizer = setting.average ? new SGD(parameters, { learningRate: rate, momentum: 0.9 }) : new Adam(parameters, { learningRate: rate });
  const average = setting.average ? new ExponentialMovingAverage(parameters, { decay: 0.8 }) : undefined;
  const counting = user(setting.rateAt);
  const plugins: Plugin[] = [
    earlyStopping({ patience: setting.patience }), checkpoints(storage, { every: setting.every, keepLast: 2 }), counting,
    ...(setting.schedule === "plateau" ? [plateau(rate as PlateauSchedule)] : []), ...(kill === undefined ? [] : [kill]),
  ];
  const result = await fit({
    model, loss: crossEntropy, optimizer, batches, validation, epochs: setting.epochs, metrics: { accuracy: new Accuracy() }, plugins,
    accumulate: setting.accumulate, average, clipNorm: 1, labelSmoothing: 0.1, compile: setting.compile, readEvery: 3,
  });
  const untimed = result.history.map((record) => ({ ...record, seconds: 0 }));
  return { result, numbers: { weights: bitsOf(model.stateDict()), optimizer: { ...optimizer.stateDict(), tensors: bitsOf(optimizer.stateDict().tensors) }, average: average?.values.map((each) => each.toArray()), untimed, counts: counting.counts, outcome: result.outcome, reason: result.reason, best: result.best?.epoch } };
}

test("a run that is killed anywhere, several times, ends with the same bits", async () => {
  await fc.assert(fc.asyncProperty(settings, fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 3 }), async (setting, kills) => {
    const whole = await live(setting, memoryStorage());
    const storage = memoryStorage();
    for (const events of kills) {
      // A plugin without a state may come and go.
      await live(setting, storage, killAfter(events)).catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error;
      });
    }
    const resumed = await live(setting, storage);
    expect(resumed.numbers).toEqual(whole.numbers);
  }), { numRuns: 6 });
});

test("a run that is complete is not run again", async () => {
  const setting: Setting = { epochs: 2, every: { epochs: 1 }, accumulate: 1, average: false, compile: false, patience: 3, schedule: "cosine", seed: 5, rateAt: 0 };
  const storage = memoryStorage();
  const first = await live(setting, storage);
  const again = await live(setting, storage);
  expect(again.numbers).toEqual(first.numbers);
});

test("a resumed run knows the epochs before, and what the user saves can refuse it first", async () => {
  const storage = memoryStorage();
  const histories: (readonly { readonly epoch: number }[])[] = [];
  const train = async (epochs: number, data: Stateful): Promise<void> => {
    const { model, batches } = task();
    const reader: Plugin = { name: "reader", on: (event) => void (event.type === "start" && histories.push(event.history)) };
    await fit({
      model, loss: crossEntropy, optimizer: new SGD(model.parameters(), { learningRate: 0.1 }), batches, epochs, compile: false, plugins: [checkpoints(storage), reader], state: { data },
    });
  };
  const same: Stateful = { stateDict: () => ({}), loadStateDict: () => undefined };
  await train(2, same);
  await train(3, same);
  expect(histories.map((records) => records.map(({ epoch }) => epoch))).toEqual([[], [1, 2]]);
  const changed: Stateful = {
    stateDict: () => ({}),
    loadStateDict: () => {
      throw new RangeError("the data have changed");
    },
  };
  await expect(train(4, changed)).rejects.toThrow('the checkpoint does not fit "state.data": the data have changed');
});

test.each(["at hand", "to be waited for", "of an iterable that starts with its own generator"])("augmentation with random numbers does not change the bits of a resumed run: items %s", async (kind) => {
  const live = async (storage = memoryStorage(), stopAt = Infinity): Promise<unknown> => {
    const { model, data } = task({ examples: 24 });
    const shift = ([x, y]: readonly [Tensor, Tensor], generator = defaultGenerator()): readonly [Tensor, Tensor] => [x.add(normal([2], { generator })), y];
    const items = Array.from({ length: data.length }, (_, at) => data.get(at));
    const source = kind === "at hand" ? new ArrayDataset(items).map((item) => shift(item))
      : kind === "to be waited for" ? new ArrayDataset(items).map(async (item) => {
        await new Promise((done) => setTimeout(done));
        return shift(item);
      }) : function* () {
        const generator = new Generator(3);
        for (const item of items) yield shift(item, generator);
      };
    const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
    const { outcome, history } = await fit({
      model, optimizer, loss: crossEntropy, batches: new DataLoader<Awaited<ReturnType<typeof shift>>, readonly [Tensor, Tensor]>(source as never, { batchSize: 4 }), epochs: 2, compile: false,
      plugins: [checkpoints(storage), { name: "stop", on: (event, controls) => void (event.type === "step" && event.step === stopAt && controls.stop("enough")) }],
    });
    return outcome === "stopped" ? live(storage) : [bitsOf(model.stateDict()), history.map((record) => ({ ...record, seconds: 0 }))];
  };
  const expected = await live();
  for (const at of [1, 2, 5, 9]) expect(await live(memoryStorage(), at)).toEqual(expected);
});

test("other batches and other learning rates than those of the checkpoint are refused, and nothing changes", async () => {
  const storage = memoryStorage();
  const pairs = Array.from({ length: 4 }, (_, at) => [tensor([[at, 1], [1, at]]), tensor([at % 2, 1], { dtype: "int32" })] as const);
  const start = ({ count = 4, rate = 0.1 as number | ((step: number) => number), stopAt = 0, change = 0 } = {}) => {
    const { model } = task();
    const optimizer = new SGD(model.parameters(), { learningRate: rate });
    const rates: number[] = [];
    const training = fit({
      model, optimizer, loss: crossEntropy, batches: pairs.slice(0, count), epochs: 2, compile: false,
      plugins: [checkpoints(storage), {
        name: "stop",
        on: (event, controls) => {
          if (event.type !== "step") return;
          rates.push(optimizer.learningRate);
          if (event.step === change) controls.learningRate = 0.02;
          if (event.step === stopAt) controls.stop("enough");
        },
      }],
    });
    return { training, model, rates };
  };
  await start({ stopAt: 3 }).training;
  const shorter = start({ count: 3 });
  const before = bitsOf(shorter.model.stateDict());
  await expect(shorter.training).rejects.toThrowErrorMatchingInlineSnapshot(`[CheckpointError: step-00000003.safetensors: the checkpoint does not fit "batches": fit: the checkpoint is of a run with an array of 4 batches, and \`batches\` has 3; use the same batches]`);
  expect(bitsOf(shorter.model.stateDict())).toEqual(before);
  const faster = start({ rate: 0.5 });
  await expect(faster.training).rejects.toThrowErrorMatchingInlineSnapshot(`[CheckpointError: step-00000003.safetensors: the checkpoint does not fit "learningRates": fit: the run began with the learning rate 0.1 of "optimizer", and the optimizer was made with 0.5; make it with 0.1; to go on with another rate, set \`controls.learningRate\` of the training before it starts]`);
  expect(bitsOf(faster.model.stateDict())).toEqual(before);

  // The rate of the program may be that of the beginning, also after a plugin has changed it.
  const changing = start({ change: 4, stopAt: 5 });
  await changing.training;
  expect(changing.rates).toEqual([0.1, 0.02]);
  // A rate that is set before the start is the one that is wanted.
  const other = start({ stopAt: 6 });
  other.training.controls.learningRate = 0.3;
  await other.training;
  expect(other.rates).toEqual([0.3]);
  const rest = start();
  await rest.training;
  expect(rest.rates).toEqual([0.3, 0.3]);
});

/** Batches that are drawn from the default generator; their state is how many of the epoch were given out. */
class Draws {
  #given = 0;

  *[Symbol.iterator](): IterableIterator<readonly [Tensor, Tensor]> {
    while (this.#given < 5) {
      this.#given += 1;
      yield [normal([4, 2]), tensor([0, 1, 1, 0], { dtype: "int32" })];
    }
    this.#given = 0;
  }

  stateDict(): unknown {
    return { given: this.#given };
  }

  loadStateDict(state: unknown): void {
    this.#given = (state as { readonly given: number }).given;
  }
}

test("drawn batches that have a state continue anywhere with the same bits", async () => {
  const live = async (storage: CheckpointStorage, stopAt?: number): Promise<unknown> => {
    const { model } = task();
    const { outcome, history, steps } = await fit({
      model, optimizer: new SGD(model.parameters(), { learningRate: 0.1 }), loss: crossEntropy, batches: new Draws(), epochs: 2, compile: false,
      plugins: [checkpoints(storage), { name: "stop", on: (event, controls) => void (event.type === "step" && event.step === stopAt && controls.stop("enough")) }],
    });
    return outcome === "stopped" ? live(storage) : [bitsOf(model.stateDict()), history.map((record) => ({ ...record, seconds: 0 })), steps];
  };
  const expected = await live(memoryStorage());
  for (const at of [1, 4, 5, 6, 9]) expect(await live(memoryStorage(), at)).toEqual(expected);
});

test("a run continues with other plugins, metrics and objects of state only where that is asked for, and never with another model", async () => {
  const storage = memoryStorage();
  const counter = (name: string): Plugin & { readonly seen: { epochs: number } } => {
    const seen = { epochs: 0 };
    return {
      name, seen,
      on: ({ type }) => void (type === "epoch" && (seen.epochs += 1)),
      stateDict: () => ({ ...seen }),
      loadStateDict: (state) => void Object.assign(seen, state),
    };
  };
  const train = async (epochs: number, plugins: readonly Plugin[], { strict, metrics = false, width = 2 }: { readonly strict?: boolean; readonly metrics?: boolean; readonly width?: number } = {}): Promise<TrainingResult> => {
    const { batches, model: known } = task();
    const model = width === 2 ? known : new Linear(2, width);
    return fit({
      model, loss: crossEntropy, optimizer: new SGD(model.parameters(), { learningRate: 0.1 }), batches, epochs, compile: false,
      plugins: [checkpoints(storage, { strict }), ...plugins], ...(metrics ? { metrics: { accuracy: new Accuracy() } } : {}),
    });
  };
  const [kept, gone, fresh] = [counter("kept"), counter("gone"), counter("fresh")];
  await train(2, [kept, gone]);
  await expect(train(3, [counter("kept"), fresh])).rejects.toThrowErrorMatchingInlineSnapshot(`[CheckpointError: step-00000008.safetensors: the checkpoint does not fit: it has no state of "plugins.fresh", and it has a state of "plugins.gone", which there is not here; to continue with other plugins, metrics or objects of state, give checkpoints(…) or resume strict: false]`);
  await expect(train(3, [counter("kept")], { strict: false, width: 3 })).rejects.toThrow(/the checkpoint does not fit "model"/);

  const again = counter("kept");
  const { history } = await train(4, [again, fresh], { strict: false, metrics: true });
  expect([history.length, again.seen.epochs, fresh.seen.epochs]).toEqual([4, 4, 2]);
  expect(history.map(({ values }) => Object.keys(values.training))).toEqual([["loss"], ["loss"], ["loss", "accuracy"], ["loss", "accuracy"]]);
  // From now on the checkpoint has the new plugins.
  const last = counter("fresh");
  await train(5, [counter("kept"), last], { metrics: true });
  expect(last.seen.epochs).toBe(3);
});
