import { KeyValueCache, type KeyValueCacheOptions, type Module } from "@nn/layers";
import { ArgumentError, logicalAnd, logicalNot, narrow, reshape, ShapeError, type Shape, type Tensor } from "@nn/tensor";
import { describeValue, formatShape, requireDType, requireOptions, sameShape, type OptionKinds } from "@nn/tensor/extend";
import { requireIds } from "./attention.js";

/**
 * Options of a call of a {@link CausalLanguageModel}. The keys are the steps of the ids; with caches, all `maxLength` steps for which these have room. As in `MultiheadAttention`, `true` in a
 * mask excludes a key; the result for a token that may attend to none is no prediction, but finite.
 */
export interface CausalOptions {
  /** Keys and values of earlier steps, of `createCaches`: the ids continue those that the caches have seen. */
  readonly caches?: readonly KeyValueCache[] | undefined;
  /** Whether only the logits of the last step are computed, `[N, 1, vocabSize]`; default false. */
  readonly onlyLast?: boolean | undefined;
  /** The position of each token, `[N, steps]`, int32; default 0, 1, …, with caches after those that they have seen. */
  readonly positions?: Tensor | undefined;
  /** `true` for padding, to which no token attends, `[N, keys]`; default none. */
  readonly keyPaddingMask?: Tensor | undefined;
  /** `true` where a token must not attend to another, `[N, steps, keys]`: besides those after it, for example those of another sequence (`packedAttentionMask` of `@nn/text`). Default none. */
  readonly mask?: Tensor | undefined;
}

/** The kinds of {@link CausalOptions}. */
export const causalOptions: OptionKinds<CausalOptions> = { caches: "list", onlyLast: "boolean", positions: "tensor", keyPaddingMask: "tensor", mask: "tensor" };

/** What the layers of a model need of the options of a call. */
export interface CausalCall {
  /** `[N, steps]`, if they were given. */
  readonly positions: Tensor | undefined;
  /** Of each layer. */
  readonly caches: readonly KeyValueCache[] | undefined;
  /** `true` where a token may attend to a key, apart from those after it: `[N, 1, 1 or steps, keys]`; without a mask `undefined`. */
  readonly visible: Tensor | undefined;
}

/** What a model can be called with. */
export interface CausalLimits {
  /** Number of layers. */
  readonly layers: number;
  /** Number of positions. */
  readonly positions: number;
  /** What the ids are called; default `ids`. */
  readonly name?: string;
}

/** Checks the ids and the options of a call of a model, and prepares these for its layers. */
export function causalCall(operation: string, ids: Tensor, options: CausalOptions, { layers, positions: most, name }: CausalLimits): CausalCall {
  requireIds(operation, ids, most, name);
  requireOptions(operation, options, causalOptions);
  const { caches, positions, keyPaddingMask, mask } = options;
  requireCaches(operation, caches, layers);
  const [batch = 0, steps = 0] = ids.shape;
  const keys = caches?.[0]?.maxLength ?? steps;
  requireLike(operation, "positions", positions, "int32", [batch, steps]);
  requireLike(operation, "keyPaddingMask", keyPaddingMask, "bool", [batch, keys]);
  requireLike(operation, "mask", mask, "bool", [batch, steps, keys]);
  const masks = [
    ...(keyPaddingMask === undefined ? [] : [reshape(keyPaddingMask, [batch, 1, 1, keys])]),
    ...(mask === undefined ? [] : [reshape(mask, [batch, 1, steps, keys])]),
  ];
  return { positions, caches, visible: masks.length === 0 ? undefined : masks.map(logicalNot).reduce(logicalAnd) };
}

/** The features `[N, steps, features]` of which there are to be logits: with `onlyLast` those of the last step. */
export function wantedSteps(features: Tensor, { onlyLast = false }: CausalOptions): Tensor {
  return onlyLast ? narrow(features, 1, (features.shape[1] ?? 1) - 1, 1) : features;
}

/** Throws unless an option, if it is given, is a tensor of this dtype and shape. */
export function requireLike(operation: string, name: string, x: Tensor | undefined, dtype: "int32" | "bool", shape: Shape): void {
  if (x === undefined) return;
  requireDType(operation, x.dtype, [dtype], name);
  if (!sameShape(x.shape, shape)) throw new ShapeError(`${operation}: ${name} is ${formatShape(x.shape)}, expected ${formatShape(shape)}`);
}

function requireCaches(operation: string, caches: readonly KeyValueCache[] | undefined, layers: number): void {
  if (caches === undefined) return;
  if (caches.length !== layers) throw new ArgumentError(`${operation}: ${caches.length} caches, expected ${layers}, one for each layer; createCaches makes them`);
  const wrong = caches.findIndex((cache: unknown) => !(cache instanceof KeyValueCache));
  if (wrong >= 0) throw new ArgumentError(`${operation}: a cache is ${describeValue(caches[wrong])}, expected a KeyValueCache; createCaches makes them`);
}

/** A model that predicts each next token from those before it: {@link GPT2LMHeadModel}, {@link LlamaForCausalLM}, or one of your own. */
export interface CausalLanguageModel extends Module {
  /** Number of tokens. */
  readonly vocabSize: number;
  /** The most steps of a sequence. */
  readonly maxPositions: number;
  /** Number of sources that the model has read, if it continues texts about sources: sequences are divided evenly among these, neighbouring ones for each. */
  readonly sources?: number | undefined;
  /** From ids `[N, steps]`, int32, to the logits of the next tokens, `[N, steps, vocabSize]`. */
  forward(ids: Tensor, options?: CausalOptions): Tensor;
  /** Caches for one generation, one for each layer. */
  createCaches(sizes: Pick<KeyValueCacheOptions, "batch" | "maxLength">): readonly KeyValueCache[];
}
