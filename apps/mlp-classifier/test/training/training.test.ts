import { TensorDataset } from "@nn/data";
import { tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { loadData } from "../../src/data/load.js";
import type { LoadedData } from "../../src/data/loaded-data.js";
import { evaluate } from "../../src/evaluation/evaluate.js";
import { Failure } from "../../src/failure.js";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/run/checkpoint.js";
import type { EpochMetrics } from "../../src/run/metrics-file.js";
import { completeSettings, mergeSettings, type PartialSettings, type ResolvedSettings } from "../../src/settings/merge.js";
import { Training, type Outcome } from "../../src/training/training.js";

const settingsFor = (settings: PartialSettings): ResolvedSettings => completeSettings(mergeSettings({ data: "moons", hidden: [8], epochs: 4, ...settings }), "table");

/** The figures of an epoch that do not depend on the speed of the machine. */
const figures = (metrics: EpochMetrics): EpochMetrics => ({ ...metrics, seconds: 0, stepsPerSecond: 0 });

/** Trains, and aborts after so many steps of this process. */
async function run(training: Training, stopAfter = Infinity): Promise<{ readonly outcome: Outcome; readonly metrics: readonly EpochMetrics[] }> {
  const metrics: EpochMetrics[] = [];
  const controller = new AbortController();
  let steps = 0;
  const outcome = await training.run(
    {
      step: () => {
        steps += 1;
        if (steps >= stopAfter) controller.abort();
      },
      epoch: async (each) => void metrics.push(figures(each)),
    },
    controller.signal,
  );
  return { outcome, metrics };
}

const weightsOf = (training: Training): unknown => Object.entries(training.network.stateDict()).map(([name, value]) => [name, value.toArray()]);

describe("same seed, same numbers", () => {
  const cases: Readonly<Record<string, PartialSettings>> = {
    plain: {},
    "dropout, batch normalisation, momentum": { dropout: 0.3, batchNorm: true, optimizer: "sgd", schedule: "one-cycle" },
    "plateau, patience": { schedule: "plateau", patience: 2, learningRate: 0.05, optimizer: "rmsprop", clipNorm: 1, labelSmoothing: 0.1 },
  };

  test.each(Object.entries(cases))("also when interrupted and gone on with: %s", async (_, chosen) => {
    const settings = settingsFor(chosen);
    const data = await loadData(settings);
    const whole = new Training(data, settings);
    const uninterrupted = await run(whole);

    const metrics: EpochMetrics[] = [];
    let training = new Training(data, settings);
    // In the middle of the first epoch, at the end of an epoch, and in the middle of another.
    for (const steps of [5, training.stepsPerEpoch - 5, training.stepsPerEpoch + 7]) {
      const piece = await run(training, steps);
      expect(piece.outcome).toBe("interrupted");
      metrics.push(...piece.metrics);
      const saved = encodeCheckpoint({ state: training.stateDict(), metrics, source: null });
      training = new Training(data, settings);
      training.loadStateDict(decodeCheckpoint(saved, "checkpoint").state);
    }
    const last = await run(training);
    expect([...metrics, ...last.metrics]).toEqual(uninterrupted.metrics);
    expect(last.outcome).toBe(uninterrupted.outcome);
    expect(weightsOf(training)).toEqual(weightsOf(whole));
  });

  test("another seed, other numbers", async () => {
    const results = await Promise.all([1, 2].map(async (seed) => {
      const settings = settingsFor({ seed, epochs: 1 });
      return run(new Training(await loadData(settings), settings));
    }));
    expect(results[0]?.metrics).not.toEqual(results[1]?.metrics);
  });
});

test("exclusive or is learned", async () => {
  const settings = settingsFor({ data: "xor", hidden: [16], epochs: 12, learningRate: 0.01 });
  const data = await loadData(settings);
  const training = new Training(data, settings);
  await run(training);
  const { confusion } = await evaluate(training.predictor, data.test, data.classes);
  expect(confusion).toEqual([[2, 0], [0, 2]]);
});

test("exclusive or is not learned without a hidden layer", async () => {
  const settings = settingsFor({ data: "xor", hidden: [], epochs: 5, learningRate: 0.05 });
  const data = await loadData(settings);
  const training = new Training(data, settings);
  await run(training);
  const { report } = await evaluate(training.predictor, data.test, data.classes);
  expect(report.accuracy).toBeLessThan(1);
});

describe("the weights that are kept", () => {
  const restless: PartialSettings = { epochs: 12, learningRate: 0.3, optimizer: "sgd", hidden: [16], batchSize: 8 };

  test.each([0, 2])("are those of the best epoch, with a patience of %i", async (patience) => {
    const settings = settingsFor({ ...restless, patience });
    const data = await loadData(settings);
    const training = new Training(data, settings);
    const { outcome, metrics } = await run(training);
    const losses = metrics.map(({ validationLoss }) => validationLoss as number);
    const best = losses.indexOf(Math.min(...losses));
    expect(outcome).toBe(patience === 0 ? "complete" : "stopped early");
    expect([training.bestEpoch, training.keptEpoch]).toEqual([best + 1, best + 1]);
    expect(best + 1).toBeLessThan(losses.length);
    expect(losses.length).toBe(patience === 0 ? 12 : best + 1 + patience);
    expect((await evaluate(training.predictor, data.validation as NonNullable<typeof data.validation>, data.classes)).loss).toBeCloseTo(losses[best] as number, 6);
  });

  test("are the last ones where that is asked for", async () => {
    const settings = settingsFor({ ...restless, keep: "last" });
    const data = await loadData(settings);
    const training = new Training(data, settings);
    const { metrics } = await run(training);
    expect(training.keptEpoch).toBe(12);
    expect((await evaluate(training.predictor, data.validation as NonNullable<typeof data.validation>, data.classes)).loss).toBeCloseTo(metrics.at(-1)?.validationLoss as number, 6);
  });
});

test("a state that does not fit the run is refused", async () => {
  const settings = settingsFor({ epochs: 2 });
  const data = await loadData(settings);
  const training = new Training(data, settings);
  await run(training, 5);
  const state = training.stateDict();
  for (const position of [{ ...state.position, epochs: 1 }, { ...state.position, loader: { ...state.position.loader, batch: 3 } }, { ...state.position, progress: null }]) {
    expect(() => new Training(data, settings).loadStateDict({ ...state, position })).toThrow("its position does not fit the data and settings of the run");
  }
});

test("without a validation split there are no figures of it", async () => {
  const settings = settingsFor({ validationSplit: 0, epochs: 1 });
  const { metrics } = await run(new Training(await loadData(settings), settings));
  expect(metrics[0]).toMatchObject({ validationLoss: null, validationAccuracy: null });
});

describe("a run that diverges", () => {
  const failure = async (chosen: PartialSettings, data?: LoadedData): Promise<string> => {
    const settings = settingsFor(chosen);
    const training = new Training(data ?? (await loadData(settings)), settings);
    const error: unknown = await run(training).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Failure);
    return (error as Failure).message;
  };

  test("ends with a sentence that says where", async () => {
    expect(await failure({ optimizer: "sgd", learningRate: 1e30 })).toMatchInlineSnapshot(`"the loss became NaN in epoch 1 at step 2 of 26; try a lower --learning-rate (it was 1e+30) or --clip-norm 1"`);
    expect(await failure({ optimizer: "sgd", learningRate: 1e38, clipNorm: 1e9 })).toMatchInlineSnapshot(`"the loss became NaN in epoch 1 at step 2 of 26; try a lower --learning-rate (it was 1e+38)"`);
  });

  test("also if the very last step of an epoch spoils the weights", async () => {
    const split = new TensorDataset(tensor([[1, 2], [-3, 4]]), tensor([0, 1], { dtype: "int32" }));
    const settings = settingsFor({});
    const data: LoadedData = { ...(await loadData(settings)), train: split, test: split, validation: undefined };
    expect(await failure({ optimizer: "sgd", learningRate: 1e38, momentum: 0, validationSplit: 0, weightDecay: 1e20, epochs: 1 }, data)).toMatchInlineSnapshot(`"the weights are no longer finite after the last step of epoch 1; try a lower --learning-rate (it was 1e+38) or --clip-norm 1"`);
  });
});
