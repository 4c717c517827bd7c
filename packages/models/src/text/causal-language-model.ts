import { KeyValueCache, type KeyValueCacheOptions, type Module } from "@nn/layers";
import { ArgumentError, type Tensor } from "@nn/tensor";
import { describeValue, requireOptions, type OptionKinds } from "@nn/tensor/extend";

/** Options of a call of a {@link CausalLanguageModel}. */
export interface CausalOptions {
  /** Keys and values of earlier steps, of `createCaches`: the ids continue those that the caches have seen. */
  readonly caches?: readonly KeyValueCache[] | undefined;
  /** Whether only the logits of the last step are computed, `[N, 1, vocabSize]`; default false. */
  readonly onlyLast?: boolean | undefined;
}

const causalOptions: OptionKinds<CausalOptions> = { caches: "list", onlyLast: "boolean" };

/** Checks the options of a call of a model with `layers` layers. */
export function requireCausalOptions(operation: string, options: CausalOptions, layers: number): void {
  requireOptions(operation, options, causalOptions);
  const { caches } = options;
  if (caches === undefined) return;
  if (caches.length !== layers) throw new ArgumentError(`${operation}: ${caches.length} caches, expected ${layers}, one for each layer; createCaches makes them`);
  const wrong = caches.find((cache: unknown) => !(cache instanceof KeyValueCache));
  if (wrong !== undefined) throw new ArgumentError(`${operation}: a cache is ${describeValue(wrong)}, expected a KeyValueCache; createCaches makes them`);
}

/** A model that predicts each next token from those before it: {@link GPT2LMHeadModel}, {@link LlamaForCausalLM}, or one of your own. */
export interface CausalLanguageModel extends Module {
  /** Number of tokens. */
  readonly vocabSize: number;
  /** The most steps of a sequence. */
  readonly maxPositions: number;
  /** From ids `[N, steps]`, int32, to the logits of the next tokens, `[N, steps, vocabSize]`. */
  forward(ids: Tensor, options?: CausalOptions): Tensor;
  /** Caches for one generation, one for each layer. */
  createCaches(sizes: Pick<KeyValueCacheOptions, "batch" | "maxLength">): readonly KeyValueCache[];
}
