import { compile } from "@nn/compiler";
import { Embedding, LayerNorm, LearnedPositionalEncoding, Linear, Module, TransformerEncoder, TransformerEncoderLayer, type KeyValueCache } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { AdamW, cosineDecay, linearWarmup } from "@nn/optim";
import { categorical, concat, Generator, indexSelect, narrow, randomIntegers, softmax, tensor, zeros, type Tensor } from "@nn/tensor";
import { fit } from "@nn/train";
import { progressBar } from "@nn/train/node";
import { drawnBatches } from "../support/drawn-batches.js";
import { heatMap } from "../support/heat-map.js";
import { savePicture } from "../support/output.js";
import { entropy, sentences } from "./language.js";

/** Characters are numbers: their indices in the alphabet. The first one begins a sentence. */
const alphabet = "^ .abcdefghijklmnopqrstuvwxyz";
export const longest = Math.max(...sentences.map((text) => text.length));
const ignored = -100;

/** Sentences as numbers, `[N, longest]`. */
const encode = (texts: readonly string[]): Tensor =>
  tensor(texts.map((text) => Array.from({ length: longest }, (_, at) => (at < text.length ? alphabet.indexOf(text.charAt(at)) : ignored))), { dtype: "int32" });

const starts = (count = 0): Tensor => zeros([count, 1], { dtype: "int32" });

/** The input for predicting the targets: the characters before each of them. */
export const shifted = (targets: Tensor): Tensor => concat([starts(targets.shape[0]), narrow(targets, 1, 0, longest - 1)], 1).maximum(0);

/** A small GPT (Radford et al. 2018): a transformer in which every character attends to itself and those before it. */
class LanguageModel extends Module {
  readonly embedding: Embedding;
  readonly positions: LearnedPositionalEncoding;
  readonly blocks: TransformerEncoder;
  readonly head: Linear;

  constructor(features: number, layers: number, generator: Generator) {
    super();
    this.embedding = new Embedding(alphabet.length, features, { generator });
    this.positions = new LearnedPositionalEncoding(longest, features, { batchFirst: true, generator });
    const block = () => new TransformerEncoderLayer(features, 4, { feedForward: 2 * features, dropout: 0, normFirst: true, batchFirst: true, generator });
    this.blocks = new TransformerEncoder(Array.from({ length: layers }, block), { norm: new LayerNorm(features) });
    this.head = new Linear(features, alphabet.length, { generator });
  }

  /** Maps characters `[N, steps]` to the logits of the next ones, `[N, steps, alphabet]`. */
  override forward(characters: Tensor, caches?: readonly KeyValueCache[]): Tensor {
    const embedded = this.positions.forward(this.embedding.forward(characters), { position: caches?.[0]?.position.value });
    return this.head.forward(this.blocks.forward(embedded, { causal: true, caches }));
  }
}

/** The nats per sentence: the cross-entropy of all its characters, given those before them. */
function loss(logits: Tensor, targets: Tensor): Tensor {
  const total = crossEntropy(logits.reshape([-1, alphabet.length]), targets.reshape([-1]), { ignoreIndex: ignored, reduction: "sum" });
  return total.div(targets.shape[0] ?? NaN);
}

const stepsPerEpoch = 20;

/** Trains a model on random sentences; returns it with the loss of every epoch. */
export async function train({ epochs = 15, count = 32, compile = true } = {}) {
  const corpus = encode(sentences);
  const random = new Generator(2);
  const model = new LanguageModel(32, 2, new Generator(1));
  const { history } = await fit({
    model,
    loss,
    optimizer: new AdamW(model.parameters(), { learningRate: linearWarmup(cosineDecay(1e-2, { steps: epochs * stepsPerEpoch }), { steps: 20 }) }),
    clipNorm: 1,
    batches: drawnBatches(stepsPerEpoch, () => {
      const targets = indexSelect(corpus, randomIntegers([count], { low: 0, high: sentences.length, generator: random }), 0);
      return [shifted(targets), targets] as const;
    }),
    epochs,
    compile,
    plugins: [progressBar()],
  });
  return { model: model.eval(), losses: history.map(({ values }) => values.training.loss) };
}

/** Writes several sentences at once, character by character; returns the characters `[N, longest]` and the logits that they were drawn from. */
export function write(model: LanguageModel, count: number, generator: Generator) {
  const caches = model.blocks.createCaches({ batch: count, maxLength: longest });
  const next = compile((characters: Tensor) => {
    const logits = model.forward(characters, caches);
    return { logits, characters: categorical({ logits }, { generator }) };
  });
  const written: ReturnType<typeof next>[] = [];
  for (let at = 0; at < longest; at++) written.push(next(written.at(-1)?.characters ?? starts(count)));
  return { characters: concat(written.map(({ characters }) => characters), 1), logits: concat(written.map(({ logits }) => logits), 1) };
}

/** Characters as text, up to the end of the first sentence. */
export const textsOf = (characters: Tensor): string[] =>
  (characters.toArray() as number[][]).map((row) => row.map((index) => alphabet[index]).join("").replace(/\..*/, "."));

function predictions(model: LanguageModel, text: string): string {
  const probabilities = softmax(model.forward(shifted(encode([text])))).select(0, 0).transpose().toArray() as number[][];
  const letters = [...alphabet].map((letter, index) => ({ letter, index })).filter(({ letter }) => letter !== "^" && sentences.some((sentence) => sentence.includes(letter)));
  return heatMap(letters.map(({ index }) => probabilities[index]?.slice(0, text.length) ?? []), {
    title: "Probability of each next character", rows: letters.map(({ letter }) => (letter === " " ? "␣" : letter)), columns: [...text].map((letter) => (letter === " " ? "␣" : letter)),
    rowLabel: "character that the model expects", columnLabel: "character that comes", largest: 1, cell: 20,
  });
}

export async function main(): Promise<void> {
  console.log("A transformer learns a small language, character by character.");
  const { model, losses } = await train();
  console.log(`${losses.at(-1)?.toFixed(2)} nats for a sentence (the entropy of the language: ${entropy.toFixed(2)})`);
  const texts = textsOf(write(model, 100, new Generator(3)).characters);
  console.log(`${texts.filter((text) => sentences.includes(text)).length} of 100 sentences that it writes are grammatical. The first ones:`);
  for (const text of texts.slice(0, 8)) console.log(`  ${text}`);
  savePicture("language-model.svg", predictions(model, "two owls that one fox sees sleep."));
}
