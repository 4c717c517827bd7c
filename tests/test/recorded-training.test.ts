import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dashboard, recording, type RecordingOptions } from "@nn/dashboard";
import { FileError } from "@nn/files";
import { BatchNorm1d, Dropout, Linear, ReLU, Sequential } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Adam } from "@nn/optim";
import type { RecordOf, RecordType, RunRecord } from "@nn/records";
import { readRecordFile, sendCommand } from "@nn/records/node";
import { manualSeed, tensor } from "@nn/tensor";
import { checkpoints, fit, memoryStorage, type Plugin } from "@nn/train";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let folder = "";
beforeEach(() => { folder = join(mkdtempSync(join(tmpdir(), "nn-recorded-")), "run"); });
afterEach(() => rmSync(join(folder, ".."), { recursive: true }));

const x = tensor([[0, 0], [0, 1], [1, 0], [1, 1]]);
const y = tensor([0, 1, 1, 0], { dtype: "int32" });

/** Trains a small network: four batches in an epoch. */
async function train(plugins: readonly Plugin[], epochs = 3): Promise<string> {
  manualSeed(1);
  const model = new Sequential(new Linear(2, 8), new ReLU(), new Linear(8, 2));
  const batches = [[x, y], [x, y], [x, y], [x, y]] as const;
  const { outcome } = await fit({
    model, loss: crossEntropy, optimizer: new Adam(model.parameters(), { learningRate: 0.05 }), batches: [...batches], validation: [[x, y]], epochs, readEvery: 2, plugins,
  });
  return outcome;
}

const records = (): Promise<RunRecord[]> => readRecordFile(folder);
const ofType = async <Type extends RecordType>(type: Type): Promise<RecordOf<Type>[]> => (await records()).filter((each): each is RecordOf<Type> => each.type === type);

describe("recording", () => {
  it("writes what happens in a run", async () => {
    expect(await train([recording(folder, { settings: { hidden: 8 } })])).toBe("completed");
    const all = await records();
    expect(all.slice(0, 2)).toMatchObject([
      { type: "settings", step: 0, settings: { epochs: 3, hidden: 8 } },
      { type: "status", step: 0, state: "running", totalSteps: 12, commands: ["pause", "resume", "stop", "save"] },
    ]);
    expect(all.at(-1)).toMatchObject({ type: "status", step: 12, state: "completed" });
    const scalars = await ofType("scalars");
    expect(scalars.filter(({ values }) => "epoch" in values).map(({ step, values }) => [step, values["epoch"]])).toEqual([[4, 1], [8, 2], [12, 3]]);
    expect(scalars.filter(({ values }) => "validation.loss" in values).length).toBeGreaterThanOrEqual(3);
    // The first values are those of step 2; how many follow within an epoch depends on the time.
    expect(scalars[0]).toMatchObject({ step: 2, values: { "training.loss": expect.any(Number), learningRate: 0.05 } });
    expect(all.every(({ step }) => step % 2 === 0)).toBe(true);
  });

  it("has histograms of weights, the ratio of update to weight, and activations and gradients of a probe", async () => {
    const model = new Sequential(new Linear(2, 8), new ReLU(), new Linear(8, 2));
    const optimizer = new Adam(model.parameters(), { learningRate: 0.01 });
    const batches = [[x, y], [x, y]] as const;
    await fit({ model, loss: crossEntropy, optimizer, batches: [...batches], epochs: 2, plugins: [recording(folder, { statistics: { everyEpochs: 2, probe: () => crossEntropy(model.forward(x), y) } })] });
    expect((await ofType("histogram")).map(({ step, name }) => `${step} ${name}`)).toEqual([
      "4 weights/0.weight", "4 weights/0.bias", "4 weights/2.weight", "4 weights/2.bias", "4 activations/0", "4 activations/1", "4 activations/2", "4 gradients/0.weight", "4 gradients/0.bias", "4 gradients/2.weight", "4 gradients/2.bias",
    ]);
    expect((await ofType("histogram")).find(({ name }) => name === "activations/1")?.units?.count).toBe(8);
    const ratios = (await ofType("scalars")).find(({ values }) => "update ratio/0.weight" in values);
    expect(ratios?.values["update ratio/0.weight"]).toBeGreaterThan(1e-4);
    expect(ratios?.values["update ratio/0.weight"]).toBeLessThan(0.2);
    expect(Object.keys(ratios?.values ?? {})).toEqual(["update ratio/0.weight", "update ratio/2.weight"]);
  });

  it("continues from a checkpoint, and forgets the records after it", async () => {
    const storage = memoryStorage();
    const plugins = (): Plugin[] => [checkpoints(storage, { every: { epochs: 1 } }), recording(folder)];
    await train(plugins(), 2);
    const before = await records();
    await train(plugins(), 4);
    const after = await records();
    expect(after.slice(0, before.length)).toEqual(before);
    expect((await ofType("status")).map(({ step, state }) => `${step} ${state}`)).toEqual(["0 running", "8 completed", "8 running", "16 completed"]);
  });

  it("has everything once, wherever between a checkpoint and the next records the process is killed", async () => {
    const [storage, killed] = [memoryStorage(), memoryStorage()];
    /** What the disk holds at a moment: the records, and the checkpoints. */
    let kept: Buffer | undefined;
    const killer: Plugin = {
      name: "killer",
      on: async ({ type, step }) => {
        // The checkpoint of step 4 is made before the epoch ends; here its records have been written.
        if (type !== "epoch" || step !== 4) return;
        kept = readFileSync(join(folder, "records.jsonl"));
        for (const name of await storage.list()) await killed.write(name, (await storage.read(name)) ?? new Uint8Array());
      },
    };
    const options: RecordingOptions = { statistics: { everyEpochs: 1 }, record: (recorder, { epoch, step }) => recorder.text(step, "sample", `epoch ${epoch}`) };
    const plugins = (to: typeof storage): Plugin[] => [checkpoints(to, { every: { steps: 4 } }), recording(folder, options), killer];
    await train(plugins(storage));
    const whole = await records();

    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    writeFileSync(join(folder, "records.jsonl"), kept ?? "");
    await train([checkpoints(killed, { every: { steps: 4 } }), recording(folder, options)]);
    /** All that is said of the epochs, but how long they took. */
    const told = (all: readonly RunRecord[]): string[] => all.flatMap((record) => {
      if (record.type !== "scalars") return record.type === "status" || record.type === "settings" ? [] : [JSON.stringify({ ...record, time: 0 })];
      return Object.entries(record.values).flatMap(([name, value]) => (name === "seconds" || name === "stepsPerSecond" ? [] : [`${record.step} ${name} ${value}`]));
    });
    // How many records there are within an epoch depends on the time.
    const last = (lines: readonly string[]): string[] => [...new Set(lines)].filter((line) => !line.startsWith("2 ") && !line.startsWith("6 ") && !line.startsWith("10 ")).toSorted();
    const found = await records();
    const ofStep4 = (all: readonly RunRecord[]): string[] => told(all.filter(({ step }) => step === 4));
    expect(ofStep4(found)).toEqual(ofStep4(whole));
    expect(last(told(found))).toEqual(last(told(whole)));
    expect((await ofType("text")).map(({ step, text }) => `${step} ${text}`)).toEqual(["4 epoch 1", "8 epoch 2", "12 epoch 3"]);
  });

  it("refuses a folder that holds the records of another run", async () => {
    await train([recording(folder)], 1);
    await expect(train([recording(folder)], 1)).rejects.toThrow(FileError);
    await expect(train([recording(folder)], 1)).rejects.toThrow("it holds the records of a run already");
  });

  it("obeys commands: a paused run waits, and a stopped one ends", async () => {
    const states: string[] = [];
    const watcher: Plugin = {
      name: "watcher",
      on: async ({ type, step }) => {
        if (type === "step" && step === 2) await sendCommand(folder, "pause");
        // Time passes until the run looks at the file again.
        if (type === "step") await new Promise((done) => { setTimeout(done, 30); });
      },
    };
    const run = train([watcher, recording(folder)], 1000);
    await expect.poll(async () => { states.push((await ofType("status")).at(-1)?.state ?? ""); return states.at(-1); }, { timeout: 60_000 }).toBe("paused");
    const step = (await ofType("status")).at(-1)?.step;
    await sendCommand(folder, "resume");
    await expect.poll(async () => (await ofType("status")).at(-1)?.state, { timeout: 60_000 }).toBe("running");
    await sendCommand(folder, "stop");
    expect(await run).toBe("stopped");
    const [last] = (await ofType("status")).slice(-1);
    expect(last).toMatchObject({ state: "stopped", message: "stopped through the dashboard" });
    expect(last?.step).toBeGreaterThanOrEqual(step ?? Infinity);
  });

  it("ends a paused run that something else stops", async () => {
    let stop = (): void => {};
    const commander: Plugin = {
      name: "commander",
      on: async ({ type, step }, controls) => {
        if (type !== "step") return;
        stop = () => controls.stop("stopped while it was paused");
        if (step === 2) await sendCommand(folder, "pause");
        await new Promise((done) => { setTimeout(done, 30); });
      },
    };
    const run = train([commander, recording(folder)], 1000);
    await expect.poll(async () => (await ofType("status")).at(-1)?.state, { timeout: 60_000 }).toBe("paused");
    stop();
    expect(await run).toBe("stopped");
  });

  it("requests a checkpoint when it is told to save", async () => {
    const storage = memoryStorage();
    let isAsked = false;
    const asking: Plugin = {
      name: "asking",
      on: async ({ type }) => {
        if (type !== "step") return;
        if (!isAsked) await sendCommand(folder, "save");
        isAsked = true;
        await new Promise((done) => { setTimeout(done, 40); });
      },
    };
    await train([asking, checkpoints(storage, { every: { epochs: 1000 }, keepLast: 100, keepBest: false }), recording(folder)], 4);
    // One for the command, one at the end.
    expect(await storage.list()).toHaveLength(2);
  });

  it("records that a run failed, and why", async () => {
    const failing: Plugin = { name: "failing", on: ({ type, step }) => { if (type === "step" && step === 3) throw new RangeError("out of luck"); } };
    await expect(train([recording(folder), failing])).rejects.toThrow("out of luck");
    expect((await records()).at(-1)).toMatchObject({ type: "status", state: "failed", message: expect.stringContaining("out of luck") });
  });

  it("records programs, and an event file of TensorBoard", async () => {
    await train([recording(folder, { programs: { step: { explain: () => "kernel 0" } }, tensorBoard: true })], 2);
    expect((await ofType("program")).map(({ step, name, text }) => [step, name, text])).toEqual([[4, "step", "kernel 0"]]);
    expect(readdirSync(folder).filter((each) => each.includes("tfevents"))).toHaveLength(1);
  });

  it("records confusion matrices among the values", async () => {
    const counts = tensor([[2, 0], [1, 1]], { dtype: "int32" });
    const confusing: Plugin = { name: "confusing" };
    const model = new Sequential(new Linear(2, 2));
    await fit({
      model, optimizer: new Adam(model.parameters(), { learningRate: 0.01 }), batches: [[x, y] as const], epochs: 1,
      step: ([input, target]) => crossEntropy(model.forward(input), target),
      evaluate: () => Promise.resolve({ loss: 1, confusion: counts }),
      plugins: [confusing, recording(folder, { classes: ["off", "on"] })],
    });
    expect((await ofType("confusion")).at(-1)).toMatchObject({ name: "validation.confusion", classes: ["off", "on"], counts: [[2, 0], [1, 1]] });
  });

  it("does not change the results of a run, also with a probe of a model with dropout and running statistics", async () => {
    const losses = async (isRecorded: boolean): Promise<unknown[]> => {
      manualSeed(1);
      const model = new Sequential(new Linear(2, 8), new BatchNorm1d(8), new Dropout(0.5), new Linear(8, 2));
      const seen: unknown[] = [];
      await fit({
        model, loss: crossEntropy, optimizer: new Adam(model.parameters(), { learningRate: 0.05 }), batches: [[x, y], [x, y]] as const, validation: [[x, y]], epochs: 3,
        plugins: [
          ...(isRecorded ? [recording(folder, { statistics: { everyEpochs: 1, probe: () => crossEntropy(model.forward(x), y) } })] : []),
          { name: "seen", on: (event) => { if (event.type === "epoch") seen.push(event.values); } },
        ],
      });
      return [...seen, ...[...model.namedBuffers().values()].map(({ value }) => value.toArray())];
    };
    expect(await losses(true)).toEqual(await losses(false));
  });
});

describe("the options of recording and dashboard", () => {
  it.each([
    [{ setings: {} }, 'there is no option "setings"; did you mean "settings"?'],
    [{ statistics: { every: 2 } }, 'there is no option "every"; did you mean "everyEpochs"?'],
    [{ statistics: 3 }, "the options are 3, expected an object"],
    [{ classes: ["a", 2] }, "classes[1] is 2, expected a string"],
    [{ programs: { step: () => 1 } }, "programs.step is a function, expected a compiled function"],
    [{ record: "text" }, 'record is the string "text", expected a function'],
    [{ classes: "a" }, 'classes is the string "a", expected an array'],
  ])("are checked: %j", (options, message) => {
    // @ts-expect-error: wrong options, as JavaScript could give them
    const wrong: RecordingOptions = options;
    expect(() => recording(folder, wrong)).toThrow(message);
    expect(() => dashboard(wrong)).toThrow(message);
  });
});
