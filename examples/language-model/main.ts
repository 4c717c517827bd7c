import { crossEntropy } from "@nn/losses";
import { DecodingSession, generate, GPT2LMHeadModel } from "@nn/models";
import { AdamW, cosineDecay, linearWarmup } from "@nn/optim";
import { concat, full, Generator, narrow, randomIntegers, softmax, type Tensor } from "@nn/tensor";
import { BytePairEncoding, decodeStream, padSequences } from "@nn/text";
import { fit } from "@nn/train";
import { progressBar } from "@nn/train/node";
import { drawnBatches } from "../support/drawn-batches.js";
import { heatMap } from "../support/heat-map.js";
import { savePicture } from "../support/output.js";
import { entropy, sentences } from "./language.js";

/** Tokens are pieces of words, learned from the sentences. The last one begins and ends a sentence. */
export const tokenizer = BytePairEncoding.train(sentences, { size: 290, special: { end: "<end>" } });
const vocabSize = tokenizer.vocabulary.tokens.length;
export const end = vocabSize - 1;

const corpus = sentences.map((text) => [...tokenizer.encode(text)]);
export const longest = Math.max(...corpus.map(({ length }) => length));

/** Stands for the steps after the end of a sentence, which do not count. */
const ignored = -100;

/** Sentences as targets, `[N, longest]`. */
export function targetsOf(rows: readonly (readonly number[])[]): Tensor {
  const { ids, keyPaddingMask } = padSequences(rows, { padding: end, length: longest });
  return ids.sub(keyPaddingMask.cast("int32").mul(end - ignored));
}

/** The input for predicting the targets: the tokens before each of them. */
export const shifted = (targets: Tensor): Tensor => concat([full([targets.shape[0] ?? 0, 1], end, { dtype: "int32" }), narrow(targets, 1, 0, longest - 1)], 1).maximum(0);

/** The nats per sentence: the cross-entropy of all its tokens, given those before them. */
function loss(logits: Tensor, targets: Tensor): Tensor {
  const total = crossEntropy(logits.reshape([-1, vocabSize]), targets.reshape([-1]), { ignoreIndex: ignored, reduction: "sum" });
  return total.div(targets.shape[0] ?? NaN);
}

const stepsPerEpoch = 20;

/** Trains a small GPT on random sentences; returns it with the loss of every epoch. */
export async function train({ epochs = 15, count = 32, compile = true } = {}) {
  const random = new Generator(2);
  const model = new GPT2LMHeadModel({
    vocabSize, nPositions: longest + 1, nEmbd: 32, nLayer: 2, nHead: 4, nInner: 64, embdPdrop: 0, attnPdrop: 0, residPdrop: 0, generator: new Generator(1),
  });
  const { history } = await fit({
    model,
    loss,
    optimizer: new AdamW(model.parameters(), { learningRate: linearWarmup(cosineDecay(1e-2, { steps: epochs * stepsPerEpoch }), { steps: 20 }) }),
    clipNorm: 1,
    batches: drawnBatches(stepsPerEpoch, () => {
      const drawn = randomIntegers([count], { low: 0, high: sentences.length, generator: random });
      const targets = targetsOf(Array.from(drawn.toTypedArray(), (index) => corpus[Number(index)] ?? []));
      return [shifted(targets), targets] as const;
    }),
    epochs,
    compile,
    plugins: [progressBar()],
  });
  return { model: model.eval(), losses: history.map(({ values }) => values.training.loss) };
}

/** Writes a sentence: each part of the text as soon as its token is drawn. */
export function write(session: DecodingSession, seed: number): AsyncGenerator<string> {
  return decodeStream(tokenizer, generate(session, [end], { maxNewTokens: longest, temperature: 1, seed, stop: [end] }));
}

/** Sentences for the seeds 0, 1, …; `listen` hears their parts as they come. */
export async function writeAll(model: GPT2LMHeadModel, count: number, listen: (part: string) => void = () => undefined): Promise<readonly string[]> {
  const session = new DecodingSession(model);
  const texts: string[] = [];
  for (let seed = 0; seed < count; seed++) {
    let text = "";
    for await (const part of write(session, seed)) {
      text += part;
      listen(part);
    }
    texts.push(text);
    listen("\n");
  }
  session.dispose();
  return texts;
}

function predictions(model: GPT2LMHeadModel, text: string): string {
  const tokens = [...tokenizer.encode(text)];
  const probabilities = softmax(model.forward(shifted(targetsOf([tokens])))).select(0, 0).transpose().toArray() as number[][];
  const used = [...new Set(corpus.flat())].toSorted((a, b) => a - b);
  const label = (id: number): string => (id === end ? "<end>" : tokenizer.decode([id]).replace(" ", "␣"));
  return heatMap(used.map((id) => probabilities[id]?.slice(0, tokens.length) ?? []), {
    title: "Probability of each next token", rows: used.map(label), columns: tokens.map(label),
    rowLabel: "token that the model expects", columnLabel: "token that comes", largest: 1, cell: 44,
  });
}

export async function main(): Promise<void> {
  console.log("A small GPT learns a language of sentences, and writes some.");
  const { model, losses } = await train();
  console.log(`${losses.at(-1)?.toFixed(2)} nats for a sentence (the entropy of the language: ${entropy.toFixed(2)})`);
  await writeAll(model, 8, (part) => process.stdout.write(part));
  const texts = await writeAll(model, 100);
  console.log(`\n${texts.filter((text) => sentences.includes(text)).length} of 100 sentences are grammatical.`);
  savePicture("language-model.svg", predictions(model, "two owls that one fox sees sleep."));
}
