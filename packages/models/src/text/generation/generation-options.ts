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

/** A generation with a session, whose methods throw if the session has been used for something else since. */
export interface Generation {
  /** Adds tokens. */
  advance(rows: readonly Prompt[]): ArrayLike<number>[];
  /** Makes each sequence a copy of one of the present ones. */
  reorder(parents: readonly number[]): void;
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

/** Checks the only prompt of a generation. */
export function requirePrompt(operation: string, given: LanguageModelOrSession, prompt: Prompt): void {
  requireTokens(operation, prompt, modelOf(operation, given).vocabSize);
}

function modelOf(operation: string, given: LanguageModelOrSession): CausalLanguageModel {
  const model = given instanceof DecodingSession ? given.model : given;
  requireModel(operation, model);
  return model;
}

/** Checks the options of a generation, and returns a function that begins it, with `beams` sequences for each prompt. The prompts have been checked. */
export function prepared(operation: string, given: LanguageModelOrSession, prompts: readonly Prompt[], { maxNewTokens, stop = [] }: GenerationOptions, beams = 1): () => Generation {
  requireKind(operation, "maxNewTokens", maxNewTokens, "count");
  const model = modelOf(operation, given);
  if (stop.length > 0) requireTokens(`${operation}: stop`, stop, model.vocabSize);
  const { sources = 1 } = model;
  if (prompts.length % sources !== 0) throw new ArgumentError(`${operation}: got ${countOf(prompts.length, "prompt")} for ${countOf(sources, "source")} of the model, expected as many, or a multiple`);
  const longest = Math.max(...prompts.map(({ length }) => length));
  // The last token is written, but not read again.
  const steps = longest + maxNewTokens - 1;
  const room = given instanceof DecodingSession ? given.maxLength : model.maxPositions;
  if (steps > room) throw new ArgumentError(`${operation}: ${longest} tokens and ${maxNewTokens} new ones, expected at most ${room + 1} together; shorten the prompt or lower maxNewTokens`);
  const batch = prompts.length * beams;
  if (given instanceof DecodingSession && given.batch !== batch) throw new ArgumentError(`${operation}: the session has ${given.batch} sequences, expected ${batch}; make it with batch: ${batch}`);
  return () => begun(operation, given instanceof DecodingSession ? given : new DecodingSession(model, { batch, maxLength: steps }), given instanceof DecodingSession);
}

const countOf = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

function begun(operation: string, session: DecodingSession, isLent: boolean): Generation {
  session.reset();
  let { revision } = session;
  const own = <R>(change: () => R): R => {
    if (session.revision !== revision) throw new UsageError(`${operation}: the session was used for something else meanwhile; use a session for one generation at a time`);
    const result = change();
    ({ revision } = session);
    return result;
  };
  return {
    advance: (rows) => own(() => session.advance(rows)),
    reorder: (parents) => { own(() => { session.reorder(parents); }); },
    end: () => {
      if (!isLent) session.dispose();
    },
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
