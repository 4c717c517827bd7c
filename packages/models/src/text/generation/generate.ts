import { ArgumentError, defaultGenerator, Generator } from "@nn/tensor";
import { describeValue, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { generationOptions, pauses, prepared, type Generation, type GenerationOptions, type LanguageModelOrSession } from "./generation-options.js";
import { chooseToken, requireSampling, samplingOptions, type SamplingOptions } from "./sampling.js";

/** Options of {@link generate}. */
export interface GenerateOptions extends GenerationOptions, SamplingOptions {
  /** The seed of what is drawn. Default: the next numbers of the generator that `manualSeed` seeds. */
  readonly seed?: number | undefined;
  /** Ends the generation: the loop throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const generateOptions: OptionKinds<GenerateOptions> = { ...generationOptions, ...samplingOptions, seed: "size", signal: "any" };

/**
 * Continues a prompt token by token: each is given as soon as it is chosen, until a stop token, which is given too, or `maxNewTokens` tokens. Without a temperature the
 * likeliest token is taken each time, and the result is always the same; with one, tokens are drawn.
 *
 * @example
 * ```ts
 * import { GPT2LMHeadModel, generate } from "@nn/models";
 * const model = new GPT2LMHeadModel({ vocabSize: 100, nPositions: 32, nEmbd: 16, nLayer: 2, nHead: 2 }).eval();
 * const tokens: number[] = [];
 * for await (const token of generate(model, [5, 7, 9], { maxNewTokens: 4, temperature: 0.8, topK: 20, seed: 1 })) tokens.push(token);
 * tokens.length; // => 4
 * ```
 * @throws ArgumentError if the prompt is empty or too long, or options do not fit.
 * @throws UsageError if the model is in training mode.
 */
export function generate(model: LanguageModelOrSession, prompt: readonly number[] | Int32Array, options: GenerateOptions): AsyncGenerator<number, void, undefined> {
  requireOptions("generate", options, generateOptions);
  const { seed, signal, temperature, topK, topP, ...own } = options ?? {};
  requireSampling("generate", { temperature, topK, topP });
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw new ArgumentError(`generate: signal is ${describeValue(signal)}, expected an AbortSignal`);
  const begin = prepared("generate", model, prompt, own as GenerationOptions, 1);
  return written(begin, prompt, { ...options, generator: seed === undefined ? defaultGenerator() : new Generator(seed) });
}

async function* written(
  begin: () => Generation, prompt: readonly number[] | Int32Array, { maxNewTokens, stop = [], signal, generator, ...sampling }: GenerateOptions & { readonly generator: Generator },
): AsyncGenerator<number, void, undefined> {
  signal?.throwIfAborted();
  const { advance, end } = begin();
  const pause = pauses();
  try {
    let next = prompt;
    for (let count = 0; count < maxNewTokens; count++) {
      const [logits = []] = advance([next]);
      const token = chooseToken(logits, sampling, generator);
      yield token;
      if (stop.includes(token)) return;
      next = [token];
      await pause();
      signal?.throwIfAborted();
    }
  } finally {
    end();
  }
}
