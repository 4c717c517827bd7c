import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { Embedding, LayerNorm, LearnedPositionalEncoding, Linear, Module, TransformerEncoder, TransformerEncoderLayer, type KeyValueCache } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { AdamW, clipByGlobalNorm, cosineDecay, linearWarmup } from "@nn/optim";
import { arange, categorical, concat, fmod, full, Generator, indexSelect, narrow, randomIntegers, tensor, type Tensor } from "@nn/tensor";
import { rehearse } from "./rehearsal.js";
import type { Task } from "./task.js";
import { sentencesOf, wordsOf } from "./toy-texts.js";

export interface CharacterGptSettings {
  /** The text that the network learns from. */
  readonly text: string;
}

/** What the network wrote after a number of steps. */
export interface Written {
  readonly steps: number;
  /** Sentences for each temperature. */
  readonly texts: readonly (readonly string[])[];
}

export interface CharacterGptView {
  readonly steps: number;
  /** The loss of the last step, in nats for each character; `undefined` before the first. */
  readonly loss: number | undefined;
  /** Number of different characters in the text. */
  readonly characters: number;
  /** What was written so far: at the beginning, after each doubling of the steps, and last. */
  readonly written: readonly Written[];
}

/** Temperatures at which the network writes. */
export const temperatures = [0.2, 0.5, 1, 1.5, 2.5] as const;
/** Sentences that it writes at each. */
export const sentencesEach = 3;
/** The length of the pieces that it learns from, and of the longest sentence that it writes. */
export const context = 40;
/** Number of steps after which training ends. */
export const mostSteps = 500;
const [features, heads, layers, batch, learningRate, writesEvery, firstWritten] = [32, 4, 2, 16, 1e-2, 25, 25];

/** A small GPT (Radford et al. 2018): every character looks at itself and at those before it. */
class CharacterGpt extends Module {
  readonly embedding: Embedding;
  readonly positions: LearnedPositionalEncoding;
  readonly blocks: TransformerEncoder;
  readonly head: Linear;

  constructor(characters: number, generator: Generator) {
    super();
    const block = (): TransformerEncoderLayer => new TransformerEncoderLayer(features, heads, { feedForward: 2 * features, dropout: 0, normFirst: true, batchFirst: true, generator });
    this.embedding = new Embedding(characters, features, { generator });
    this.positions = new LearnedPositionalEncoding(context, features, { batchFirst: true, generator });
    this.blocks = new TransformerEncoder(Array.from({ length: layers }, block), { norm: new LayerNorm(features) });
    this.head = new Linear(features, characters, { generator });
  }

  /** Logits of the next characters, `[N, steps, characters]`. */
  override forward(characters: Tensor, caches?: readonly KeyValueCache[]): Tensor {
    const embedded = this.positions.forward(this.embedding.forward(characters), { position: caches?.[0]?.position.value });
    return this.head.forward(this.blocks.forward(embedded, { causal: true, caches }));
  }
}

/** Writes sentences with a model, several for each temperature, character by character. Each begins after the end of a line. */
function writerFor(model: CharacterGpt, alphabet: readonly string[]): () => readonly (readonly string[])[] {
  const rows = temperatures.length * sentencesEach;
  const caches = model.blocks.createCaches({ batch: rows, maxLength: context });
  const generator = new Generator(5);
  const heat = tensor(temperatures.flatMap((temperature) => Array.from({ length: sentencesEach }, () => temperature))).reshape([rows, 1]);
  const next = compile((characters: Tensor) => categorical({ logits: model.forward(characters, caches).select(1, 0).div(heat) }, { generator }).reshape([rows, 1]));
  return () => {
    for (const cache of caches) cache.reset();
    const written: Tensor[] = [];
    for (let at = 0; at < context; at++) written.push(next(written.at(-1) ?? full([rows, 1], alphabet.indexOf("\n"), { dtype: "int32" })));
    const lines = (concat(written, 1).toArray() as number[][]).map((row) => row.map((index) => alphabet[index] ?? "").join("").replace(/\n[^]*/u, ""));
    return temperatures.map((_, at) => lines.slice(at * sentencesEach, (at + 1) * sentencesEach));
  };
}

/** A small GPT learns a text character by character, and writes. */
export function characterGpt({ text }: CharacterGptSettings): Task<CharacterGptView> {
  const corpus = [...sentencesOf(text), ""].join("\n");
  const alphabet = [...new Set(corpus)];
  const length = [...corpus].length;
  const characters = tensor([...corpus].map((character) => alphabet.indexOf(character)), { dtype: "int32" });
  const model = new CharacterGpt(alphabet.length, new Generator(1));
  const parameters = model.parameters();
  const optimizer = new AdamW(parameters, { learningRate: linearWarmup(cosineDecay(learningRate, { steps: mostSteps }), { steps: 20 }) });
  const learn = compile((pieces: Tensor) => {
    const { value, gradients } = valueAndGrad(() => {
      const logits = model.forward(narrow(pieces, 1, 0, context));
      return crossEntropy(logits.reshape([-1, alphabet.length]), narrow(pieces, 1, 1, context).reshape([-1]));
    }, parameters);
    optimizer.step(clipByGlobalNorm(gradients, 1).gradients);
    return value;
  });
  /** Pieces of the text that begin anywhere; after its end it begins again. */
  const random = new Generator(2);
  const draw = (): Tensor => {
    const places = fmod(randomIntegers([batch, 1], { high: length, generator: random }).add(arange(context + 1, { dtype: "int32" })), length);
    return indexSelect(characters, places.reshape([-1]), 0).reshape([batch, context + 1]);
  };
  const write = writerFor(model, alphabet);
  let steps = 0;
  let loss: number | undefined;
  let written: Written[] = [];
  const note = (): void => {
    const kept = written.filter((each) => each.steps === 0 || Number.isInteger(Math.log2(each.steps / firstWritten)));
    written = [...kept, { steps, texts: write() }];
  };
  return {
    prepare: () => rehearse({ model, optimizer, generator: random }, () => learn(draw())),
    step() {
      loss = learn(draw()).item();
      steps += 1;
      if (steps % writesEvery === 0) note();
    },
    view() {
      if (written.length === 0) note();
      return { steps, loss, characters: alphabet.length, written };
    },
    isDone: () => steps >= mostSteps,
  };
}

/** The share of the words of sentences that occur in a text. */
export function knownWords(sentences: readonly string[], text: string): number {
  const known = new Set(wordsOf(text));
  const words = sentences.flatMap((sentence) => wordsOf(sentence));
  return words.length === 0 ? 0 : words.filter((word) => known.has(word)).length / words.length;
}
