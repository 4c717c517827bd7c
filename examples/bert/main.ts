import {
  Embedding, LayerNorm, LearnedPositionalEncoding, Linear, Module, Parameter, TransformerEncoder, TransformerEncoderLayer, type Initializer,
} from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { accuracyScore } from "@nn/metrics";
import { Adam, AdamW, cosineDecay, linearWarmup } from "@nn/optim";
import {
  equal, Generator, greaterEqual, indexSelect, less, linear, logicalAnd, normal, randomIntegers, select, softmax, tensor, topK, uniform, where, zeros,
  type Tensor,
} from "@nn/tensor";
import { fit } from "@nn/train";
import { progressBar } from "@nn/train/node";
import { chart } from "../support/chart.js";
import { drawnBatches } from "../support/drawn-batches.js";
import { savePicture } from "../support/output.js";
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

/** Trains a language model without labels. The step masks the words of each batch; the loss is the mean over masked words. */
export async function pretrain({ steps = 1500, count = 64, compile = true } = {}) {
  const generator = new Generator(1);
  const model = new MaskedLanguageModel(generator);
  const random = new Generator(2);
  const { history } = await fit({
    model,
    loss: (logits: Tensor, targets: Tensor) => crossEntropy(logits.reshape([-1, vocabulary.length]), targets.reshape([-1]), { ignoreIndex: ignored }),
    optimizer: new AdamW(model.parameters(), { learningRate: linearWarmup(cosineDecay(6e-3, { steps }), { steps: 50 }) }),
    clipNorm: 1,
    augment: (x) => {
      const { masked, targets } = maskWords(x, generator);
      return [masked, targets];
    },
    batches: drawnBatches(steps, () => {
      const x = drawCorpus(count, random);
      return [x, x] as const;
    }),
    epochs: 1,
    compile,
    plugins: [progressBar()],
  });
  return { model, loss: history[0]?.values.training.loss ?? NaN };
}

/** Options of {@link fineTune}. */
export interface FineTuneOptions {
  /** The pre-trained encoder; without it, training starts from scratch. */
  readonly encoder?: Encoder | undefined;
  /** Default 150. */
  readonly steps?: number;
}

/** Trains a classifier and its encoder on labelled sentences. */
export async function fineTune({ x, y }: Labelled, { encoder, steps = 150 }: FineTuneOptions = {}): Promise<Classifier> {
  const generator = new Generator(3);
  const model = new Classifier(generator);
  if (encoder !== undefined) model.encoder.loadStateDict(encoder.stateDict());
  await fit({
    model,
    loss: crossEntropy,
    optimizer: new Adam(model.parameters(), { learningRate: linearWarmup(cosineDecay(3e-3, { steps }), { steps: 10 }) }),
    batches: drawnBatches(steps, () => {
      const batch = randomIntegers([32], { low: 0, high: y.shape[0] ?? NaN, generator });
      return [indexSelect(x, batch, 0), indexSelect(y, batch, 0)] as const;
    }),
    epochs: 1,
  });
  return model;
}

/** The fraction of sentences that a classifier labels correctly. */
export const accuracy = (model: Classifier, { x, y }: Labelled): number => accuracyScore(model.forward(x), y);

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

export async function main(): Promise<void> {
  console.log("A transformer learns a language from sentences without labels, by guessing hidden words.");
  const { model } = await pretrain();
  for (const sentence of maskedSentences) {
    console.log(`  ${sentence.padEnd(46)}${guess(model, sentence).map(({ word, probability }) => `${word} ${probability.toFixed(2)}`).join(", ")}`);
  }

  console.log("\nThen it learns from few labels whether an animal or a person acts. Accuracy on 1,000 unseen sentences:");
  console.log("labels  pre-trained  from scratch");
  const unseen = drawLabelled(1000, new Generator(4));
  const results: { readonly size: number; readonly pretrained: number; readonly scratch: number }[] = [];
  for (const size of sizes) {
    const sentences = drawLabelled(size, new Generator(5));
    const pretrained = 100 * accuracy(await fineTune(sentences, { encoder: model.encoder }), unseen);
    const scratch = 100 * accuracy(await fineTune(sentences), unseen);
    console.log(`${String(size).padStart(6)}  ${pretrained.toFixed(1).padStart(9)} %  ${scratch.toFixed(1).padStart(10)} %`);
    results.push({ size, pretrained, scratch });
  }
  savePicture("bert.svg", chart([
    { name: "pre-trained, then fine-tuned", points: results.map(({ size, pretrained }) => [size, pretrained] as const) },
    { name: "from scratch", points: results.map(({ size, scratch }) => [size, scratch] as const) },
    { name: "by chance", as: "dashed", points: [sizes.at(0) ?? 0, sizes.at(-1) ?? 0].map((size) => [size, 50] as const) },
  ], { title: "Who acts? Learned from few labels", xLabel: "labelled sentences", yLabel: "accuracy, %" }));
}
