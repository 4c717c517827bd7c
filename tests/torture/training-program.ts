import { recording } from "@nn/dashboard";
import { ArrayDataset, DataLoader } from "@nn/data";
import { BatchNorm1d, Dropout, Linear, Sequential, Tanh } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Accuracy } from "@nn/metrics";
import { Adam, ExponentialMovingAverage, reduceOnPlateau, StochasticWeightAverage } from "@nn/optim";
import { defaultGenerator, manualSeed, normal, stack, tensor, type Tensor } from "@nn/tensor";
import { averagedWeights, checkpoints, earlyStopping, evaluator, fit, plateau, statistics, stopOnNaN, trainStep, type Plugin } from "@nn/train";
import { epochTable, folderStorage, progressBar, type TerminalStream } from "@nn/train/node";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TrainingSettings } from "./training-settings.js";

// A training with every plugin on, in a folder. It continues what a killed one left there, and prints at its end what came out, to the bit.

const [, , folder = "", json = ""] = process.argv;
const { seed, epochs, batchSize, accumulate, every, patience, average: kind, compile } = JSON.parse(json) as TrainingSettings;
const [saved, recorded] = [join(folder, "checkpoints"), join(folder, "records")];

manualSeed(seed);
const model = new Sequential(new Linear(2, 6), new BatchNorm1d(6), new Tanh(), new Dropout(0.2), new Linear(6, 2));
const parameters = model.parameters();
const points = Array.from({ length: 60 }, (_, at) => [Math.sin(at), Math.cos(at * 1.7)] as const);
const items = points.map(([a, b]) => [tensor([a, b]), tensor(Number(a * b > 0), { dtype: "int32" })] as const);
// Augmentation draws from the generator of the run.
const augmented = new ArrayDataset(items).map(([x, y]) => [x.add(normal([2], { generator: defaultGenerator() }).mul(0.1)), y] as const);
const batches = new DataLoader(augmented, { batchSize, shuffle: true });
const schedule = reduceOnPlateau(0.02, { patience: 0, factor: 0.7 });
const optimizer = new Adam(parameters, { learningRate: schedule });
const average = kind === "exponential" ? new ExponentialMovingAverage(parameters, { decay: 0.9 }) : new StochasticWeightAverage(parameters);
const watched = stopOnNaN(trainStep(model, crossEntropy, optimizer, { metrics: { accuracy: new Accuracy() }, accumulate, clipNorm: 1, compile }));
const probe = [stack(items.slice(0, 8).map(([x]) => x)), stack(items.slice(0, 8).map(([, y]) => y))] as const;

/** Counts what it sees, and changes the rate of its own: a plugin of a user. */
function counting(): Plugin & { readonly counts: Record<string, number> } {
  const counts: Record<string, number> = {};
  return {
    name: "counting", counts,
    on: (event) => {
      if (event.type === "step" || event.type === "epoch") counts[event.type] = (counts[event.type] ?? 0) + 1;
    },
    stateDict: () => ({ ...counts }),
    loadStateDict: (state) => void Object.assign(counts, state),
  };
}

const user = counting();
const silent: TerminalStream = { isTTY: true, columns: 80, write: () => true };
const storage = folderStorage(saved);
// Records without a checkpoint are of a training that begins anew.
if (!(await storage.list()).some((name) => name.startsWith("step-"))) rmSync(recorded, { recursive: true, force: true });
const { outcome, reason, best, history, steps } = await fit({
  model, optimizer, batches, epochs, step: watched.step, readEvery: 3,
  evaluate: evaluator(model, new DataLoader(new ArrayDataset(items), { batchSize: 25 }), { loss: crossEntropy, accuracy: new Accuracy() }, { compile }),
  plugins: [
    averagedWeights(average, { update: kind === "exponential" ? "step" : "epoch" }), earlyStopping({ patience }), plateau(schedule), watched.plugin, user,
    statistics({ model, loss: crossEntropy, batch: probe, every: 4, onInspection: () => undefined }), recording(recorded, { statistics: { everyEpochs: 1 } }),
    checkpoints(storage, { every, keepLast: 2 }), progressBar({ stream: silent }), epochTable({ stream: silent }),
  ],
});

const bits = (tensors: Readonly<Record<string, Tensor>>): unknown => Object.entries(tensors).map(([name, value]) => [name, Array.from(value.toTypedArray())]);
const result = {
  model: bits(model.stateDict()), optimizer: { ...optimizer.stateDict(), tensors: bits(optimizer.stateDict().tensors) }, average: average.values.map((value) => Array.from(value.toTypedArray())),
  schedule: schedule.stateDict(), generator: defaultGenerator().stateDict(), counts: user.counts,
  history: history.map((record) => ({ ...record, seconds: 0 })), outcome, reason, best: best?.epoch, steps,
  bestFile: createHash("sha256").update(readFileSync(join(saved, "best.safetensors"))).digest("hex"),
  files: [...readdirSync(saved), ...readdirSync(recorded)].filter((name) => name !== ".lock").toSorted(),
};
process.stdout.write(`${JSON.stringify(result)}\n`);
