import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { Linear, ReLU, Sequential } from "@nn/layers";
import { crossEntropy, ntXent } from "@nn/losses";
import { Adam } from "@nn/optim";
import { cdist, concat, cosineSimilarity, eye, Generator, indexSelect, matmul, mean, normal, normalize, randomIntegers, split, topK, transpose, type Tensor } from "@nn/tensor";
import { augmented, type AugmentationName } from "./augmentation.js";
import { numbersOf } from "./digit-network.js";
import { rehearse } from "./rehearsal.js";
import { digitPixels, rowsOf, smallDigits, type SmallDigits } from "./small-digits.js";
import type { Task } from "./task.js";

export interface ContrastiveSettings {
  readonly augmentation: AugmentationName;
  readonly temperature: number;
}

type Points = readonly (readonly [x: number, y: number])[];

export interface ContrastiveView {
  readonly steps: number;
  readonly loss: number | undefined;
  /** Where two views of each shown digit lie: the directions that the network gives, seen from the side from which they spread most (principal components). */
  readonly first: Points;
  readonly second: Points;
  /** The shown digits, and their first views. */
  readonly labels: readonly number[];
  readonly images: readonly (readonly number[])[];
  readonly views: readonly (readonly number[])[];
  /** Which five of the other digits are nearest to the first view of each, by the directions and by pixels. */
  readonly nearest: readonly (readonly number[])[];
  readonly nearestByPixels: readonly (readonly number[])[];
  /** The share of these neighbours that are the same digit. */
  readonly alike: number;
  readonly alikeByPixels: number;
  /** The accuracy on unseen digits of a linear classifier that learned from a few labelled ones: from the encoder's features, and from pixels. */
  readonly probe: number;
  readonly pixels: number;
  /** The accuracy from features before training, and every 50 steps since. */
  readonly probes: readonly (readonly [step: number, accuracy: number])[];
  /** The mean cosine of the angle between two views of a digit. */
  readonly agreement: number;
}

const [trainImages, batch, hidden, features, directions, mostSteps, probedEvery, learningRate] = [1000, 64, 128, 32, 16, 800, 50, 2e-3];
/** Number of labelled digits that the linear classifier learns from. */
const labelledImages = 100;
const [testImages, shownDigits, neighbours, probeSteps] = [300, 100, 5, 150];

/** The network: an encoder of features, and their projection to a direction, which the loss sees. */
function createNetwork(generator: Generator) {
  const linear = (from: number, to: number): Linear => new Linear(from, to, { generator });
  const encoder = new Sequential(linear(digitPixels, hidden), new ReLU(), linear(hidden, features), new ReLU());
  return { encoder, model: new Sequential(encoder, linear(features, features), new ReLU(), linear(features, directions)) };
}

/** The two principal components of points `[N, D]`, by orthogonal iteration from the last ones, so that a picture of points that move turns slowly. */
function principalComponents(): (points: Tensor) => Tensor {
  let components = normal([directions, 2], { generator: new Generator(5) });
  const iterate = compile((points: Tensor, last: Tensor) => {
    const next = matmul(transpose(points), matmul(points, last));
    const [first, second] = split(next, [1, 1], 1);
    const unit = normalize(first, { axis: 0 });
    return concat([unit, normalize(second.sub(unit.mul(unit.mul(second).sum())), { axis: 0 })], 1);
  });
  return (points) => {
    for (let turn = 0; turn < 4; turn++) components = iterate(points, components);
    return components;
  };
}

/** The nearest other rows of each row's counterpart: `[N, D]` and `[N, D]` to N lists. */
function nearestOf(queries: Tensor, rows: Tensor): readonly (readonly number[])[] {
  const distances = cdist(queries, rows).add(eye(rows.shape[0] ?? 0).mul(1e6));
  return topK(distances, neighbours, { axis: 1, largest: false }).indices.toArray() as number[][];
}

/** Measures inputs `[N, size]` by the accuracy, on unseen examples, of a linear classifier that learns from labelled ones. It begins anew every time. */
function linearProbe(size: number): (known: Tensor, labels: Tensor, unseen: Tensor, truth: Tensor) => number {
  const head = new Linear(size, 10, { generator: new Generator(2) });
  const optimizer = new Adam(head.parameters(), { learningRate: 0.03, weightDecay: 1e-3 });
  const learn = compile((x: Tensor, y: Tensor) => {
    const { value, gradients } = valueAndGrad(() => crossEntropy(head.forward(x), y), head.parameters());
    optimizer.step(gradients);
    return value;
  });
  const [start, rest] = [head.stateDict(), optimizer.stateDict()];
  return (known, labels, unseen, truth) => {
    head.loadStateDict(start);
    optimizer.loadStateDict(rest);
    for (let turn = 0; turn < probeSteps; turn++) learn(known, labels);
    return head.forward(unseen).argMax(1).equal(truth).cast("float32").mean().item();
  };
}

/**
 * Learns without labels that two views of one image belong together, and views of two images do not: SimCLR (Chen et al. 2020). The loss sees a projection of the
 * features to a direction.
 */
export function contrastive({ augmentation, temperature }: ContrastiveSettings): Task<ContrastiveView> {
  const generator = new Generator(1);
  const { encoder, model } = createNetwork(generator);
  const parameters = model.parameters();
  const optimizer = new Adam(parameters, { learningRate });
  const learn = compile((all: Tensor) => {
    const images = indexSelect(all, randomIntegers([batch], { low: 0, high: trainImages, generator }), 0);
    const view = (): Tensor => model.forward(augmented(images, augmentation, generator));
    const { value, gradients } = valueAndGrad(() => ntXent(view(), view(), { temperature }), parameters);
    optimizer.step(gradients);
    return value;
  });
  const directionsOf = compile((images: Tensor) => normalize(model.forward(images)));
  const featuresOf = compile((images: Tensor) => encoder.forward(images));

  const [unseen, labelled] = [smallDigits(testImages, "test"), smallDigits(labelledImages, "train")];
  const probeOf = (size: number, of: (images: Tensor) => Tensor): (() => number) => {
    const probe = linearProbe(size);
    return () => probe(of(labelled.images), labelled.labels, of(unseen.images), unseen.labels);
  };
  const probe = probeOf(features, featuresOf);
  const shown = unseen.images.slice([{ stop: shownDigits }]);
  const fixed = new Generator(3);
  const [first, second] = [augmented(shown, augmentation, fixed), augmented(shown, augmentation, fixed)];
  const [labels, nearestByPixels] = [numbersOf(unseen.labels).slice(0, shownDigits), nearestOf(first, shown)];
  const alikeIn = (nearest: ContrastiveView["nearest"]): number => nearest.flatMap((others, at) => others.filter((other) => labels[other] === labels[at])).length / nearest.flat().length;
  const still = { labels, images: rowsOf(shown), views: rowsOf(first), nearestByPixels, alikeByPixels: alikeIn(nearestByPixels), pixels: probeOf(digitPixels, (images) => images)() };
  const componentsOf = principalComponents();
  const probes: (readonly [number, number])[] = [[0, probe()]];
  let known: SmallDigits | undefined;
  const learnOnce = (): Tensor => learn((known ??= smallDigits(trainImages, "train")).images);
  let steps = 0;
  let loss: number | undefined;
  return {
    prepare: () => rehearse({ model, optimizer, generator }, learnOnce),
    step() {
      loss = learnOnce().item();
      steps += 1;
      if (steps % probedEvery === 0) probes.push([steps, probe()]);
    },
    view() {
      const [one, other] = [directionsOf(first), directionsOf(second)];
      const middle = mean(one, 0);
      const components = componentsOf(one.sub(middle));
      const nearest = nearestOf(one, directionsOf(shown));
      const placesOf = (points: Tensor): Points => matmul(points.sub(middle), components).toArray() as [number, number][];
      return {
        ...still, steps, loss, first: placesOf(one), second: placesOf(other), nearest, alike: alikeIn(nearest),
        agreement: cosineSimilarity(one, other).mean().item(), probe: probes.at(-1)?.[1] ?? NaN, probes: [...probes],
      };
    },
    isDone: () => steps >= mostSteps,
  };
}
