import { tensor, type FloatDType, type Tensor } from "@nn/tensor";
import { at, make, type Plain } from "./array.js";
import type { Random } from "./random.js";

/** What is added to the product of a query and a key: −∞ excludes the pair. */
export type Added = (n: number, head: number, query: number, key: number) => number;

/** A random mask: none, of bools, or of numbers that are added. */
export interface Mask {
  readonly what: string;
  /** Ours; of numbers in a dtype. */
  readonly of: (dtype: FloatDType) => Tensor | undefined;
  /** What is added at a place. */
  readonly added: (...place: number[]) => number;
}

/** `excludes`: whether `true` excludes a pair, as in `MultiheadAttention`, or includes it, as in `scaledDotProductAttention`. */
export function maskFor(random: Random, shape: readonly number[], excludes = true): Mask {
  const kind = random.pick(["none", "bool", "float"] as const);
  const isOut = make(shape, () => Number(random.bool(0.3)));
  const numbers = make(shape, () => (random.bool(0.2) ? -Infinity : random.real()));
  if (kind === "none") return { what: "none", of: () => undefined, added: () => 0 };
  if (kind === "float") return { what: `float ${shape.join("x")}`, of: (dtype) => tensor([...numbers.data], { shape, dtype }), added: (...place) => at(numbers, ...place) };
  const bools = isOut.data.map((out) => (out === 1) === excludes);
  return { what: `bool ${shape.join("x")} ${isOut.data.join("")}`, of: () => tensor(bools, { shape }), added: (...place) => (at(isOut, ...place) === 1 ? -Infinity : 0) };
}

/** The sizes of an attention. */
export interface AttentionSizes {
  readonly batch: number;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
}

/** The masks of a call of attention by heads. */
export interface Masks {
  readonly what: string;
  readonly causal: boolean;
  /** The options of the call. */
  readonly options: (dtype: FloatDType) => { readonly mask: Tensor | undefined; readonly keyPaddingMask: Tensor | undefined };
  readonly added: Added;
}

/** Random masks: over queries and keys, of all heads or of each, and over the keys of each sequence. */
export function masksFor(random: Random, { batch, heads, queries, keys }: AttentionSizes, batched = true): Masks {
  const perHead = random.bool(0.3);
  const [mask, padding] = [maskFor(random, perHead ? [batch * heads, queries, keys] : [queries, keys]), maskFor(random, batched ? [batch, keys] : [keys])];
  const causal = random.bool(0.3);
  return {
    what: `mask ${mask.what}, key padding ${padding.what}, causal ${causal}`,
    causal,
    options: (dtype) => ({ mask: mask.of(dtype), keyPaddingMask: padding.of(dtype) }),
    added: (n, head, query, key) => (causal && key > query ? -Infinity : 0) + (perHead ? mask.added(n * heads + head, query, key) : mask.added(query, key)) + (batched ? padding.added(n, key) : padding.added(key)),
  };
}

/** Softmax of a row of products; zeros if all are −∞. */
export function softmaxOfSome(row: readonly number[]): readonly number[] {
  const powers = row.map(Math.exp);
  const total = powers.reduce((sum, each) => sum + each, 0);
  return powers.map((each) => (total === 0 ? 0 : each / total));
}

/** Products with what is added to them, `[N, heads, queries, keys]`; keys beyond `keys` have no masks. */
export const masked = (products: Plain, added: Added, keys: number): Plain => make(products.shape, (index) => {
  const [n = 0, head = 0, query = 0, key = 0] = index;
  return at(products, ...index) + (key < keys ? added(n, head, query, key) : 0);
});
