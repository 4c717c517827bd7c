import { DataLoader, spirals, stratifiedSplit } from "@nn/data";
import { Dropout, Linear, ReLU, Sequential } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Accuracy } from "@nn/metrics";
import { AdamW, cosineDecay } from "@nn/optim";
import { createStudy, float, int, medianPruner, parameterImportance, TrialPruned, type ParametersOf, type Study, type TrialRecord } from "@nn/search";
import { manualSeed } from "@nn/tensor";
import { evaluate, fit } from "@nn/train";
import { chart } from "../support/chart.js";
import { savePicture } from "../support/output.js";
import { Progress } from "../support/progress.js";
import { sideBySide } from "../support/svg.js";

const [trials, epochs] = [30, 30];

/** Three arms of a spiral: to train, to choose the parameters, and to test the result once. */
const [known, validation, unseen] = stratifiedSplit(spirals({ count: 600, arms: 3, turns: 1, noise: 0.06, seed: 1 }), [0.4, 0.3, 0.3], { seed: 1 });

/** What is searched, and where. */
const space = {
  learningRate: float(1e-4, 1, { log: true }),
  width: int(4, 64, { log: true }),
  weightDecay: float(1e-4, 1, { log: true }),
  dropout: float(0, 0.5),
};
export type Parameters = ParametersOf<typeof space>;

/** A training with some parameters, which starts when it is awaited. */
function training({ learningRate, width, weightDecay, dropout }: Parameters, seed: number) {
  manualSeed(seed);
  const hidden = (from: number) => [new Linear(from, width), new ReLU(), new Dropout(dropout)];
  const model = new Sequential(...hidden(2), ...hidden(width), new Linear(width, 3));
  const batches = new DataLoader(known, { batchSize: 40, shuffle: true });
  const run = fit({
    model,
    loss: crossEntropy,
    optimizer: new AdamW(model.parameters(), { learningRate: cosineDecay(learningRate, { steps: epochs * batches.length }), weightDecay }),
    batches,
    validation: new DataLoader(validation, { batchSize: 180 }),
    epochs,
  });
  return { model, run };
}

/** Searches for the parameters with the smallest validation loss; `onTrial` receives the best loss so far. */
export async function search(onTrial: (best: number) => void = () => undefined): Promise<Study<typeof space>> {
  const study = await createStudy({ space, pruner: medianPruner(), seed: 1 });
  let best = Infinity;
  await study.optimize(async (parameters, trial) => {
    let loss = Infinity;
    for await (const event of training(parameters, trial.seed).run) {
      if (event.type !== "epoch") continue;
      loss = event.values.validation.loss;
      await trial.report(event.epoch, loss);
      // Leaving the loop ends the training.
      if (await trial.shouldPrune()) throw new TrialPruned();
    }
    best = Math.min(best, loss);
    onTrial(best);
    return loss;
  }, { trials });
  return study;
}

/** The accuracy on unseen points of a training with these parameters. */
export async function accuracyOf(parameters: Parameters): Promise<number> {
  const { model, run } = training(parameters, 1);
  await run;
  const { accuracy } = await evaluate(model, new DataLoader(unseen, { batchSize: 180 }), { accuracy: new Accuracy() });
  return accuracy;
}

/** Higher losses than this one are drawn as if they were it: knowing nothing costs ln 3 = 1.1. */
const highest = 1.2;

/** The last loss of each trial, by its number or a parameter. */
function pictureOf(study: Study<typeof space>, title: string, xLabel: string, place: (trial: TrialRecord<typeof space>) => number): string {
  const cloud = (name: string, state: TrialRecord["state"]) => {
    const trials = study.trials.filter((trial) => trial.state === state);
    return { name, points: trials.map((trial) => [place(trial), Math.min(highest, trial.reports.at(-1)?.value ?? NaN)] as const), as: "points", radius: 4 } as const;
  };
  return chart([cloud("completed", "completed"), cloud("ended early", "pruned")], { title, xLabel, yLabel: `last validation loss, ${highest} at most` });
}

export async function main(): Promise<void> {
  console.log(`A search for the parameters of a training: ${trials} trials of ${epochs} epochs. A trial that is worse than half of those before is ended early.`);
  const progress = new Progress("trials", trials);
  const study = await search((best) => progress.advance(`best loss ${best.toFixed(3)}`));
  progress.end();
  const completed = study.trials.filter((trial) => trial.state === "completed");
  console.log(`${completed.length} trials were completed, ${study.trials.filter(({ state }) => state === "pruned").length} ended early. The best three:\n`);
  console.log("loss   learning rate  width  weight decay  dropout");
  for (const { value, parameters: { learningRate, width, weightDecay, dropout } } of completed.toSorted((a, b) => a.value - b.value).slice(0, 3)) {
    console.log(`${value.toFixed(3)}  ${learningRate.toPrecision(2).padStart(13)}  ${String(width).padStart(5)}  ${weightDecay.toPrecision(2).padStart(12)}  ${dropout.toFixed(2).padStart(7)}`);
  }
  console.log(`\nhow much of the differences each parameter explains: ${parameterImportance(study).map(({ name, importance }) => `${name} ${(100 * importance).toFixed(0)} %`).join(", ")}`);
  console.log(`unseen points that a network with the best parameters classifies correctly: ${(100 * (await accuracyOf(study.best.parameters))).toFixed(1)} %`);

  savePicture("search.svg", sideBySide([
    pictureOf(study, "The search", "trial", ({ number }) => number + 1),
    pictureOf(study, "Learning rates", "logarithm of the learning rate, base 10", ({ parameters }) => Math.log10(parameters.learningRate)),
  ]));
}
