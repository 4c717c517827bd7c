import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { DataLoader, digits, TensorDataset } from "@nn/data";
import { Dropout, Linear, ReLU, Sequential, type TensorModule } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { AdamW, SharpnessAware, StochasticWeightAverage, type Evaluation } from "@nn/optim";
import { Generator, indexSelect, lerp, manualSeed, oneHot, permutation, randomIntegers, uniform, where, type Tensor } from "@nn/tensor";
import { chart } from "../support/chart.js";
import { savePicture } from "../support/output.js";
import { Progress } from "../support/progress.js";

const epochs = 72;

/** Few images, and a third of their labels are wrong. A network can memorise even these; unseen images show the harm. */
function createData() {
  const { train, test } = digits({ train: 600, test: 1000, seed: 2 });
  const [images, labels] = train.tensors;
  const generator = new Generator(3);
  const wrong = uniform(labels.shape, { generator }).less(1 / 3);
  return { train: new TensorDataset(images, where(wrong, randomIntegers(labels.shape, { high: 10, generator }), labels)), test };
}

function createPerceptron({ dropout = 0 } = {}): Sequential {
  const generator = new Generator(1);
  return new Sequential(new Linear(784, 128, { generator }), new ReLU(), new Dropout(dropout), new Linear(128, 10, { generator }));
}

const evaluate = (model: TensorModule, x: Tensor, target: Tensor): Evaluation => valueAndGrad(() => crossEntropy(model.forward(x), target), model.parameters());

const createOptimizer = (model: TensorModule, weightDecay = 0): AdamW => new AdamW(model.parameters(), { learningRate: 3e-3, weightDecay });

/** Loss and accuracy on unseen images after an epoch. */
export interface Score {
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
}

/** A model and a way to train it. */
interface Run {
  readonly model: TensorModule;
  /** Trains on a batch and returns the loss. */
  readonly step: (x: Tensor, y: Tensor) => Tensor;
  /** Called after every epoch. */
  readonly afterEpoch?: (epoch: number) => void;
  /** Calls `measure` with the weights to evaluate, if they differ from the trained ones. */
  readonly applied?: (measure: () => Score) => Score;
}

function plain({ dropout = 0, weightDecay = 0 } = {}): Run {
  const model = createPerceptron({ dropout });
  const optimizer = createOptimizer(model, weightDecay);
  const step = (x: Tensor, y: Tensor): Tensor => {
    const { value, gradients } = evaluate(model, x, y);
    optimizer.step(gradients);
    return value;
  };
  return { model, step };
}

/** The ways to train, by name: the plain one, and five that regularise. */
export const methods = {
  "none": () => plain(),
  "weight decay": () => plain({ weightDecay: 1 }),
  "dropout": () => plain({ dropout: 0.5 }),

  /** Trains on mixtures of two images, with the same mixture of their labels (Zhang et al. 2018). */
  "mixup": () => {
    const model = createPerceptron();
    const optimizer = createOptimizer(model);
    const step = (x: Tensor, y: Tensor): Tensor => {
      const partner = permutation(x.shape[0] ?? 0);
      const fraction = uniform([]);
      const target = oneHot(y, 10);
      const mix = (values: Tensor): Tensor => lerp(values, indexSelect(values, partner, 0), fraction);
      const { value, gradients } = evaluate(model, mix(x), mix(target));
      optimizer.step(gradients);
      return value;
    };
    return { model, step };
  },

  /** Averages the weights of all epochs except the first ten (Izmailov et al. 2018). */
  "averaged weights": () => {
    const run = plain();
    const average = new StochasticWeightAverage(run.model.parameters());
    return {
      ...run,
      afterEpoch: (epoch) => {
        if (epoch > 10) average.update();
      },
      applied: (measure) => (average.updates === 0 ? measure() : average.applied(measure)),
    };
  },

  /** Sharpness-aware minimisation searches for a wide valley: it uses the gradient at the worst point nearby (Foret et al. 2021). */
  "SAM": () => {
    const model = createPerceptron();
    const aware = new SharpnessAware(createOptimizer(model), { radius: 0.3 });
    return { model, step: (x, y) => aware.step(() => evaluate(model, x, y)).value };
  },
} satisfies Readonly<Record<string, () => Run>>;

/** Trains, and measures on unseen images after every fourth epoch. */
export function train(create: () => Run): Score[] {
  manualSeed(7);
  const { train: images, test } = createData();
  const { model, step, afterEpoch = () => undefined, applied = (measure) => measure() }: Run = create();
  const compiled = compile(step);
  const measure = compile((x: Tensor, y: Tensor) => {
    const logits = model.forward(x);
    return { loss: crossEntropy(logits, y), accuracy: logits.argMax(1).equal(y).cast("float32").mean() };
  });
  const loader = new DataLoader(images, { batchSize: 60, shuffle: true });
  const scores: Score[] = [];
  for (let epoch = 1; epoch <= epochs; epoch++) {
    for (const batch of loader) compiled(...batch);
    afterEpoch(epoch);
    if (epoch % 4 !== 0) continue;
    model.eval();
    scores.push(applied(() => {
      const { loss, accuracy } = measure(...test.tensors);
      return { epoch, loss: loss.item(), accuracy: accuracy.item() };
    }));
    model.train();
  }
  return scores;
}

export function main(): void {
  console.log(`Six ways to train on 600 images, of which a third have wrong labels, for ${epochs} epochs.\n`);
  const progress = new Progress("ways", Object.keys(methods).length);
  const results = Object.entries(methods).map(([name, create]) => {
    const scores = train(create);
    progress.advance(name);
    return { name, scores };
  });
  progress.end();
  console.log("regularisation    loss on unseen images  accuracy");
  for (const { name, scores } of results) {
    const { loss = NaN, accuracy = NaN } = scores.at(-1) ?? {};
    console.log(`${name.padEnd(16)}  ${loss.toFixed(3).padStart(21)}  ${(100 * accuracy).toFixed(0).padStart(6)} %`);
  }
  savePicture("regularisation.svg", chart(
    results.map(({ name, scores }) => ({ name, points: scores.map(({ epoch, loss }) => [epoch, loss] as const) })),
    { title: "Wrong labels, learned by heart or not", xLabel: "epoch", yLabel: "loss on unseen images" },
  ));
}
