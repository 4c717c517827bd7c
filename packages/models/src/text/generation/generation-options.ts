import { ArgumentError, UsageError } from "@nn/tensor";
import { requireKind, type OptionKinds } from "@nn/tensor/extend";
import type { CausalLanguageModel } from "../causal-language-model.js";
import { DecodingSession, requireModel, requireTokens } from "./decoding-session.js";

/** What `generate` and `beamSearch` continue: a model, or a session with it, whose compiled programs are used again. */
export type LanguageModelOrSession = CausalLanguageModel | DecodingSession;

/** Options of every generation. */
export interface GenerationOptions {
  /** The most tokens that are written. */
  readonly maxNewTokens: number;
  /** Ids of tokens after which the text ends, such as `vocabulary.special.end`; default none. */
  readonly stop?: readonly number[] | undefined;
}

/** The kinds of {@link GenerationOptions}. */
export const generationOptions: OptionKinds<GenerationOptions> = { maxNewTokens: "count", stop: "list" };

/** The session of a generation. */
export interface Generation {
  readonly session: DecodingSession;
  /** Adds tokens, unless the session has been used for something else since. */
  advance(rows: readonly Prompt[]): ArrayLike<number>[];
  /** Frees what was made for this generation. */
  end(): void;
}

/** A prompt, as ids of tokens. */
export type Prompt = readonly number[] | Int32Array;

/** Checks the prompts of a batch, which there is at least one of. */
export function requirePrompts(operation: string, given: LanguageModelOrSession, prompts: readonly Prompt[]): void {
  requireKind(operation, "prompts", prompts, "list");
  if (prompts.length === 0) throw new ArgumentError(`${operation}: there are no prompts, expected at least one`);
  const { vocabSize } = modelOf(operation, given);
  for (const [at, prompt] of prompts.entries()) requireTokens(`${operation}: prompts[${at}]`, prompt, vocabSize);
}

/** The longest of several prompts. */
export const longestOf = (prompts: readonly Prompt[]): Prompt => prompts.reduce((longest, prompt) => (prompt.length > longest.length ? prompt : longest));

function modelOf(operation: string, given: LanguageModelOrSession): CausalLanguageModel {
  const model = given instanceof DecodingSession ? given.model : given;
  requireModel(operation, model);
  return model;
}

/** Checks a prompt, the longest if there are several, and the options of a generation of `batch` sequences, and returns a function that begins it. */
export function prepared(operation: string, given: LanguageModelOrSession, prompt: Prompt, { maxNewTokens, stop = [] }: GenerationOptions, batch: number): () => Generation {
  requireKind(operation, "maxNewTokens", maxNewTokens, "count");
  const model = modelOf(operation, given);
  requireTokens(operation, prompt, model.vocabSize);
  if (stop.length > 0) requireTokens(`${operation}: stop`, stop, model.vocabSize);
  // The last token is written, but not read again.
  const steps = prompt.length + maxNewTokens - 1;
  const room = given instanceof DecodingSession ? given.maxLength : model.maxPositions;
  if (steps > room) throw new ArgumentError(`${operation}: ${prompt.length} tokens and ${maxNewTokens} new ones, expected at most ${room + 1} together; shorten the prompt or lower maxNewTokens`);
  if (given instanceof DecodingSession && given.batch !== batch) throw new ArgumentError(`${operation}: the session has ${given.batch} sequences, expected ${batch}; make it with batch: ${batch}`);
  return () => {
    const session = given instanceof DecodingSession ? given : new DecodingSession(model, { batch, maxLength: steps });
    session.reset();
    let position = 0;
    return {
      session,
      advance: (rows) => {
        if (session.position !== position) throw new UsageError(`${operation}: the session was used for something else meanwhile; use a session for one generation at a time`);
        const logits = session.advance(rows);
        position = session.position;
        return logits;
      },
      end: () => {
        if (session !== given) session.dispose();
      },
    };
  };
}

/** The longest time, in milliseconds, for which a generation blocks the event loop, unless a single step takes longer: a page stays fluid. */
const maxBlocking = 40;

/** A function that lets timers, signals and the page have their turn if they have waited for long. */
export function pauses(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < maxBlocking) return;
    await new Promise((resume) => setTimeout(resume));
    since = performance.now();
  };
}
