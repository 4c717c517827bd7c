import { Linear } from "@nn/layers";
import { readRecordFile } from "@nn/records/node";
import { ones, type Tensor } from "@nn/tensor";
import { checkpoints, fit, memoryStorage } from "@nn/train";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { recording } from "../../src/index.js";

it("records the steps per second and the seconds of each epoch, also of one in which the run was stopped and continued", async () => {
  const folder = await mkdtemp(join(tmpdir(), "run-"));
  const storage = memoryStorage();
  const train = async (stopAfter: number): Promise<void> => {
    const model = new Linear(1, 1);
    const training = fit({
      model, optimizer: { stateDict: () => ({}), loadStateDict: () => undefined }, step: (batch: Tensor) => batch.sum(), batches: Array.from({ length: 4 }, () => ones([2])), epochs: 3,
      plugins: [checkpoints(storage), recording(folder, { statistics: false })],
    });
    for await (const event of training) if (event.type === "step" && event.step === stopAfter) training.controls.stop("later");
    await training;
  };
  await train(6);
  await train(Infinity);
  const epochs = (await readRecordFile(folder)).flatMap((record) => (record.type === "scalars" && "epoch" in record.values ? [record.values] : []));
  expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
  for (const { seconds = 0, stepsPerSecond = 0 } of epochs) expect(seconds * stepsPerSecond).toBeCloseTo(4, 6);
  await rm(folder, { recursive: true });
});
