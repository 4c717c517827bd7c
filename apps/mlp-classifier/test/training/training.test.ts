import { TensorDataset } from "@nn/data";
import { tensor } from "@nn/tensor";
import { checkpoints, memoryStorage, type CheckpointStorage, type Outcome, type Plugin } from "@nn/train";
import { describe, expect, test } from "vitest";
import { loadData } from "../../src/data/load.js";
import type { LoadedData, Split } from "../../src/data/loaded-data.js";
import { evaluate } from "../../src/evaluation/evaluate.js";
import { metricsOf, type EpochMetrics } from "../../src/run/metrics-file.js";
import { completeSettings, mergeSettings, type PartialSettings, type ResolvedSettings } from "../../src/settings/merge.js";
import { Training } from "../../src/training/training.js";

const settingsFor = (settings: PartialSettings): ResolvedSettings => completeSettings(mergeSettings({ data: "moons", hidden: [8], epochs: 4, compile: false, ...settings }), "table");

/** What came out of a run, apart from its times. */
interface Course {
  readonly outcome: Outcome;
  readonly reason: string | undefined;
  readonly best: number | undefined;
  readonly epochs: readonly EpochMetrics[];
}

/** Trains, and aborts after so many steps of this process. */
async function run(training: Training, { stopAfter = Infinity, storage = memoryStorage() }: { readonly stopAfter?: number; readonly storage?: CheckpointStorage } = {}): Promise<Course> {
  const controller = new AbortController();
  let steps = 0;
  const stopper: Plugin = {
    name: "stopper",
    on: ({ type }) => {
      if (type === "step" && ++steps >= stopAfter) controller.abort();
    },
  };
  const { outcome, reason, best, history } = await training.fit({ signal: controller.signal, plugins: [stopper, checkpoints(storage)] });
  training.network.eval();
  const epochs = history.map((record) => ({ ...metricsOf(record, training.stepsPerEpoch), seconds: 0, stepsPerSecond: 0 }));
  return { outcome, reason, best: best?.epoch, epochs };
}

const lossOn = async (training: Training, split: Split, { classes }: LoadedData): Promise<number> => (await evaluate((x) => training.network.forward(x), split, classes)).loss;
const weightsOf = (training: Training): unknown => Object.entries(training.network.stateDict()).map(([name, value]) => [name, value.toArray()]);

describe("same seed, same numbers", () => {
  const cases: Readonly<Record<string, PartialSettings>> = {
    plain: { compile: true },
    "dropout, batch normalisation, momentum": { dropout: 0.3, batchNorm: true, optimizer: "sgd", schedule: "one-cycle" },
    "plateau, patience": { schedule: "plateau", patience: 2, learningRate: 0.05, optimizer: "rmsprop", clipNorm: 1, labelSmoothing: 0.1 },
  };

  test.each(Object.entries(cases))("also if interrupted and resumed: %s", async (_, chosen) => {
    const settings = settingsFor(chosen);
    const data = await loadData(settings);
    const whole = new Training(data, settings);
    const uninterrupted = await run(whole);

    const storage = memoryStorage();
    // In the middle of the first epoch, at the end of an epoch, and in the middle of another.
    for (const stopAfter of [5, whole.stepsPerEpoch - 5, whole.stepsPerEpoch + 7]) {
      expect((await run(new Training(data, settings), { stopAfter, storage })).outcome).toBe("interrupted");
    }
    const last = new Training(data, settings);
    expect(await run(last, { storage })).toEqual(uninterrupted);
    expect(weightsOf(last)).toEqual(weightsOf(whole));
  });

  test("another seed gives other numbers", async () => {
    const results = await Promise.all([1, 2].map(async (seed) => {
      const settings = settingsFor({ seed, epochs: 1 });
      return run(new Training(await loadData(settings), settings));
    }));
    expect(results[0]?.epochs).not.toEqual(results[1]?.epochs);
  });
});

test("exclusive or is learned", async () => {
  const settings = settingsFor({ compile: true, data: "xor", hidden: [16], epochs: 12, learningRate: 0.01 });
  const data = await loadData(settings);
  const training = new Training(data, settings);
  await run(training);
  const { confusion } = await evaluate((x) => training.network.forward(x), data.test, data.classes);
  expect(confusion).toEqual([[2, 0], [0, 2]]);
});

test("exclusive or is not learned without a hidden layer", async () => {
  const settings = settingsFor({ data: "xor", hidden: [], epochs: 5, learningRate: 0.05 });
  const data = await loadData(settings);
  const training = new Training(data, settings);
  await run(training);
  const { report } = await evaluate((x) => training.network.forward(x), data.test, data.classes);
  expect(report.accuracy).toBeLessThan(1);
});

describe("the weights that are kept", () => {
  const restless: PartialSettings = { compile: true, epochs: 12, learningRate: 0.3, optimizer: "sgd", hidden: [16], batchSize: 8 };

  test.each([0, 2])("are those of the best epoch, with a patience of %i", async (patience) => {
    const settings = settingsFor({ ...restless, patience });
    const data = await loadData(settings);
    const training = new Training(data, settings);
    const { outcome, best: bestEpoch, epochs } = await run(training);
    const losses = epochs.map(({ validationLoss }) => validationLoss as number);
    const best = losses.indexOf(Math.min(...losses));
    expect(outcome).toBe(patience === 0 ? "completed" : "stopped");
    expect(bestEpoch).toBe(best + 1);
    expect(best + 1).toBeLessThan(losses.length);
    expect(losses.length).toBe(patience === 0 ? 12 : best + 1 + patience);
    expect(await lossOn(training, data.validation as Split, data)).toBeCloseTo(losses[best] as number, 6);
  });

  test("are the last ones on request", async () => {
    const settings = settingsFor({ ...restless, keep: "last" });
    const data = await loadData(settings);
    const training = new Training(data, settings);
    const { epochs } = await run(training);
    expect(await lossOn(training, data.validation as Split, data)).toBeCloseTo(epochs.at(-1)?.validationLoss as number, 6);
  });
});

test("a checkpoint of a run with other settings is refused", async () => {
  const settings = settingsFor({ epochs: 2 });
  const [data, storage] = [await loadData(settings), memoryStorage()];
  await run(new Training(data, settings), { stopAfter: 5, storage });
  await expect(run(new Training(data, { ...settings, hidden: [9] }), { storage })).rejects.toThrow(/^step-00000005\.safetensors: the checkpoint does not fit "model"/);
});

test("gives no validation metrics without a validation split", async () => {
  const settings = settingsFor({ validationSplit: 0, epochs: 1 });
  const { epochs } = await run(new Training(await loadData(settings), settings));
  expect(epochs[0]).toMatchObject({ validationLoss: null, validationAccuracy: null });
});

describe("a run that diverges", () => {
  const reason = async (chosen: PartialSettings, data?: LoadedData): Promise<string | undefined> => {
    const settings = settingsFor(chosen);
    const course = await run(new Training(data ?? (await loadData(settings)), settings));
    expect(course.outcome).toBe("diverged");
    return course.reason;
  };

  test("says where", async () => {
    expect(await reason({ optimizer: "sgd", learningRate: 1e30 })).toBe("the loss became NaN in epoch 1 at step 2 of 26");
  });

  test("ends with that sentence also if the last step of an epoch makes the weights NaN", async () => {
    const split = new TensorDataset(tensor([[1, 2], [-3, 4]]), tensor([0, 1], { dtype: "int32" }));
    const settings = settingsFor({});
    const data: LoadedData = { ...(await loadData(settings)), train: split, test: split, validation: undefined };
    expect(await reason({ optimizer: "sgd", learningRate: 1e38, momentum: 0, validationSplit: 0, weightDecay: 1e20, epochs: 1 }, data)).toBe("the weights are no longer finite after the last step of epoch 1");
  });
});
