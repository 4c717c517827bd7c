import { compile } from "@nn/compiler";
import { Embedding, Linear, Module, paddingMask, SinusoidalPositionalEncoding, Transformer, type KeyValueCache } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Adam, cosineDecay, linearWarmup } from "@nn/optim";
import {
  all, arange, argMax, concat, equal, full, Generator, logicalOr, narrow, pad, randomIntegers, sort, tensor, unsqueeze, where, type Tensor,
} from "@nn/tensor";
import { fit } from "@nn/train";
import { progressBar } from "@nn/train/node";
import { drawnBatches } from "../support/drawn-batches.js";
import { heatMap } from "../support/heat-map.js";
import { savePicture } from "../support/output.js";

/** Symbols: the digits 0 to 9, and these. */
const [start, end, padding] = [10, 11, 12];
const longest = 8;

/** Lists of digits to sort. */
export interface Task {
  /** Digits, then padding, `[N, longest]`. */
  readonly source: Tensor;
  /** The number of digits, `[N]`. */
  readonly lengths: Tensor;
  /** The same digits in order, the end, then padding, `[N, longest + 1]`. */
  readonly target: Tensor;
}

function taskOf(source: Tensor, lengths: Tensor): Task {
  const inOrder = pad(sort(source, { axis: 1 }).values, [[0, 0], [0, 1]], { value: padding });
  return { source, lengths, target: where(equal(arange(longest + 1), unsqueeze(lengths, 1)), end, inOrder) };
}

/** Lists of three to eight random digits. */
export function draw(count: number, generator: Generator): Task {
  const lengths = randomIntegers([count], { low: 3, high: longest + 1, generator });
  return taskOf(where(paddingMask(lengths, longest), padding, randomIntegers([count, longest], { low: 0, high: 10, generator })), lengths);
}

/** The first symbols of the decoder, `[count, 1]`. */
const starts = (count = 0): Tensor => full([count, 1], start, { dtype: "int32" });

/** A transformer (Vaswani et al. 2017): an encoder reads the digits, a decoder writes them. */
class Sorter extends Module {
  readonly embedding: Embedding;
  readonly positions = new SinusoidalPositionalEncoding(32, { batchFirst: true, maxLength: longest + 1 });
  readonly transformer: Transformer;
  readonly head: Linear;

  constructor(generator: Generator) {
    super();
    this.embedding = new Embedding(13, 32, { paddingIndex: padding, generator });
    this.transformer = new Transformer(32, 4, { encoderLayers: 1, decoderLayers: 1, feedForward: 64, dropout: 0, batchFirst: true, generator });
    this.head = new Linear(32, 12, { generator });
  }

  /** Logits of each symbol of the target, given the true symbols before it (teacher forcing). */
  override forward({ source, lengths, target }: Task): Tensor {
    const written = this.#shifted(target);
    const unread = paddingMask(lengths, longest);
    const features = this.transformer.forward(this.#embed(source), this.#embed(written), {
      sourceKeyPaddingMask: unread, memoryKeyPaddingMask: unread, targetKeyPaddingMask: equal(written, padding), causal: true,
    });
    return this.head.forward(features);
  }

  /** The encoder's output for the source, computed once for all steps of the decoder. */
  encode({ source, lengths }: Task): Tensor {
    return this.transformer.encoder.forward(this.#embed(source), { keyPaddingMask: paddingMask(lengths, longest) });
  }

  /** The most probable next symbols, `[N, 1]`, after these and those in the caches. */
  next(symbols: Tensor, memory: Tensor, lengths: Tensor, caches: readonly KeyValueCache[]): Tensor {
    const embedded = this.#embed(symbols, caches[0]?.position.value);
    return argMax(this.head.forward(this.transformer.decoder.forward(embedded, memory, { memoryKeyPaddingMask: paddingMask(lengths, longest), caches })), 2);
  }

  /** How much each written symbol attends to each digit of the source, `[N, longest + 1, longest]`. */
  attention(task: Task): Tensor | undefined {
    const [layer] = this.transformer.decoder.layers;
    if (layer === undefined) return undefined;
    const [memory, written] = [this.encode(task), this.#embed(this.#shifted(task.target))];
    const query = layer.norm1.forward(written.add(layer.selfAttn.forward(written, written, written, { causal: true }).output));
    return layer.multiheadAttn.forward(query, memory, memory, { keyPaddingMask: paddingMask(task.lengths, longest), weights: "average" }).weights;
  }

  #embed(symbols: Tensor, position?: Tensor): Tensor {
    return this.positions.forward(this.embedding.forward(symbols), { position });
  }

  #shifted(target: Tensor): Tensor {
    return concat([starts(target.shape[0]), narrow(target, 1, 0, longest)], 1);
  }
}

/** Trains a model. Every batch has new lists, whose target is part of the input too (teacher forcing). */
export async function train({ steps = 400, count = 64, compile = true } = {}) {
  const model = new Sorter(new Generator(1));
  const random = new Generator(2);
  const { history } = await fit({
    model,
    loss: (logits: Tensor, target: Tensor) => crossEntropy(logits.reshape([-1, 12]), target.reshape([-1]), { ignoreIndex: padding }),
    optimizer: new Adam(model.parameters(), { learningRate: linearWarmup(cosineDecay(5e-3, { steps }), { steps: 20 }) }),
    batches: drawnBatches(steps, () => {
      const task = draw(count, random);
      return [task, task.target] as const;
    }),
    epochs: 1,
    compile,
    plugins: [progressBar()],
  });
  return { model: model.eval(), loss: history[0]?.values.training.loss ?? NaN };
}

/** The output of a model, `[N, longest + 1]`: the most probable symbol at each step (greedy decoding). */
export function solve(model: Sorter, task: Task): Tensor {
  const count = task.lengths.shape[0] ?? 0;
  const memory = compile((given: Task) => model.encode(given))(task);
  const caches = model.transformer.decoder.createCaches({ batch: count, maxLength: longest + 1 });
  const next = compile((symbols: Tensor, ...given: readonly [memory: Tensor, lengths: Tensor]) => model.next(symbols, ...given, caches));
  const written = [starts(count)];
  for (let at = 0; at <= longest; at++) written.push(next(written.at(-1) ?? starts(count), memory, task.lengths));
  return concat(written.slice(1), 1);
}

/** The fraction of lists that are sorted without a mistake. */
export function accuracy(model: Sorter, task: Task): number {
  return all(logicalOr(equal(solve(model, task), task.target), equal(task.target, padding)), 1).cast("float32").mean().item();
}

const textOf = (symbols: readonly number[]): string => symbols.slice(0, symbols.includes(end) ? symbols.indexOf(end) : symbols.length).filter((symbol) => symbol < start).join(" ");

export async function main(): Promise<void> {
  console.log("A transformer learns to sort digits: an encoder reads them, a decoder writes them.");
  const { model } = await train();
  const unseen = draw(500, new Generator(3));
  console.log(`${(100 * accuracy(model, unseen)).toFixed(1)} % of 500 unseen lists are sorted without a mistake, such as`);
  const [sources, written] = [unseen.source.toArray() as number[][], solve(model, unseen).toArray() as number[][]];
  for (const [index, source] of sources.slice(0, 5).entries()) console.log(`  ${textOf(source).padEnd(15)}  →  ${textOf(written[index] ?? [])}`);

  const digits = [7, 2, 9, 4, 0, 5, 1, 6];
  const weights = model.attention(taskOf(tensor([digits], { dtype: "int32" }), tensor([longest], { dtype: "int32" })));
  savePicture("sorting-transformer.svg", heatMap(weights?.select(0, 0).toArray() as number[][], {
    title: "Where the decoder looks", rows: [...digits.toSorted((a, b) => a - b).map(String), "end"], columns: digits.map(String),
    rowLabel: "digit that the decoder writes", columnLabel: "digit of the list", cell: 36,
  }));
}
