import { DataLoader, spirals, stratifiedKFold, stratifiedSplit, type Dataset } from "@nn/data";
import { Linear, ReLU, Sequential, type TensorModule } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Accuracy, LogLoss } from "@nn/metrics";
import { AdamW, cosineDecay } from "@nn/optim";
import { manualSeed, softmax, type Tensor } from "@nn/tensor";
import { bagging, crossValidate, ensemble, evaluate, fit } from "@nn/train";
import { chart } from "../support/chart.js";
import { decisionRegions } from "../support/decision-regions.js";
import { savePicture } from "../support/output.js";
import { Progress } from "../support/progress.js";
import { sideBySide } from "../support/svg.js";

type Points = Dataset<readonly [x: Tensor, y: Tensor]>;

/** Three arms of a spiral: two thirds for training and selection, one third to test the result once. */
export const [known, unseen] = stratifiedSplit(spirals({ count: 450, arms: 3, turns: 0.8, noise: 0.06, seed: 1 }), [2 / 3, 1 / 3], { seed: 1 });

/** Each point is in the validation set of one fold, and in the training set of the other three. */
export const folds = stratifiedKFold(known, 4, { seed: 2 });

async function train(points: Points, learningRate: number, { epochs, seed }: { readonly epochs: number; readonly seed: number }): Promise<TensorModule> {
  manualSeed(seed);
  const model = new Sequential(new Linear(2, 32), new ReLU(), new Linear(32, 32), new ReLU(), new Linear(32, 3));
  const batches = new DataLoader(points, { batchSize: 40, shuffle: true, dropLast: true });
  const optimizer = new AdamW(model.parameters(), { learningRate: cosineDecay(learningRate, { steps: epochs * batches.length }) });
  await fit({ model, loss: crossEntropy, optimizer, batches, epochs });
  return model;
}

/** The probabilities of the classes: the mean over models that give logits. */
const ensembleOf = (models: readonly TensorModule[]) => ensemble(models, { transform: (logits) => softmax(logits) });

/** How well models predict together: the fraction of points that they classify correctly, and the mean of −log p of the true class. */
export const measure = (models: readonly TensorModule[], points: Points) =>
  evaluate(ensembleOf(models), new DataLoader(points, { batchSize: 150 }), { accuracy: new Accuracy(), logLoss: new LogLoss() });

/** Learning rates from 1e-5 to 1. */
export const learningRates = Array.from({ length: 11 }, (_, at) => 10 ** (at / 2 - 5));

/** How good a learning rate is: in each fold, on average, and the standard deviation. */
export const validate = (learningRate: number) => crossValidate(folds, async (fold, seed) => {
  const model = await train(fold.train, learningRate, { epochs: 20, seed });
  return measure([model], fold.validation);
});

/** A model for each fold, trained for longer. */
export async function trainModels(learningRate: number): Promise<readonly TensorModule[]> {
  const { models } = await bagging(folds, (fold, seed) => train(fold.train, learningRate, { epochs: 80, seed }));
  return models;
}

export async function main(): Promise<void> {
  console.log("Learning rates, judged by four-fold cross-validation.\n");
  const progress = new Progress("learning rates", learningRates.length);
  const results: ({ readonly learningRate: number } & Awaited<ReturnType<typeof validate>>)[] = [];
  for (const learningRate of learningRates) {
    const result = await validate(learningRate);
    results.push({ learningRate, ...result });
    progress.advance(`accuracy ${result.mean.accuracy.toFixed(2)}`);
  }
  progress.end();
  console.log("learning rate  accuracy of each fold  mean  standard deviation");
  for (const { learningRate, rounds, mean, std } of results) {
    console.log(`${learningRate.toExponential(1).padStart(13)}  ${rounds.map(({ accuracy }) => accuracy.toFixed(2)).join(" ")}    ${mean.accuracy.toFixed(2)}  ${std.accuracy.toFixed(2).padStart(18)}`);
  }
  const best = results.reduce((a, b) => (b.mean.accuracy > a.mean.accuracy ? b : a));
  const models = await trainModels(best.learningRate);
  console.log("\non unseen points            accuracy  log loss");
  for (const [name, members] of [...models.map((model, at) => [`model ${at + 1}`, [model]] as const), ["all four together", models] as const]) {
    const { accuracy, logLoss } = await measure(members, unseen);
    console.log(`${name.padEnd(26)}  ${accuracy.toFixed(3).padStart(8)}  ${logLoss.toFixed(3).padStart(8)}`);
  }
  savePicture("cross-validation.svg", sideBySide([
    chart([
      { name: "a fold", points: results.flatMap(({ learningRate, rounds }) => rounds.map(({ accuracy }) => [Math.log10(learningRate), accuracy] as const)), as: "points", radius: 3.5 },
      { name: "mean of four", points: results.map(({ learningRate, mean }) => [Math.log10(learningRate), mean.accuracy] as const) },
    ], { title: "Learning rates on trial", xLabel: "logarithm of the learning rate, base 10", yLabel: "accuracy on the validation set" }),
    decisionRegions(unseen, { title: "Four models, unseen points", classes: ["arm 1", "arm 2", "arm 3"], x: [-1.2, 1.2], y: [-1.2, 1.2], probabilities: (points) => ensembleOf(models).forward(points) }),
  ]));
}
