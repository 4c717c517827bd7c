import { compile } from "@nn/compiler";
import { DataLoader, TensorDataset } from "@nn/data";
import { BatchNorm2d, Conv2d, Embedding, Flatten, Linear, LSTM, MaxPool2d, Module, ReLU, Sequential } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Adam, cosineDecay } from "@nn/optim";
import { argMax, concat, full, Generator, narrow, tensor, unsqueeze, type Tensor } from "@nn/tensor";
import { fit } from "@nn/train";
import { progressBar } from "@nn/train/node";
import { captionedImages } from "../support/captioned-images.js";
import { savePicture } from "../support/output.js";
import { drawScenes, imagesOf, isHeldOut, longest, side, words, type Scene } from "./scenes.js";

/** Words are numbers: their indices in the vocabulary. The first two begin and end a caption. */
const vocabulary = ["[START]", "[END]", ...words];
const [start, end] = [0, 1];
const ignored = -100;
const [batchSize, hiddenSize] = [25, 64];

/** Captions as numbers: the words, the end, then padding, `[N, longest + 1]`. */
export function encode(captions: readonly (readonly string[])[]): Tensor {
  return tensor(captions.map((caption) => {
    const numbers = [...caption.map((word) => vocabulary.indexOf(word)), end];
    return Array.from({ length: longest + 1 }, (_, at) => numbers[at] ?? ignored);
  }), { dtype: "int32" });
}

const starts = (count = 0): Tensor => full([count, 1], start, { dtype: "int32" });

/** The state of the decoder, `[1, N, hiddenSize]` each: it depends on the image and the words written so far. */
interface State {
  readonly hidden: Tensor;
  readonly cell: Tensor;
}

/** Images, and the captions that belong to them. */
interface Captioned {
  readonly images: Tensor;
  readonly captions: Tensor;
}

/** One to many (Vinyals et al. 2015): a convolutional encoder computes features of an image, and an LSTM that starts from them writes a caption. */
class Captioner extends Module {
  readonly encoder: Sequential;
  readonly hidden: Linear;
  readonly cell: Linear;
  readonly embedding: Embedding;
  readonly decoder: LSTM;
  readonly head: Linear;

  constructor(generator: Generator) {
    super();
    const block = (from: number, to: number) => [new Conv2d(from, to, 3, { padding: 1, bias: false, generator }), new BatchNorm2d(to), new ReLU(), new MaxPool2d(2)];
    this.encoder = new Sequential(...block(1, 12), ...block(12, 24), ...block(24, 48), new Flatten());
    const features = 48 * (side / 8) ** 2;
    this.hidden = new Linear(features, hiddenSize, { generator });
    this.cell = new Linear(features, hiddenSize, { generator });
    this.embedding = new Embedding(vocabulary.length, 16, { generator });
    this.decoder = new LSTM(16, hiddenSize, { batchFirst: true, generator });
    this.head = new Linear(hiddenSize, vocabulary.length, { generator });
  }

  /** The initial state of the decoder. */
  encode(images: Tensor): State {
    const features = this.encoder.forward(images);
    return { hidden: unsqueeze(this.hidden.forward(features), 0), cell: unsqueeze(this.cell.forward(features), 0) };
  }

  /** Logits of the next word after each word, `[N, steps, vocabulary]`, and the state after the last one. */
  decode(before: Tensor, state: State) {
    const { output, hidden, cell } = this.decoder.forward(this.embedding.forward(before), state);
    return { logits: this.head.forward(output), state: { hidden, cell } };
  }

  /** Logits of every word of the captions, given the true words before it (teacher forcing). */
  override forward({ images, captions }: Captioned): Tensor {
    const before = concat([starts(captions.shape[0]), narrow(captions, 1, 0, longest)], 1).maximum(0);
    return this.decode(before, this.encode(images)).logits;
  }
}

/** Images with their captions: the captions are part of the input, and the target. */
function createData(count: number) {
  const random = new Generator(2);
  const scenes = drawScenes(count, random).filter((scene) => !isHeldOut(scene));
  const data = new TensorDataset(imagesOf(scenes, random), encode(scenes.map(({ caption }) => caption)));
  return data.map(([images, captions]) => [{ images, captions }, captions] as const);
}

/** Trains a model; the loss is the mean over words. */
export async function train({ epochs = 10, count = 3000, compile = true } = {}) {
  const model = new Captioner(new Generator(1));
  const batches = new DataLoader(createData(count), { batchSize, shuffle: true, seed: 1, dropLast: true });
  const { history } = await fit({
    model,
    loss: (logits: Tensor, captions: Tensor) => crossEntropy(logits.reshape([-1, vocabulary.length]), captions.reshape([-1]), { ignoreIndex: ignored }),
    optimizer: new Adam(model.parameters(), { learningRate: cosineDecay(4e-3, { steps: epochs * batches.length }) }),
    batches,
    epochs,
    compile,
    plugins: [progressBar()],
  });
  return { model: model.eval(), loss: history.at(-1)?.values.training.loss ?? NaN };
}

/** Writes a caption for each image, word by word: the most probable word at each step (greedy decoding). */
export function write(model: Captioner, images: Tensor): string[] {
  const next = compile((word: Tensor, before: State) => {
    const { logits, state } = model.decode(word, before);
    return { word: argMax(logits, 2), state };
  });
  let [word, state] = [starts(images.shape[0]), compile((given: Tensor) => model.encode(given))(images)];
  const written = Array.from({ length: longest + 1 }, () => {
    ({ word, state } = next(word, state));
    return word;
  });
  const rows = concat(written, 1).toArray() as number[][];
  return rows.map((row) => row.slice(0, row.includes(end) ? row.indexOf(end) : row.length).map((at) => vocabulary[at]).join(" "));
}

/** The fraction of scenes whose captions are correct word for word. */
export function accuracy(model: Captioner, scenes: readonly Scene[], generator: Generator): number {
  const written = write(model, imagesOf(scenes, generator));
  return scenes.filter(({ caption }, at) => written[at] === caption.join(" ")).length / scenes.length;
}

/** Unseen scenes, and those among them of a kind that training leaves out. */
export function drawUnseen() {
  const scenes = drawScenes(1500, new Generator(3));
  return { known: scenes.filter((scene) => !isHeldOut(scene)).slice(0, 500), heldOut: scenes.filter(isHeldOut).slice(0, 100) };
}

export async function main(): Promise<void> {
  console.log("A convolutional network looks at images of shapes, and an LSTM writes captions.");
  const { model } = await train();
  const { known, heldOut } = drawUnseen();
  const percent = (scenes: readonly Scene[]): string => `${(100 * accuracy(model, scenes, new Generator(4))).toFixed(1)} %`;
  console.log(`${percent(known)} of ${known.length} unseen images get the right caption, word for word`);
  console.log(`${percent(heldOut)} of ${heldOut.length} images with combinations that training never shows: one kind in two sizes`);

  const shown = imagesOf([...known.slice(0, 4), ...heldOut.slice(0, 4)], new Generator(5));
  const captions = write(model, shown);
  for (const caption of captions) console.log(`  ${caption}`);
  savePicture("captioning.svg", captionedImages(shown.squeeze(1), {
    title: "What the network writes below new images", columns: 4, captions: captions.map((caption) => caption.split(/ (?=left|above)/)),
  }));
}
