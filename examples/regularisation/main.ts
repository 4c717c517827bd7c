import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { DataLoader, digits, mixup, TensorDataset } from "@nn/data";
import { Dropout, Linear, ReLU, Sequential, type TensorModule } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Accuracy } from "@nn/metrics";
import { AdamW, SharpnessAware, StochasticWeightAverage } from "@nn/optim";
import { Generator, manualSeed, randomIntegers, uniform, where, type Tensor } from "@nn/tensor";
import { averagedWeights, evaluator, fit, trainStep, type Augmented, type Pair, type Plugin, type Stateful } from "@nn/train";
import { progressBar } from "@nn/train/node";
import { chart } from "../support/chart.js";
import { savePicture } from "../support/output.js";

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

const createOptimizer = (model: TensorModule, weightDecay = 0): AdamW => new AdamW(model.parameters(), { learningRate: 3e-3, weightDecay });

/** A batch of images and labels. */
type Batch = Pair<Tensor, Tensor>;

/** A model and a way to train it. */
interface Method {
  readonly model: TensorModule;
  readonly optimizer: Stateful;
  /** Trains on a batch and returns the loss. */
  readonly step: (batch: Batch) => { readonly loss: Tensor };
  readonly plugins?: readonly Plugin[];
}

function plain({ dropout = 0, weightDecay = 0, augment }: { readonly dropout?: number; readonly weightDecay?: number; readonly augment?: (...batch: Batch) => Augmented<Tensor, Tensor> } = {}): Method {
  const model = createPerceptron({ dropout });
  const optimizer = createOptimizer(model, weightDecay);
  return { model, optimizer, step: trainStep(model, crossEntropy, optimizer, { augment }) };
}

/** The ways to train, by name: the plain one, and five that regularise. */
export const methods = {
  "none": () => plain(),
  "weight decay": () => plain({ weightDecay: 1 }),
  "dropout": () => plain({ dropout: 0.5 }),

  /** Trains on mixtures of two images, with the same mixture of their labels (Zhang et al. 2018). */
  "mixup": () => plain({ augment: (x, y) => mixup(x, y, { alpha: 1, classes: 10 }) }),

  /** Averages the weights of all epochs except the first ten (Izmailov et al. 2018). */
  "averaged weights": () => {
    const method = plain();
    return { ...method, plugins: [averagedWeights(new StochasticWeightAverage(method.model.parameters()), { update: "epoch", from: 11 })] };
  },

  /** Sharpness-aware minimisation searches for a wide valley: it uses the gradient at the worst point nearby (Foret et al. 2021), so its step evaluates the model twice. */
  "SAM": () => {
    const model = createPerceptron();
    const optimizer = new SharpnessAware(createOptimizer(model), { radius: 0.3 });
    const step = compile(([x, y]: Batch) => ({ loss: optimizer.step(() => valueAndGrad(() => crossEntropy(model.forward(x), y), optimizer.parameters)).value }));
    return { model, optimizer, step };
  },
} satisfies Readonly<Record<string, () => Method>>;

/** Loss and accuracy on unseen images after an epoch. */
export interface Score {
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
}

/** Trains, and measures on unseen images after every epoch. */
export async function train(create: () => Method): Promise<Score[]> {
  manualSeed(7);
  const { train: images, test } = createData();
  const { model, optimizer, step, plugins = [] } = create();
  const { history } = await fit({
    model, optimizer, step, epochs,
    batches: new DataLoader(images, { batchSize: 60, shuffle: true }),
    evaluate: evaluator(model, [test.tensors], { loss: crossEntropy, accuracy: new Accuracy() }),
    plugins: [...plugins, progressBar()],
  });
  return history.map(({ epoch, values }) => ({ epoch, ...values.validation }));
}

export async function main(): Promise<void> {
  console.log(`Six ways to train on 600 images, of which a third have wrong labels, for ${epochs} epochs.\n`);
  const results: { readonly name: string; readonly scores: readonly Score[] }[] = [];
  for (const [name, create] of Object.entries(methods)) results.push({ name, scores: await train(create) });
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
