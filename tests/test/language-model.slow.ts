import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { Embedding, LayerNorm, LearnedPositionalEncoding, Linear, Module, TransformerEncoder, TransformerEncoderLayer, type KeyValueCache } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { AdamW, clipByGlobalNorm, cosineDecay, linearWarmup } from "@nn/optim";
import { categorical, concat, Generator, indexSelect, narrow, randomIntegers, tensor, zeros, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";

/** Sentences such as "two owls that one fox sees sleep.": verbs agree with their nouns in number, across what stands between. */
const nouns = [["cat", "cats"], ["owl", "owls"], ["fox", "foxes"], ["bird", "birds"]];
const actions = [["sees", "see"], ["hears", "hear"]];
const states = [["sleeps", "sleep"], ["sings", "sing"]];
const numbers = ["one", "two"];

/** The sentence that seven choices make. */
function sentence([number = 0, noun = 0, state = 0, clause = 0, other = 0, seer = 0, action = 0]: readonly number[]): string {
  const inserted = clause === 0 ? "" : ` that ${numbers[other]} ${nouns[seer]?.[other]} ${actions[action]?.[other]}`;
  return `${numbers[number]} ${nouns[noun]?.[number]}${inserted} ${states[state]?.[number]}.`;
}

const options = [2, 4, 2, 2, 2, 4, 2];
const sentences = options.reduce<number[][]>((made, count) => made.flatMap((choices) => Array.from({ length: count }, (_, choice) => [...choices, choice])), [[]]).map(sentence);
/** Nats that a sentence takes: half have no clause. */
const entropy = Math.log(2 * 4 * 2) + Math.log(2) + 0.5 * Math.log(2 * 4 * 2);

/** Characters are places in the alphabet; the first one begins a sentence. */
const alphabet = "^ .abcdefghijklmnopqrstuvwxyz";
const longest = Math.max(...sentences.map((text) => text.length));
const ignored = -100;
const start = (count = 0): Tensor => zeros([count, 1], { dtype: "int32" });
const corpus = tensor(sentences.map((text) => Array.from({ length: longest }, (_, at) => (at < text.length ? alphabet.indexOf(text.charAt(at)) : ignored))), { dtype: "int32" });

/** A transformer in which every character sees those before it. */
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

  /** From characters `[N, steps]` to the logits of those that follow, `[N, steps, alphabet]`. */
  override forward(characters: Tensor, caches?: readonly KeyValueCache[]): Tensor {
    const embedded = this.positions.forward(this.embedding.forward(characters), { position: caches?.[0]?.position.value });
    return this.head.forward(this.blocks.forward(embedded, { causal: true, caches }));
  }
}

function begin(steps: number) {
  const model = new LanguageModel(32, 2, new Generator(1));
  const parameters = model.parameters();
  const optimizer = new AdamW(parameters, { learningRate: linearWarmup(cosineDecay(1e-2, { steps }), { steps: 20 }) });
  /** Nats for each sentence, of all its characters given those before them. */
  const loss = (targets: Tensor): Tensor => {
    const logits = model.forward(concat([start(targets.shape[0]), narrow(targets, 1, 0, longest - 1)], 1).maximum(0));
    const total = crossEntropy(logits.reshape([-1, alphabet.length]), targets.reshape([-1]), { ignoreIndex: ignored, reduction: "sum" });
    return total.div(targets.shape[0] ?? 1);
  };
  const step = (targets: Tensor): Tensor => {
    const { value, gradients } = valueAndGrad(() => loss(targets), parameters);
    optimizer.step(clipByGlobalNorm(gradients, 1).gradients);
    return value;
  };
  return { model, step };
}

/** Sentences written side by side, character by character, and the logits of each character. */
function write(model: LanguageModel, count: number, generator: Generator) {
  const caches = model.blocks.createCaches({ batch: count, maxLength: longest });
  const next = compile((characters: Tensor) => {
    const logits = model.forward(characters, caches);
    return { logits, characters: categorical({ logits }, { generator }) };
  });
  const written: ReturnType<typeof next>[] = [];
  for (let at = 0; at < longest; at++) written.push(next(written.at(-1)?.characters ?? start(count)));
  return { characters: concat(written.map(({ characters }) => characters), 1), logits: concat(written.map(({ logits }) => logits), 1) };
}

test("a transformer learns a language character by character, and writes it", () => {
  const [steps, random] = [300, new Generator(2)];
  const { step: eagerly } = begin(steps);
  const { model, step } = begin(steps);
  const compiled = compile(step);
  const draw = (): Tensor => indexSelect(corpus, randomIntegers([32], { low: 0, high: sentences.length, generator: random }), 0);
  for (const batch of [draw(), draw()]) expect(compiled(batch).item()).toBeCloseTo(eagerly(batch).item(), 3);
  const losses = Array.from({ length: steps }, () => compiled(draw()).item());
  expect(losses.slice(-20).reduce((sum, loss) => sum + loss / 20, 0)).toBeLessThan(1.05 * entropy);

  model.eval();
  const { characters, logits } = write(model, 100, random);
  const texts = (characters.toArray() as number[][]).map((row) => row.map((place) => alphabet[place]).join("").replace(/\..*/, "."));
  expect(texts.filter((text) => sentences.includes(text)).length).toBeGreaterThanOrEqual(90);
  // Step by step with cached keys and values, or all at once: the same logits.
  const atOnce = model.forward(concat([start(100), narrow(characters, 1, 0, longest - 1)], 1));
  expect(atOnce.sub(logits).abs().max().item()).toBeLessThan(1e-4);
});
