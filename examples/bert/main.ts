import { Module } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { accuracyScore } from "@nn/metrics";
import { BertForMaskedLM, BertForSequenceClassification, type BertOptions } from "@nn/models";
import { AdamW, cosineDecay, linearWarmup } from "@nn/optim";
import { Generator, greaterEqual, indexSelect, less, logicalAnd, randomIntegers, softmax, tensor, topK, uniform, where, type Tensor } from "@nn/tensor";
import { padSequences, Vocabulary, WordTokenizer, type PaddedBatch, type TokenIds } from "@nn/text";
import { fit } from "@nn/train";
import { progressBar } from "@nn/train/node";
import { chart } from "../support/chart.js";
import { drawnBatches } from "../support/drawn-batches.js";
import { savePicture } from "../support/output.js";
import { beings, drawSentences, longest, words } from "./language.js";

const special = { padding: "[PAD]", start: "[CLS]", end: "[SEP]", mask: "[MASK]" } as const;
const firstWord = Object.keys(special).length;
/** Words are numbers: their ids. `[CLS]` begins a sentence, `[SEP]` ends it, `[MASK]` stands for a hidden word. */
export const tokenizer = new WordTokenizer(new Vocabulary([...Object.values(special), ...words], { special }));
const { size: vocabSize, special: { padding = NaN, start = NaN, end = NaN, mask = NaN } } = tokenizer.vocabulary;
const ignored = -100;
const length = longest + 2;

/** Sentences as ids, `[N, length]`, and which of them are padding. */
export type Sentences = Pick<PaddedBatch, "ids" | "keyPaddingMask">;

function batchOf(sentences: readonly TokenIds[]): Sentences {
  const { ids, keyPaddingMask } = padSequences(sentences, { padding, length });
  return { ids, keyPaddingMask };
}

/** Sentences without labels, for pre-training. */
export const drawCorpus = (count: number, generator: Generator): Sentences => batchOf(drawSentences(count, { generator }).map(({ text }) => tokenizer.encode(text)));

/** Sentences, and whether an animal or a person acts in them, `[N]`. */
export interface Labelled {
  readonly x: Sentences;
  readonly y: Tensor;
}

/** Labelled sentences in which only a noun shows which kind acts. */
export function drawLabelled(count: number, generator: Generator): Labelled {
  const sentences = drawSentences(count, { neutral: true, generator });
  return { x: batchOf(sentences.map(({ text }) => tokenizer.encode(text))), y: tensor(sentences.map(({ actor }) => beings.indexOf(actor)), { dtype: "int32" }) };
}

/** Chooses 15 % of the words as targets. 80 % of these are hidden behind `[MASK]`, 10 % become random words, 10 % do not change. */
export function maskWords(ids: Tensor, generator: Generator): { readonly masked: Tensor; readonly targets: Tensor } {
  const chosen = logicalAnd(greaterEqual(ids, firstWord), less(uniform(ids.shape, { generator }), 0.15));
  const random = randomIntegers(ids.shape, { low: firstWord, high: vocabSize, generator });
  const kind = uniform(ids.shape, { generator });
  const replaced = where(less(kind, 0.8), mask, where(less(kind, 0.9), random, ids));
  return { masked: where(chosen, replaced, ids), targets: where(chosen, ids, ignored) };
}

/** A small BERT. Its sentences are few and short, so nothing is dropped. */
const architecture: BertOptions = {
  vocabSize, hiddenSize: 32, numHiddenLayers: 2, numAttentionHeads: 4, intermediateSize: 64, maxPositionEmbeddings: length, hiddenDropoutProb: 0, attentionProbsDropoutProb: 0,
};

/** A BERT for batches of sentences, in which no word attends to padding. */
class Reader<Bert extends BertForMaskedLM | BertForSequenceClassification> extends Module {
  readonly bert: Bert;

  constructor(bert: Bert) {
    super();
    this.bert = bert;
  }

  forward({ ids, keyPaddingMask }: Sentences): Tensor {
    return this.bert.forward(ids, { keyPaddingMask });
  }
}

export type LanguageReader = Reader<BertForMaskedLM>;
export type Classifier = Reader<BertForSequenceClassification>;

/** Trains a language model without labels. The step masks the words of each batch; the loss is the mean over masked words. */
export async function pretrain({ steps = 3000, count = 64, compile = true } = {}): Promise<{ readonly model: LanguageReader; readonly loss: number }> {
  const generator = new Generator(1);
  const model = new Reader(new BertForMaskedLM({ ...architecture, generator }));
  const random = new Generator(2);
  const { history } = await fit({
    model,
    loss: (logits: Tensor, targets: Tensor) => crossEntropy(logits.reshape([-1, vocabSize]), targets.reshape([-1]), { ignoreIndex: ignored }),
    optimizer: new AdamW(model.parameters(), { learningRate: linearWarmup(cosineDecay(4e-3, { steps }), { steps: 300 }) }),
    clipNorm: 1,
    augment: ({ ids, keyPaddingMask }: Sentences) => {
      const { masked, targets } = maskWords(ids, generator);
      return [{ ids: masked, keyPaddingMask }, targets] as const;
    },
    batches: drawnBatches(steps, () => {
      const x = drawCorpus(count, random);
      return [x, x.ids] as const;
    }),
    epochs: 1,
    compile,
    plugins: [progressBar()],
  });
  return { model: model.eval(), loss: history[0]?.values.training.loss ?? NaN };
}

/** Options of {@link fineTune}. */
export interface FineTuneOptions {
  /** The pre-trained model; without it, training starts from scratch. */
  readonly pretrained?: LanguageReader | undefined;
  /** Default 150. */
  readonly steps?: number;
}

/** A classifier with random weights, or with those of a pre-trained model: all that both have. Its head is new. */
export function newClassifier(pretrained: LanguageReader | undefined, generator: Generator): Classifier {
  const bert = new BertForSequenceClassification({ ...architecture, numLabels: beings.length, generator });
  if (pretrained !== undefined) bert.loadStateDict(pretrained.bert.stateDict(), { strict: false });
  return new Reader(bert);
}

/** Trains a classifier, its BERT included, on labelled sentences. */
export async function fineTune({ x, y }: Labelled, { pretrained, steps = 150 }: FineTuneOptions = {}): Promise<Classifier> {
  const generator = new Generator(3);
  const model = newClassifier(pretrained, generator);
  await fit({
    model,
    loss: crossEntropy,
    optimizer: new AdamW(model.parameters(), { learningRate: linearWarmup(cosineDecay(3e-3, { steps }), { steps: 10 }) }),
    clipNorm: 1,
    batches: drawnBatches(steps, () => {
      const rows = randomIntegers([32], { low: 0, high: y.shape[0] ?? NaN, generator });
      return [{ ids: indexSelect(x.ids, rows, 0), keyPaddingMask: indexSelect(x.keyPaddingMask, rows, 0) }, indexSelect(y, rows, 0)] as const;
    }),
    epochs: 1,
  });
  return model.eval();
}

/** The fraction of sentences that a classifier labels correctly. */
export const accuracy = (model: Classifier, { x, y }: Labelled): number => accuracyScore(model.forward(x), y);

/** The most probable words for `[MASK]`, and their probabilities. */
export function guess(model: LanguageReader, text: string, count = 4): { readonly word: string; readonly probability: number }[] {
  const [before = [], after = []] = text.split(special.mask).map((part) => tokenizer.encode(part, { specialTokens: false }));
  const ids = [start, ...before, mask, ...after, end];
  const probabilities = softmax(model.forward(batchOf([ids]))).select(0, 0).select(0, ids.indexOf(mask));
  const { values, indices } = topK(probabilities, count);
  const likeliest = values.toArray() as number[];
  return (indices.toArray() as number[]).map((at, index) => ({ word: tokenizer.vocabulary.tokenOf(at), probability: likeliest[index] ?? NaN }));
}

/** Sentences with a hidden word: the words around it show whether it is an animal or a person. */
const maskedSentences = ["the furry [MASK] heard the baker", "the fox was paid by the [MASK] in the office", "the clerk was [MASK] by the wolf", "the clerk [MASK] the wolf"];

const sizes = [16, 32, 64, 128];

export async function main(): Promise<void> {
  console.log("A small BERT learns a language from sentences without labels, by guessing hidden words.");
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
    const pretrained = 100 * accuracy(await fineTune(sentences, { pretrained: model }), unseen);
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
