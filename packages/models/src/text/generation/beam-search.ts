import { requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { Beams, type BeamResult, type SearchSettings } from "./beams.js";
import { generationOptions, pauses, prepared, requirePrompt, requirePrompts, type Generation, type GenerationOptions, type LanguageModelOrSession, type Prompt } from "./generation-options.js";

/** Options of {@link beamSearch}. */
export interface BeamSearchOptions extends GenerationOptions {
  /** Number of texts that are continued side by side. */
  readonly beams: number;
  /** The exponent of the length by which the logarithm of a text's probability is divided: above 0 long texts score better; default 1. */
  readonly lengthPenalty?: number | undefined;
}

const beamOptions: OptionKinds<BeamSearchOptions> = { ...generationOptions, beams: "count", lengthPenalty: "finite" };

/**
 * Looks for the likeliest continuations of a prompt: of all continuations of the present texts by one token, the `beams` likeliest are kept (Sutskever et al. 2014). It ends when
 * no text can score better than those that have ended. Returns at most `beams` texts, the best first.
 *
 * @example
 * ```ts
 * import { beamSearch, GPT2LMHeadModel } from "@nn/models";
 * const model = new GPT2LMHeadModel({ vocabSize: 100, nPositions: 32, nEmbd: 16, nLayer: 2, nHead: 2 }).eval();
 * const texts = await beamSearch(model, [5, 7, 9], { beams: 3, maxNewTokens: 4 });
 * texts.map(({ tokens }) => tokens.length); // => [4, 4, 4]
 * ```
 * @throws ArgumentError if the prompt is empty or too long, or options do not fit.
 */
export async function beamSearch(model: LanguageModelOrSession, prompt: Prompt, options: BeamSearchOptions): Promise<BeamResult[]> {
  const settings = settingsOf("beamSearch", options);
  requirePrompt("beamSearch", model, prompt);
  const [texts = []] = await searched(prepared("beamSearch", model, [prompt], settings, settings.beams), [prompt], settings);
  return texts;
}

/**
 * Looks for the likeliest continuations of several prompts together, as {@link beamSearch} does for each alone. Prompts may differ in length. A session for it has `beams` sequences for each
 * prompt.
 *
 * @example
 * ```ts
 * import { beamSearchBatch, GPT2LMHeadModel } from "@nn/models";
 * const model = new GPT2LMHeadModel({ vocabSize: 100, nPositions: 32, nEmbd: 16, nLayer: 2, nHead: 2 }).eval();
 * const [first, second] = await beamSearchBatch(model, [[5, 7, 9], [4]], { beams: 3, maxNewTokens: 4 });
 * [first?.length, second?.length]; // => [3, 3]
 * ```
 * @throws ArgumentError if there are no prompts, if one is empty or too long, or options do not fit.
 */
export async function beamSearchBatch(model: LanguageModelOrSession, prompts: readonly Prompt[], options: BeamSearchOptions): Promise<BeamResult[][]> {
  const settings = settingsOf("beamSearchBatch", options);
  requirePrompts("beamSearchBatch", model, prompts);
  return searched(prepared("beamSearchBatch", model, prompts, settings, settings.beams), prompts, settings);
}

function settingsOf(operation: string, options: BeamSearchOptions): SearchSettings {
  requireOptions(operation, options, beamOptions);
  requireKind(operation, "beams", options?.beams, "count");
  const { maxNewTokens, stop = [], beams, lengthPenalty = 1 } = options;
  return { maxNewTokens, stop, beams, lengthPenalty };
}

async function searched(begin: () => Generation, prompts: readonly Prompt[], settings: SearchSettings): Promise<BeamResult[][]> {
  const { advance, reorder, end } = begin();
  const pause = pauses();
  try {
    const searches = prompts.map((_, at) => new Beams(at * settings.beams, settings));
    let logits = advance(prompts.flatMap((prompt) => Array.from({ length: settings.beams }, () => prompt)));
    for (;;) {
      for (const search of searches) search.advance(logits);
      if (searches.every(({ isDone }) => isDone)) return searches.map(({ results }) => [...results]);
      await pause();
      const rows = searches.flatMap((search) => search.next());
      reorder(rows.map(({ parent }) => parent));
      logits = advance(rows.map(({ token }) => [token]));
    }
  } finally {
    end();
  }
}
