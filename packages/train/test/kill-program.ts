import { crossEntropy } from "@nn/losses";
import { Accuracy } from "@nn/metrics";
import { Adam, ExponentialMovingAverage, reduceOnPlateau } from "@nn/optim";
import { checkpoints, earlyStopping, fit, plateau } from "@nn/train";
import { folderStorage } from "@nn/train/node";
import { bitsOf, task } from "./tasks.js";

// A run with everything that can be resumed. It prints a line for every step, and at the end the bits of what comes out.
const [, , folder = ""] = process.argv;
const { model, batches, validation } = task({ examples: 150, batchSize: 8 });
const schedule = reduceOnPlateau(0.02, { patience: 0, factor: 0.7 });
const optimizer = new Adam(model.parameters(), { learningRate: schedule });
const average = new ExponentialMovingAverage(model.parameters(), { decay: 0.9 });
const { history, outcome, reason, best } = await fit({
  model, loss: crossEntropy, optimizer, batches, validation, epochs: 12, metrics: { accuracy: new Accuracy() }, accumulate: 3, clipNorm: 1, average,
  plugins: [earlyStopping({ patience: 6 }), plateau(schedule), checkpoints(folderStorage(folder), { every: { steps: 4 }, keepLast: 2 }), { name: "lines", on: ({ type }) => void (type === "step" && process.stdout.write("step\n")) }],
});
const untimed = history.map((record) => ({ ...record, seconds: 0 }));
process.stdout.write(JSON.stringify([bitsOf(model.stateDict()), bitsOf(optimizer.stateDict().tensors), average.values.map((value) => value.toArray()), untimed, outcome, reason, best?.epoch]));
