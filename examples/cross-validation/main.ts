import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { DataLoader, spirals, stratifiedKFold, stratifiedSplit, type Dataset } from "@nn/data";
import { Linear, ReLU, Sequential, type TensorModule } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { AdamW, cosineDecay } from "@nn/optim";
import { Generator, softmax, uniform, type Tensor } from "@nn/tensor";
import { chart } from "../support/chart.js";
import { savePicture } from "../support/output.js";
import { planePoints } from "../support/plane.js";
import { Progress } from "../support/progress.js";
import { sideBySide } from "../support/svg.js";

type Points = Dataset<readonly [x: Tensor, y: Tensor]>;

/** Three arms of a spiral: two thirds for training and selection, one third to test the result once. */
export const [known, unseen] = stratifiedSplit(spirals({ count: 450, arms: 3, turns: 0.8, noise: 0.06, seed: 1 }), [2 / 3, 1 / 3], { seed: 1 });

/** Each point is in the validation set of one fold, and in the training set of the other three. */
export const folds = stratifiedKFold(known, 4, { seed: 2 });

/** All points of a data set as one batch. */
const batchOf = (points: Points): readonly [x: Tensor, y: Tensor] => points.batch(Array.from({ length: points.length }, (_, index) => index));

function train(points: Points, learningRate: number, { epochs, seed }: { readonly epochs: number; readonly seed: number }): TensorModule {
  const generator = new Generator(seed);
  const model = new Sequential(new Linear(2, 32, { generator }), new ReLU(), new Linear(32, 32, { generator }), new ReLU(), new Linear(32, 3, { generator }));
  const parameters = model.parameters();
  const loader = new DataLoader(points, { batchSize: 40, shuffle: true, seed, dropLast: true });
  const optimizer = new AdamW(parameters, { learningRate: cosineDecay(learningRate, { steps: epochs * loader.length }) });
  const step = compile((x: Tensor, y: Tensor) => {
    const { value, gradients } = valueAndGrad(() => crossEntropy(model.forward(x), y), parameters);
    optimizer.step(gradients);
    return value;
  });
  for (let epoch = 0; epoch < epochs; epoch++) for (const batch of loader) step(...batch);
  step.dispose();
  return model;
}

/** The probabilities of an ensemble: the mean over its members. */
function probabilities(models: readonly TensorModule[], x: Tensor): Tensor {
  return models.map((model) => softmax(model.forward(x))).reduce((a, b) => a.add(b)).div(models.length);
}

/** The fraction of points that an ensemble classifies correctly. */
export function accuracy(models: readonly TensorModule[], points: Points): number {
  const [x, y] = batchOf(points);
  return probabilities(models, x).argMax(1).equal(y).cast("float32").mean().item();
}

export const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** A learning rate and its accuracy in cross-validation. */
export interface Trial {
  readonly learningRate: number;
  readonly scores: readonly number[];
}

/** Tries learning rates from 1e-5 to 1, drawn at random on a logarithmic scale (Bergstra and Bengio 2012), on every fold. */
export function search({ count = 12, onTrial = () => undefined }: { readonly count?: number; readonly onTrial?: (trial: Trial) => void } = {}): Trial[] {
  const exponents = uniform([count], { low: -5, high: 0, generator: new Generator(0) }).toArray() as number[];
  return exponents.map((exponent) => {
    const learningRate = 10 ** exponent;
    const scores = folds.map((fold, seed) => accuracy([train(fold.train, learningRate, { epochs: 20, seed })], fold.validation));
    onTrial({ learningRate, scores });
    return { learningRate, scores };
  });
}

/** The trial with the best mean accuracy. */
export const bestOf = (trials: readonly Trial[]): Trial => trials.reduce((best, trial) => (mean(trial.scores) > mean(best.scores) ? trial : best));

/** A model for each fold, trained for longer. */
export const trainEnsemble = (learningRate: number): TensorModule[] => folds.map((fold, seed) => train(fold.train, learningRate, { epochs: 80, seed }));

function regionsOf(title: string, models: readonly TensorModule[]): string {
  const [x, y] = batchOf(unseen);
  const [places, classes] = [x.toArray() as [number, number][], y.toArray() as number[]];
  const [range, side] = [[-1.2, 1.2], 96] as const;
  return chart([0, 1, 2].map((arm) => ({ name: `arm ${arm + 1}`, points: places.filter((_, index) => classes[index] === arm), as: "points", radius: 3.5 })), {
    title, xLabel: "x", yLabel: "y", square: true,
    regions: { probabilities: probabilities(models, planePoints({ x: range, y: range, side })).reshape([side, side, 3]), x: range, y: range },
  });
}

export function main(): void {
  console.log("A random search for the learning rate, judged by four-fold cross-validation.\n");
  const progress = new Progress("trials", 12);
  const trials = search({ onTrial: ({ scores }) => progress.advance(`accuracy ${mean(scores).toFixed(2)}`) });
  progress.end();
  console.log("learning rate  accuracy of each fold  mean");
  for (const { learningRate, scores } of trials.toSorted((a, b) => a.learningRate - b.learningRate)) {
    console.log(`${learningRate.toExponential(1).padStart(13)}  ${scores.map((score) => score.toFixed(2)).join(" ")}    ${mean(scores).toFixed(2)}`);
  }
  const models = trainEnsemble(bestOf(trials).learningRate);
  const single = models.map((model) => accuracy([model], unseen));
  console.log(`\nfour models with the best learning rate, on unseen points: ${single.map((each) => each.toFixed(3)).join(" ")}; together: ${accuracy(models, unseen).toFixed(3)}`);
  const places = trials.map(({ learningRate, scores }) => ({ exponent: Math.log10(learningRate), scores })).toSorted((a, b) => a.exponent - b.exponent);
  savePicture("cross-validation.svg", sideBySide([
    chart([
      { name: "a fold", points: places.flatMap(({ exponent, scores }) => scores.map((score) => [exponent, score] as const)), as: "points", radius: 3.5 },
      { name: "mean of four", points: places.map(({ exponent, scores }) => [exponent, mean(scores)] as const) },
    ], { title: "Learning rates on trial", xLabel: "logarithm of the learning rate, base 10", yLabel: "accuracy on the validation set" }),
    regionsOf("Four models, unseen points", models),
  ]));
}
