import { Accuracy } from "@nn/metrics";
import { crossEntropy } from "@nn/losses";
import { Adam, cosineDecay, ExponentialMovingAverage, reduceOnPlateau, SGD, type PlateauSchedule } from "@nn/optim";
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
