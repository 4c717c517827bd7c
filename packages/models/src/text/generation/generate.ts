import { ArgumentError, defaultGenerator, Generator } from "@nn/tensor";
import { describeValue, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { generationOptions, pauses, prepared, requirePrompt, requirePrompts, type Generation, type GenerationOptions, type LanguageModelOrSession, type Prompt } from "./generation-options.js";
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
export function generate(model: LanguageModelOrSession, prompt: Prompt, options: GenerateOptions): AsyncGenerator<number, void, undefined> {
  const own = generationOptionsOf("generate", options);
  requirePrompt("generate", model, prompt);
  const begin = prepared("generate", model, [prompt], own);
  return written(begin, prompt, { ...options, generator: generatorFor(options.seed, 0) });
}

/**
 * Continues several prompts together, each as {@link generate} continues it alone, up to rounding, with a seed or without a temperature: prompt `i` is drawn with `seed + i`. Prompts may differ in length; shorter ones get padding before
 * them, to which no token attends. Returns the tokens after each prompt, with the stop token if there is one.
 *
 * @example
 * ```ts
 * import { GPT2LMHeadModel, generateBatch } from "@nn/models";
 * const model = new GPT2LMHeadModel({ vocabSize: 100, nPositions: 32, nEmbd: 16, nLayer: 2, nHead: 2 }).eval();
 * const texts = await generateBatch(model, [[5, 7, 9], [4]], { maxNewTokens: 6 });
 * texts.map((tokens) => tokens.length); // => [6, 6]
 * ```
 * @throws ArgumentError if there are no prompts, if one is empty or too long, or options do not fit.
 * @throws UsageError if the model is in training mode.
 */
export async function generateBatch(model: LanguageModelOrSession, prompts: readonly Prompt[], options: GenerateOptions): Promise<number[][]> {
  const own = generationOptionsOf("generateBatch", options);
  requirePrompts("generateBatch", model, prompts);
  const begin = prepared("generateBatch", model, prompts, own);
  const { maxNewTokens, stop = [], signal, seed } = options;
  const greatest = Number.MAX_SAFE_INTEGER - prompts.length + 1;
  if (seed !== undefined && seed > greatest) throw new ArgumentError(`generateBatch: seed is ${seed}, expected at most ${greatest}, because each of ${prompts.length} prompts has the seed after that of the one before`);
  const texts = prompts.map((_, at) => ({ tokens: [] as number[], generator: generatorFor(seed, at), isEnded: false }));
  signal?.throwIfAborted();
  const { advance, end } = begin();
  const pause = pauses();
  try {
    let next = prompts;
    for (let count = 1; ; count++) {
      const logits = advance(next);
      for (const [at, text] of texts.entries()) {
        if (text.isEnded) continue;
        const token = chooseToken(logits[at] ?? [], options, text.generator);
        text.tokens.push(token);
        text.isEnded = stop.includes(token);
      }
      if (count === maxNewTokens || texts.every(({ isEnded }) => isEnded)) return texts.map(({ tokens }) => tokens);
      // A text that has ended repeats its last token, unheard.
      next = texts.map(({ tokens }) => tokens.slice(-1));
      await pause();
      signal?.throwIfAborted();
    }
  } finally {
    end();
  }
}

/** Checks the options, and returns those of every generation. */
function generationOptionsOf(operation: string, options: GenerateOptions): GenerationOptions {
  requireOptions(operation, options, generateOptions);
  const { signal, temperature, topK, topP, maxNewTokens, stop } = options ?? {};
  requireSampling(operation, { temperature, topK, topP });
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw new ArgumentError(`${operation}: signal is ${describeValue(signal)}, expected an AbortSignal`);
  return { maxNewTokens, stop };
}

/** What the tokens of a prompt are drawn with. */
const generatorFor = (seed: number | undefined, at: number): Generator => (seed === undefined ? defaultGenerator() : new Generator(seed + at));

async function* written(
  begin: () => Generation, prompt: Prompt, { maxNewTokens, stop = [], signal, generator, ...sampling }: GenerateOptions & { readonly generator: Generator },
): AsyncGenerator<number, void, undefined> {
  signal?.throwIfAborted();
  const { advance, end } = begin();
  const pause = pauses();
  try {
    let next = prompt;
    for (let count = 1; ; count++) {
      const [logits = []] = advance([next]);
      const token = chooseToken(logits, sampling, generator);
      yield token;
      if (count === maxNewTokens || stop.includes(token)) return;
      next = [token];
      await pause();
      signal?.throwIfAborted();
    }
  } finally {
    end();
  }
}
