import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import {
  Embedding, LayerNorm, LearnedPositionalEncoding, Linear, Module, Parameter, TransformerEncoder, TransformerEncoderLayer, type Initializer,
} from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Adam, AdamW, clipByGlobalNorm, cosineDecay, linearWarmup } from "@nn/optim";
import {
  argMax, equal, Generator, greaterEqual, indexSelect, less, linear, logicalAnd, mean, normal, randomIntegers, select, softmax, tensor, topK, uniform, where, zeros,
  type Tensor,
} from "@nn/tensor";
import { chart } from "../support/chart.js";
import { savePicture } from "../support/output.js";
import { Progress } from "../support/progress.js";
import { beings, drawSentences, longest, words } from "./language.js";

/** Words are numbers: their indices in the vocabulary. The first three are padding, the start of a sentence, and the mask for a hidden word. */
const vocabulary = ["[PAD]", "[CLS]", "[MASK]", ...words];
const [padding, start, mask, firstWord] = [0, 1, 2, 3];
const ignored = -100;
const features = 32;

/** Sentences as numbers, `[N, 1 + longest]`. */
const encode = (sentences: readonly (readonly string[])[]): Tensor => tensor(sentences.map((sentence) => {
  const numbers = [start, ...sentence.map((word) => vocabulary.indexOf(word))];
  return Array.from({ length: 1 + longest }, (_, at) => numbers[at] ?? padding);
}), { dtype: "int32" });

/** Sentences without labels, for pre-training. */
export const drawCorpus = (count: number, generator: Generator): Tensor => encode(drawSentences(count, { generator }).map((sentence) => sentence.words));

/** Sentences, `[N, 1 + longest]`, and whether an animal or a person acts in them, `[N]`. */
export interface Labelled {
  readonly x: Tensor;
  readonly y: Tensor;
}

/** Labelled sentences in which only a noun shows which kind acts. */
export function drawLabelled(count: number, generator: Generator): Labelled {
  const sentences = drawSentences(count, { neutral: true, generator });
  return { x: encode(sentences.map((sentence) => sentence.words)), y: tensor(sentences.map(({ actor }) => beings.indexOf(actor)), { dtype: "int32" }) };
}

/** Chooses 15 % of the words as targets. 80 % of these are hidden behind `[MASK]`, 10 % become random words, 10 % do not change. */
export function maskWords(x: Tensor, generator: Generator): { readonly masked: Tensor; readonly targets: Tensor } {
  const chosen = logicalAnd(greaterEqual(x, firstWord), less(uniform(x.shape, { generator }), 0.15));
  const random = randomIntegers(x.shape, { low: firstWord, high: vocabulary.length, generator });
  const kind = uniform(x.shape, { generator });
  const replaced = where(less(kind, 0.8), mask, where(less(kind, 0.9), random, x));
  return { masked: where(chosen, replaced, x), targets: where(chosen, x, ignored) };
}

/** A transformer in which every word attends to all words before and after it. */
class Encoder extends Module {
  readonly embedding: Embedding;
  readonly positions: LearnedPositionalEncoding;
  readonly blocks: TransformerEncoder;

  constructor(generator: Generator) {
    super();
    const initializeWeight: Initializer = (shape, options) => normal(shape, { ...options, std: 0.4 });
    this.embedding = new Embedding(vocabulary.length, features, { initializeWeight, generator });
    this.positions = new LearnedPositionalEncoding(1 + longest, features, { initializeWeight, batchFirst: true, generator });
    const block = () => new TransformerEncoderLayer(features, 4, { feedForward: 2 * features, dropout: 0, activation: "gelu", normFirst: true, batchFirst: true, generator });
    this.blocks = new TransformerEncoder([block(), block()], { norm: new LayerNorm(features) });
  }

  /** Features of each word, `[N, 1 + longest, features]`. */
  override forward(x: Tensor): Tensor {
    return this.blocks.forward(this.positions.forward(this.embedding.forward(x)), { keyPaddingMask: equal(x, padding) });
  }
}

/** Predicts each word from its features: the logits compare them with the embeddings of all words (tied weights). */
class MaskedLanguageModel extends Module {
  readonly encoder: Encoder;
  readonly head: Linear;
  readonly bias: Parameter;

  constructor(generator: Generator) {
    super();
    this.encoder = new Encoder(generator);
    this.head = new Linear(features, features, { generator });
    this.bias = new Parameter(zeros([vocabulary.length]));
  }

  /** `[N, 1 + longest, vocabulary]`. */
  override forward(x: Tensor): Tensor {
    return linear(this.head.forward(this.encoder.forward(x)), this.encoder.embedding.weight.value, this.bias.value);
  }
}

/** Classifies a sentence from the features of `[CLS]`. */
class Classifier extends Module {
  readonly encoder: Encoder;
  readonly head: Linear;

  constructor(generator: Generator) {
    super();
    this.encoder = new Encoder(generator);
    this.head = new Linear(features, beings.length, { generator });
  }

  /** `[N, beings]`. */
  override forward(x: Tensor): Tensor {
    return this.head.forward(select(this.encoder.forward(x), 1, 0));
  }
}

/** Creates a language model and its step. The step masks words of a batch and returns the mean loss per masked word. */
export function createLanguageModel({ steps }: { readonly steps: number }) {
  const generator = new Generator(1);
  const model = new MaskedLanguageModel(generator);
  const parameters = model.parameters();
  const optimizer = new AdamW(parameters, { learningRate: linearWarmup(cosineDecay(6e-3, { steps }), { steps: 50 }) });
  const step = (x: Tensor): Tensor => {
    const { masked, targets } = maskWords(x, generator);
    const { value, gradients } = valueAndGrad(() => {
      return crossEntropy(model.forward(masked).reshape([-1, vocabulary.length]), targets.reshape([-1]), { ignoreIndex: ignored });
    }, parameters);
    optimizer.step(clipByGlobalNorm(gradients, 1).gradients);
    return value;
  };
  return { model, step };
}

/** Trains a language model without labels; `onSteps` receives the mean loss of every twenty steps. */
export function pretrain({ steps = 1500, onSteps = () => undefined }: { readonly steps?: number; readonly onSteps?: (loss: number) => void } = {}): MaskedLanguageModel {
  const random = new Generator(2);
  const { model, step } = createLanguageModel({ steps });
  const compiled = compile(step);
  let total = 0;
  for (let turn = 1; turn <= steps; turn++) {
    total += compiled(drawCorpus(64, random)).item();
    if (turn % 20 > 0) continue;
    onSteps(total / 20);
    total = 0;
  }
  return model;
}

/** Options of {@link fineTune}. */
export interface FineTuneOptions {
  /** The pre-trained encoder; without it, training starts from scratch. */
  readonly encoder?: Encoder | undefined;
  /** Default 150. */
  readonly steps?: number;
}

/** Trains a classifier and its encoder on labelled sentences. */
export function fineTune({ x, y }: Labelled, { encoder, steps = 150 }: FineTuneOptions = {}): Classifier {
  const generator = new Generator(3);
  const model = new Classifier(generator);
  if (encoder !== undefined) model.encoder.loadStateDict(encoder.stateDict());
  const parameters = model.parameters();
  const optimizer = new Adam(parameters, { learningRate: linearWarmup(cosineDecay(3e-3, { steps }), { steps: 10 }) });
  const step = compile(() => {
    const batch = randomIntegers([32], { low: 0, high: y.shape[0] ?? NaN, generator });
    const { value, gradients } = valueAndGrad(() => crossEntropy(model.forward(indexSelect(x, batch, 0)), indexSelect(y, batch, 0)), parameters);
    optimizer.step(gradients);
    return value;
  });
  for (let turn = 0; turn < steps; turn++) step();
  step.dispose();
  return model;
}

/** The fraction of sentences that a classifier labels correctly. */
export const accuracy = (model: Classifier, { x, y }: Labelled): number => mean(equal(argMax(model.forward(x), 1), y).cast("float32")).item();

/** The most probable words for `[MASK]`, and their probabilities. */
export function guess(model: MaskedLanguageModel, text: string, count = 4): { readonly word: string; readonly probability: number }[] {
  const sentence = text.split(" ");
  const probabilities = softmax(model.forward(encode([sentence]))).select(0, 0).select(0, 1 + sentence.indexOf("[MASK]"));
  const { values, indices } = topK(probabilities, count);
  const likeliest = values.toArray() as number[];
  return (indices.toArray() as number[]).map((at, index) => ({ word: vocabulary[at] ?? "", probability: likeliest[index] ?? NaN }));
}

/** Sentences with a hidden word: the words around it show whether it is an animal or a person. */
const maskedSentences = ["the furry [MASK] heard the baker", "the fox was paid by the [MASK] in the office", "the clerk was [MASK] by the wolf", "the clerk [MASK] the wolf"];

const sizes = [16, 32, 64, 128];

export function main(): void {
  const steps = 1500;
  console.log("A transformer learns a language from sentences without labels, by guessing hidden words.");
  const progress = new Progress("steps of 20", steps / 20);
  const model = pretrain({ steps, onSteps: (loss) => progress.advance(`loss ${loss.toFixed(3)}`) });
  progress.end();
  for (const sentence of maskedSentences) {
    console.log(`  ${sentence.padEnd(46)}${guess(model, sentence).map(({ word, probability }) => `${word} ${probability.toFixed(2)}`).join(", ")}`);
  }

  console.log("\nThen it learns from few labels whether an animal or a person acts. Accuracy on 1,000 unseen sentences:");
  console.log("labels  pre-trained  from scratch");
  const unseen = drawLabelled(1000, new Generator(4));
  const results = sizes.map((size) => {
    const sentences = drawLabelled(size, new Generator(5));
    const [pretrained, scratch] = [model.encoder, undefined].map((encoder) => 100 * accuracy(fineTune(sentences, { encoder }), unseen)) as [number, number];
    console.log(`${String(size).padStart(6)}  ${pretrained.toFixed(1).padStart(9)} %  ${scratch.toFixed(1).padStart(10)} %`);
    return { size, pretrained, scratch };
  });
  savePicture("bert.svg", chart([
    { name: "pre-trained, then fine-tuned", points: results.map(({ size, pretrained }) => [size, pretrained] as const) },
    { name: "from scratch", points: results.map(({ size, scratch }) => [size, scratch] as const) },
    { name: "by chance", as: "dashed", points: [sizes.at(0) ?? 0, sizes.at(-1) ?? 0].map((size) => [size, 50] as const) },
  ], { title: "Who acts? Learned from few labels", xLabel: "labelled sentences", yLabel: "accuracy, %" }));
}
