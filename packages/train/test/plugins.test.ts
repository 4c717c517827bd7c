import { crossEntropy } from "@nn/losses";
import { reduceOnPlateau, SGD } from "@nn/optim";
import { tensor } from "@nn/tensor";
import { Checkpoint, checkpoints, CheckpointError, earlyStopping, fit, memoryStorage, plateau, trainStep, type CheckpointsOptions, type CheckpointStorage, type Plugin } from "@nn/train";
import { describe, expect, test } from "vitest";
import { bitsOf, task } from "./tasks.js";

/** A run of four steps an epoch whose evaluation gives these losses. */
function run(losses: readonly number[], plugins: readonly Plugin[], seed = 1) {
  const { model, batches } = task({ seed });
  let evaluations = 0;
  return fit({
    model, optimizer: new SGD(model.parameters(), { learningRate: 0.1 }), batches, epochs: losses.length, step: () => tensor(1),
    evaluate: async () => ({ loss: losses[evaluations++] ?? 0, score: -(losses[evaluations - 1] ?? 0) }), plugins,
  });
}

describe("early stopping", () => {
  test.each([
    [2, [3, 2, 2.5], "completed", 3], [2, [3, 2, 2.5, 2.1, 1], "stopped", 4], [2, [3, 2, 2.5, 1.9, 2.1], "completed", 5],
    // An equal value is not better, and NaN never is.
    [2, [2, 2, 2, 1], "stopped", 3],
  ] as const)("with patience %i, losses %j", async (patience, losses, outcome, epochs) => {
    const result = await run(losses, [earlyStopping({ patience })]);
    expect([result.outcome, result.history.length]).toEqual([outcome, epochs]);
  });

  test("reports why it stopped", async () => {
    expect((await run([1, 2, 3], [earlyStopping({ patience: 1 })])).reason).toBe("no better validation.loss for 1 epoch; the best was epoch 1");
  });

  test("takes another value, a direction and a least difference", async () => {
    // The names are not known before: the first evaluation comes before the first step.
    expect((await run([9, 3, 2, 1, 4], [earlyStopping({ monitor: "validation.score", mode: "max", patience: 1 }) as Plugin])).history).toHaveLength(4);
    expect((await run([3, 2.9, 1], [earlyStopping({ patience: 1, minDelta: 0.5 })])).history).toHaveLength(2);
    await expect(run([3, 2], [earlyStopping({ monitor: "validation.score" }) as Plugin])).rejects.toThrowErrorMatchingInlineSnapshot(`[ArgumentError: fit: the plugin "earlyStopping": it is not known whether larger values of "validation.score" are better; say mode: "max" or mode: "min"]`);
  });

  test("refuses an unknown value before the first step", async () => {
    let steps = 0;
    const counting: Plugin = { name: "counting", on: (event) => void (event.type === "step" && steps++) };
    await expect(run([3, 2], [earlyStopping({ monitor: "validation.los" }) as Plugin<never> as Plugin, counting])).rejects.toThrowErrorMatchingInlineSnapshot(`[ArgumentError: fit: the plugin "earlyStopping": the run has no value "validation.los"; did you mean "validation.loss"?]`);
    expect(steps).toBe(0);
  });
});

describe("a run has one best epoch", () => {
  test("that of the value which early stopping follows", async () => {
    // The score is the negative loss, so that its least value is in another epoch. The first evaluation comes before the first step.
    const result = await run([9, 3, 1, 4, 2], [earlyStopping({ monitor: "validation.score", mode: "min" }) as Plugin]);
    expect(result.best?.epoch).toBe(3);
    expect((await run([3, 1, 2, 4], [earlyStopping({ mode: "max" })])).best?.epoch).toBe(4);
  });

  test("whose weights come back, whatever minDelta is", async () => {
    const { model, batches } = task();
    const losses = [3, 2.9, 2.8];
    const weights: unknown[] = [];
    const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
    const result = await fit({
      model, optimizer, batches, epochs: 3, step: trainStep(model, crossEntropy, optimizer, { compile: false }),
      evaluate: async () => {
        weights.push(bitsOf(model.stateDict()));
        return { loss: losses[weights.length - 1] ?? 0 };
      },
      plugins: [earlyStopping({ minDelta: 1, patience: 1 })],
    });
    expect(result).toMatchObject({ outcome: "stopped", reason: "no better validation.loss for 1 epoch; the best was epoch 2", best: { epoch: 2 } });
    expect(bitsOf(model.stateDict())).toEqual(weights[1]);
  });

  test("different values and modes are refused", () => {
    const { model, batches } = task();
    const start = (monitor: "validation.loss", options: object) => () => fit({
      model, optimizer: new SGD(model.parameters(), { learningRate: 0.1 }), batches, epochs: 1, step: () => tensor(1), evaluate: async () => ({ loss: 1, score: 1 }),
      monitor, mode: "min", plugins: [earlyStopping(options)],
    });
    expect(start("validation.loss", { monitor: "validation.score" })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: fit: the plugin "earlyStopping" monitors "validation.score", and the run "validation.loss", expected one for both; a run has one best epoch, so say it once]`);
    expect(start("validation.loss", { mode: "max" })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: fit: the plugin "earlyStopping" has the mode "max", and the run "min", expected one for both; a run has one best epoch, so say it once]`);
    expect(start("validation.loss", { monitor: "validation.loss", mode: "min" })).not.toThrow();
  });
});

test("plateau reports to the schedule", async () => {
  const schedule = reduceOnPlateau(1, { patience: 0, factor: 0.5 });
  await run([1, 2, 3], [plateau(schedule)]);
  expect(schedule(0)).toBe(0.25);
});

describe("checkpoints", () => {
  const saved = async (options: CheckpointsOptions, losses: readonly number[] = [4, 3, 5, 6], storage: CheckpointStorage = memoryStorage()): Promise<readonly string[]> => {
    await run(losses, [checkpoints(storage, options)]);
    return (await storage.list()).map((name) => name.replace(/step-0*(\d+).safetensors/, "$1")).toSorted();
  };

  test("are kept according to the options", async () => {
    expect(await saved({})).toEqual(["16", "best.safetensors"]);
    expect(await saved({ keepLast: 3, keepBest: false })).toEqual(["12", "16", "8"]);
    // The end is saved too.
    expect(await saved({ every: { epochs: 3 }, keepLast: 9, keepBest: false })).toEqual(["12", "16"]);
    expect(await saved({ every: { steps: 7 }, keepLast: 9, keepBest: false })).toEqual(["14", "16", "7"]);
    expect(await saved({ every: { seconds: 1e-9 }, keepLast: 99, keepBest: false })).toHaveLength(16);
    expect(await saved({ every: { seconds: 1e9 }, keepLast: 99, keepBest: false })).toEqual(["16"]);
  });

  test("the best file has the model of the best epoch, and makes no numbered one", async () => {
    const storage = memoryStorage();
    const { model, batches } = task();
    const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
    const losses = [4, 3, 5, 2, 6];
    const weights: unknown[] = [];
    const result = await fit({
      model, optimizer, batches, epochs: 5, step: trainStep(model, crossEntropy, optimizer, { compile: false }),
      evaluate: async () => {
        weights.push(bitsOf(model.stateDict()));
        return { loss: losses[weights.length - 1] ?? 0 };
      },
      plugins: [checkpoints(storage, { every: { epochs: 5 }, keepLast: 9 })],
    });
    expect(result.best?.epoch).toBe(4);
    expect((await storage.list()).toSorted()).toEqual(["best.safetensors", "step-00000020.safetensors"]);
    const loaded = task({ seed: 9 }).model;
    expect(await new Checkpoint({ model: loaded }).restore(storage, "best.safetensors")).toBe(true);
    expect(bitsOf(loaded.stateDict())).toEqual(weights[3]);
  });

  test("removes what a killed run left beyond keepLast when it continues", async () => {
    const storage = memoryStorage();
    await saved({ keepLast: 3, keepBest: false }, [4, 3, 5, 6], storage);
    expect(await saved({ keepLast: 2, keepBest: false }, [4, 3, 5, 6], storage)).toEqual(["12", "16"]);
  });

  test("other files are kept", async () => {
    const storage = memoryStorage();
    await storage.write("step-1.txt", new Uint8Array(1));
    expect(await saved({ keepBest: false }, [1], storage)).toEqual(["4", "step-1.txt"]);
  });

  test("without resuming, refuses a storage that is in use", async () => {
    const storage = memoryStorage();
    await saved({}, [1, 2], storage);
    await expect(run([1, 2], [checkpoints(storage, { resume: false })])).rejects.toThrowErrorMatchingInlineSnapshot(`[UsageError: checkpoints: the storage has a checkpoint, step-00000008.safetensors; continue with resume: true, or use another storage]`);
  });

  test("refuses a damaged checkpoint by its name, and does not overwrite it", async () => {
    const storage = memoryStorage();
    await saved({ keepBest: false }, [1, 2], storage);
    const [name = ""] = await storage.list();
    await storage.write(name, new Uint8Array(10));
    const error: unknown = await run([1, 2], [checkpoints(storage)]).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(CheckpointError);
    expect((error as Error).message).toContain(name);
    expect(await storage.read(name)).toEqual(new Uint8Array(10));
  });

  test("a storage that breaks its promise is refused by name", async () => {
    const storage = memoryStorage();
    await expect(run([1], [checkpoints({ ...storage, list: async () => undefined as never })])).rejects.toThrowErrorMatchingInlineSnapshot(`[UsageError: checkpoints: list() of the storage gave undefined, expected an array of names]`);
    await expect(run([1], [checkpoints({ ...storage, list: async () => ["step-1.safetensors"] })])).rejects.toThrowErrorMatchingInlineSnapshot(`[UsageError: checkpoints: the storage lists "step-1.safetensors", and read("step-1.safetensors") gave undefined, expected a Uint8Array]`);
    await expect(run([1], [{ name: "null", resume: async () => null as never }])).rejects.toThrowErrorMatchingInlineSnapshot(`[UsageError: fit: resume of the plugin "null" gave null, expected the bytes of a checkpoint, { bytes, name }, or undefined]`);
  });

  test("refuses batches that cannot be resumed, before the first step", () => {
    const { model } = task();
    const once = { *[Symbol.iterator]() { yield 1; } };
    expect(() => fit({ model, optimizer: new SGD(model.parameters(), { learningRate: 0.1 }), batches: once, epochs: 1, step: () => tensor(1), plugins: [checkpoints(memoryStorage())] })).toThrowErrorMatchingInlineSnapshot(`[UsageError: fit: the batches have no stateDict(), so a run could not continue from a checkpoint with the next batch; use a DataLoader, an array of batches, or an iterable with stateDict() and loadStateDict(state) whose next iteration continues at its state]`);
  });
});
