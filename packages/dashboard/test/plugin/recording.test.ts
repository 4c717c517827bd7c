import { Linear } from "@nn/layers";
import { Recorder, type RunState } from "@nn/records";
import { openRecordFile, readRecordFile } from "@nn/records/node";
import { ones, type Tensor } from "@nn/tensor";
import { checkpoints, fit, memoryStorage, type Plugin } from "@nn/train";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { recording } from "../../src/index.js";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "run-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Trains three epochs of four steps. */
async function train(plugins: readonly Plugin[], stopAfter = Infinity): Promise<void> {
  const training = fit({
    model: new Linear(1, 1), optimizer: { stateDict: () => ({}), loadStateDict: () => undefined }, step: (batch: Tensor) => batch.sum(), batches: Array.from({ length: 4 }, () => ones([2])), epochs: 3,
    plugins: [...plugins, recording(folder, { statistics: false })],
  });
  for await (const event of training) if (event.type === "step" && event.step === stopAfter) training.controls.stop("later");
  await training;
}

const epochs = async (): Promise<Readonly<Record<string, number>>[]> =>
  (await readRecordFile(folder)).flatMap((record) => (record.type === "scalars" && "epoch" in record.values ? [record.values] : []));

it("records the steps per second and the seconds of each epoch, also of one in which the run was stopped and continued", async () => {
  const storage = memoryStorage();
  await train([checkpoints(storage)], 6);
  await train([checkpoints(storage)]);
  expect((await epochs()).map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
  for (const { seconds = 0, stepsPerSecond = 0 } of await epochs()) expect(seconds * stepsPerSecond).toBeCloseTo(4, 6);
});

describe("in a folder with the records of a run that has no checkpoint", () => {
  /** The records of a run that came to step 3, and whose last record says this of it. */
  async function recordBefore(state: RunState | undefined): Promise<void> {
    const recorder = new Recorder([await openRecordFile(folder)]);
    recorder.status(0, "running");
    recorder.scalars(3, { "training.loss": 7 });
    if (state !== undefined) recorder.status(3, state);
    recorder.close();
  }
  const losses = async (): Promise<readonly unknown[]> => (await readRecordFile(folder)).flatMap((record) => (record.type === "scalars" && record.step === 3 ? [record.values["training.loss"]] : []));

  it.each([undefined, "paused", "failed", "diverged"] as const)("a run that looks for one begins anew, if the last word of the other was: %s", async (state) => {
    await recordBefore(state);
    await train([checkpoints(memoryStorage())]);
    expect(await losses()).toEqual([]);
    expect((await epochs()).map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect((await readRecordFile(folder)).findLast(({ type }) => type === "status")).toMatchObject({ state: "completed", step: 12 });
  });

  it.each(["completed", "stopped", "interrupted"] as const)("a run is refused if the other was %s, since it must have saved one elsewhere", async (state) => {
    await recordBefore(state);
    await expect(train([checkpoints(memoryStorage())])).rejects.toThrow("it holds the records of a run already");
    expect(await losses()).toEqual([7]);
  });

  it("a run that looks for none is refused", async () => {
    await recordBefore(undefined);
    await expect(train([])).rejects.toThrow("it holds the records of a run already");
    expect(await losses()).toEqual([7]);
  });
});
