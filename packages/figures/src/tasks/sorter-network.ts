import { Embedding, LearnedPositionalEncoding, Linear, Module, scaledDotProductAttention, TransformerEncoderLayer } from "@nn/layers";
import { eye, flip, Generator, matmul, normal, oneHot, sort, tensor, topK, transpose, uniform, type Tensor } from "@nn/tensor";

/** What a network learns to do with a list of digits. */
export const exercises = ["reverse", "sort"] as const;
export type Exercise = (typeof exercises)[number];

export interface SorterSettings {
  readonly exercise: Exercise;
  /** Whether the network is told where each digit stands. */
  readonly positions: boolean;
  /** Whether each place may look only at itself and at those before it. */
  readonly causal: boolean;
}

/** Number of digits in a list. They are all different. */
export const listLength = 6;
/** Features of each query and key. */
export const keySize = 16;
const features = 32;

/** Layers below the attention: to sort, the digits first have to find out how many others are smaller. */
const layersBelow: Readonly<Record<Exercise, number>> = { reverse: 0, sort: 1 };

/** Lists of different digits in random order, `[count, listLength]`. */
export const drawLists = (count: number, generator: Generator): Tensor => topK(uniform([count, 10], { generator }), listLength, { axis: 1 }).indices;

/** What lists are to become. */
export const solutions: Readonly<Record<Exercise, (lists: Tensor) => Tensor>> = {
  reverse: (lists) => flip(lists, 1),
  sort: (lists) => sort(lists, { axis: 1 }).values,
};

/**
 * A small transformer: every place of the list looks at all places, and answers with one digit. In its last attention the values are the digits themselves,
 * as vectors with a single 1, so the sum of the values is the probability of each digit.
 */
export class Sorter extends Module {
  readonly embedding: Embedding;
  readonly positions: LearnedPositionalEncoding | undefined;
  readonly layers: readonly TransformerEncoderLayer[];
  readonly query: Linear;
  readonly key: Linear;
  readonly causal: boolean;

  constructor({ exercise, positions, causal }: SorterSettings) {
    super();
    const generator = new Generator(1);
    const initializeWeight = (shape: readonly number[], options: object): Tensor => normal(shape, { ...options, std: 0.5 });
    this.embedding = new Embedding(10, features, { initializeWeight, generator });
    this.positions = positions ? new LearnedPositionalEncoding(listLength, features, { initializeWeight, batchFirst: true, generator }) : undefined;
    this.layers = Array.from({ length: layersBelow[exercise] }, () => new TransformerEncoderLayer(features, 4, { feedForward: 2 * features, dropout: 0, batchFirst: true, generator }));
    this.query = new Linear(features, keySize, { generator });
    this.key = new Linear(features, keySize, { generator });
    this.causal = causal;
  }

  /** The probability of each digit at each place, `[N, places, 10]`, for digits `[N, places]`. */
  override forward(digits: Tensor): Tensor {
    const { queries, keys, values } = this.vectors(digits);
    return scaledDotProductAttention(queries, keys, values, { causal: this.causal });
  }

  /** The query, key and value of each place. */
  vectors(digits: Tensor): { readonly queries: Tensor; readonly keys: Tensor; readonly values: Tensor } {
    const embedded = this.embedding.forward(digits);
    const x = this.layers.reduce((input, layer) => layer.forward(input, { causal: this.causal }), this.positions?.forward(embedded) ?? embedded);
    return { queries: this.query.forward(x), keys: this.key.forward(x), values: oneHot(digits, 10) };
  }
}

/** What a network makes of a list, and the attention that it comes from; a row for each place. */
export interface ListReading {
  readonly queries: readonly (readonly number[])[];
  readonly keys: readonly (readonly number[])[];
  /** `q · k / √size`, before the softmax. */
  readonly scores: readonly (readonly number[])[];
  /** How much each place looks at each place, from 0 to 1. */
  readonly weights: readonly (readonly number[])[];
  /** The probability of each digit: the values, weighted and added. */
  readonly probabilities: readonly (readonly number[])[];
}

/** Lets a network read a list, and looks inside. */
export function readList(model: Sorter, digits: readonly number[]): ListReading {
  const list = tensor([digits], { dtype: "int32" });
  const { queries, keys } = model.vectors(list);
  // With the identity as values, the sums are the weights.
  const weights = scaledDotProductAttention(queries, keys, eye(listLength), { causal: model.causal });
  const scores = matmul(queries, transpose(keys)).div(Math.sqrt(keySize));
  return { queries: rowsOf(queries), keys: rowsOf(keys), scores: rowsOf(scores), weights: rowsOf(weights), probabilities: rowsOf(model.forward(list)) };
}

/** The only item of a batch, row by row. */
const rowsOf = (x: Tensor): readonly (readonly number[])[] => x.select(0, 0).toArray() as number[][];
