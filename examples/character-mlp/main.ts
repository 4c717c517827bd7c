import { ArrayDataset, DataLoader, randomSplit, TensorDataset } from "@nn/data";
import { Embedding, Flatten, Linear, Sequential, Tanh } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { AdamW, cosineDecay } from "@nn/optim";
import { categorical, Generator, manualSeed, softmax, tensor } from "@nn/tensor";
import { earlyStopping, fit } from "@nn/train";
import { progressBar } from "@nn/train/node";
import { heatMap } from "../support/heat-map.js";
import { savePicture } from "../support/output.js";
import { names } from "./names.js";

/** Characters are numbers: their indices in the alphabet. The first one is before the beginning and after the end of a name. */
const alphabet = ".abcdefghijklmnopqrstuvwxyz";
const context = 3;
const epochs = 40;

const numbersOf = (text: string): number[] => [...text].map((character) => alphabet.indexOf(character));

/** Every character of the names, `[N]`, with the three before it, `[N, 3]`. */
function windowsOf(names: Iterable<string>) {
  const windows = [...names].flatMap((name) => {
    const padded = ".".repeat(context) + name;
    return [...`${name}.`].map((next, at) => ({ before: numbersOf(padded.slice(at, at + context)), next: alphabet.indexOf(next) }));
  });
  const int32 = { dtype: "int32" } as const;
  return new TensorDataset(tensor(windows.map(({ before }) => before), int32), tensor(windows.map(({ next }) => next), int32));
}

/** Names to learn from, and others to measure how well the model predicts their characters. */
const [known, unseen] = randomSplit(new ArrayDataset(names), [0.85, 0.15], { seed: 1 });

/** A neural language model (Bengio et al. 2003): it predicts a character from those before it, each represented by a learned vector. */
export async function train() {
  manualSeed(1);
  const model = new Sequential(new Embedding(alphabet.length, 10), new Flatten(), new Linear(context * 10, 64), new Tanh(), new Linear(64, alphabet.length));
  const batches = new DataLoader(windowsOf(known), { batchSize: 64, shuffle: true });
  const { best } = await fit({
    model,
    loss: crossEntropy,
    optimizer: new AdamW(model.parameters(), { weightDecay: 0.3, learningRate: cosineDecay(5e-3, { steps: epochs * batches.length }) }),
    batches,
    validation: new DataLoader(windowsOf(unseen), { batchSize: 256 }),
    epochs,
    plugins: [earlyStopping({ patience: 6 }), progressBar()],
  });
  return { model, loss: best?.values.validation.loss ?? NaN };
}

/** The loss of always expecting the characters as often as they occur. */
export function lossOfFrequencies(): number {
  const characters = [...`${[...known].join(".")}.`];
  const frequency = (character: string): number => (characters.filter((each) => each === character).length + 1) / (characters.length + alphabet.length);
  const targets = [...`${[...unseen].join(".")}.`];
  return -targets.reduce((sum, character) => sum + Math.log(frequency(character)), 0) / targets.length;
}

/** Writes a name, character by character. */
export function write(model: Sequential, generator: Generator): string {
  let text = ".".repeat(context);
  for (;;) {
    const logits = model.forward(tensor([numbersOf(text.slice(-context))], { dtype: "int32" }));
    const character = alphabet.charAt(categorical({ logits }, { generator }).item());
    if (character === ".") return text.slice(context);
    text += character;
  }
}

/** The probabilities of the next character after several beginnings of names. */
function pictureOf(model: Sequential): string {
  const beginnings = ["...", "..m", ".ma", "mar", "han", "ann", "eli", "lis", "ber", "ert"];
  const probabilities = softmax(model.forward(tensor(beginnings.map(numbersOf), { dtype: "int32" }))).transpose().toArray() as number[][];
  // Characters that are expected nowhere are left out.
  const shown = [...alphabet].map((character, at) => ({ character, row: probabilities[at] ?? [] })).filter(({ row }) => Math.max(...row) > 0.06);
  return heatMap(shown.map(({ row }) => row), {
    title: "What comes next", rows: shown.map(({ character }) => (character === "." ? "end" : character)), columns: beginnings.map((text) => text.replaceAll(".", "·")),
    rowLabel: "probability of the next character", columnLabel: "the three characters before", largest: 1, cell: 32, write: (value) => (value < 0.1 ? "" : value.toFixed(1)),
  });
}

const inBits = (nats: number): string => (nats / Math.LN2).toFixed(2);

export async function main(): Promise<void> {
  console.log(`A perceptron learns from ${known.length} names what character comes after three others.`);
  const { model, loss } = await train();
  console.log(`${inBits(loss)} bits for each character of unseen names (by the frequencies of characters: ${inBits(lossOfFrequencies())}, if all were equally probable: ${inBits(Math.log(alphabet.length))})`);
  const generator = new Generator(2);
  const written = Array.from({ length: 24 }, () => write(model, generator));
  console.log(`names that it writes: ${written.map((name) => (names.includes(name) ? name : `${name}*`)).join(", ")} (*: not one of those that it read)`);
  savePicture("character-mlp.svg", pictureOf(model));
}
