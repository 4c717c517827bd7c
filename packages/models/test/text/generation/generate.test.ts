import { manualSeed, tensor } from "@nn/tensor";
import { afterAll, describe, expect, it } from "vitest";
import { beamSearch, beamSearchBatch, DecodingSession, generate, generateBatch, type CausalLanguageModel, type GenerateOptions, type LanguageModelOrSession } from "../../../src/index.js";
import { smallGpt2, smallLlama } from "../support.js";

async function written(model: LanguageModelOrSession, prompt: readonly number[], options: GenerateOptions): Promise<number[]> {
  const tokens: number[] = [];
  for await (const token of generate(model, prompt, options)) tokens.push(token);
  return tokens;
}

/** log p of each next token, from all tokens at once. */
function logProbabilities(model: CausalLanguageModel, ids: readonly number[]): number[] {
  const logits = (model.forward(tensor([ids], { dtype: "int32" }), { onlyLast: true }).toArray() as number[][][])[0]?.[0] ?? [];
  const total = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
  return logits.map((logit) => logit - total);
}

/** The likeliest tokens, one after the other, without keys and values of earlier steps. */
function greedy(model: CausalLanguageModel, prompt: readonly number[], count: number): number[] {
  const ids = [...prompt];
  while (ids.length < prompt.length + count) {
    const scores = logProbabilities(model, ids);
    ids.push(scores.indexOf(Math.max(...scores)));
  }
  return ids.slice(prompt.length);
}

describe("generate", () => {
  it.each([["GPT-2", smallGpt2()], ["Llama", smallLlama()]] as const)("takes the likeliest tokens of %s", async (_, model) => {
    expect(await written(model, [3, 1, 4], { maxNewTokens: 12 })).toEqual(greedy(model, [3, 1, 4], 12));
  });

  it("draws the same tokens for the same seed, with a session too", async () => {
    const model = smallGpt2();
    const session = new DecodingSession(model, { maxLength: 20 });
    const options = { maxNewTokens: 10, temperature: 1.5, topK: 8 };
    const first = await written(model, [1], { ...options, seed: 4 });
    expect(await written(session, [1], { ...options, seed: 4 })).toEqual(first);
    expect(await written(session, [1], { ...options, seed: 4 })).toEqual(first);
    expect(await written(session, [1], { ...options, seed: 5 })).not.toEqual(first);
    manualSeed(4);
    const drawn = await written(session, [1], options);
    manualSeed(4);
    expect(await written(session, [1], options)).toEqual(drawn);
    session.dispose();
  });

  it("ends after a stop token", async () => {
    const model = smallGpt2();
    const all = greedy(model, [3, 1, 4], 12);
    const stop = all[3] ?? NaN;
    expect(await written(model, [3, 1, 4], { maxNewTokens: 12, stop: [stop] })).toEqual(all.slice(0, all.indexOf(stop) + 1));
  });

  it("ends when the loop or a signal ends it", async () => {
    const session = new DecodingSession(smallGpt2(), { maxLength: 50 });
    for await (const token of generate(session, [1], { maxNewTokens: 40 })) {
      expect(token).toBeLessThan(11);
      break;
    }
    expect(session.position).toBe(1);
    const controller = new AbortController();
    const stopped = async (): Promise<void> => {
      for await (const token of generate(session, [1], { maxNewTokens: 40, signal: controller.signal })) controller.abort(new Error(`enough after ${typeof token}`));
    };
    await expect(stopped()).rejects.toThrow("enough after number");
    expect(session.position).toBe(1);
    session.dispose();
  });

  it("refuses a session that is used for something else meanwhile", async () => {
    const session = new DecodingSession(smallGpt2(), { maxLength: 50 });
    const both = async (): Promise<void> => {
      for await (const token of generate(session, [1, 2], { maxNewTokens: 40 })) await generate(session, [token], { maxNewTokens: 2 }).next();
    };
    await expect(both()).rejects.toThrow("generate: the session was used for something else meanwhile");
    session.dispose();
  });

  it("refuses a session that another generation has begun anew, even at the same step", async () => {
    const session = new DecodingSession(smallGpt2(), { maxLength: 50, compile: false });
    const first = generate(session, [5, 7], { maxNewTokens: 3 });
    const second = generate(session, [1, 2], { maxNewTokens: 3 });
    await first.next();
    const { value } = await second.next();
    await expect(first.next()).rejects.toThrow("generate: the session was used for something else meanwhile");
    const rest = [value, (await second.next()).value, (await second.next()).value];
    expect(rest).toEqual(greedy(smallGpt2(), [1, 2], 3));
  });

  it("gives the last token before a signal can end it", async () => {
    const controller = new AbortController();
    const tokens: number[] = [];
    for await (const token of generate(smallGpt2(), [1], { maxNewTokens: 2, signal: controller.signal })) {
      tokens.push(token);
      if (tokens.length === 2) controller.abort(new Error("too late"));
    }
    expect(tokens).toEqual(greedy(smallGpt2(), [1], 2));
  });

  it.each([
    [() => generate(smallGpt2(), [], { maxNewTokens: 2 })],
    [() => generate(smallGpt2(), [11], { maxNewTokens: 2 })],
    [() => generate(smallGpt2(), [1], {} as never)],
    [() => generate(smallGpt2(), [1], { maxNewTokens: 101 })],
    [() => generate(smallGpt2(), [1], { maxNewTokens: 2, topK: 3 })],
    [() => generate(smallGpt2(), [1], { maxNewTokens: 2, temperature: 1, topP: 0 })],
    [() => generate(smallGpt2(), [1], { maxNewTokens: 2, temperature: NaN })],
    [() => generate(smallGpt2(), [1], { maxNewTokens: 2, stop: [99] })],
    [() => generate(smallGpt2(), [1], { maxNewTokens: 2, signal: {} as never })],
    [() => generate(smallGpt2().train(), [1], { maxNewTokens: 2 })],
    [() => generate(3 as never, [1], { maxNewTokens: 2 })],
    [() => generate(new DecodingSession(smallGpt2(), { batch: 2 }), [1], { maxNewTokens: 2 })],
  ])("refuses what it cannot write: %#", (make) => {
    expect(make).toThrowErrorMatchingSnapshot();
  });
});

const prompts = [[3, 1, 4], [2], [9, 5, 6, 5, 3, 5, 8, 9, 7, 10, 3], [1, 0]];

describe.each([["GPT-2", smallGpt2], ["Llama", smallLlama]] as const)("several prompts of different lengths, with %s", (_, make) => {
  const model = make();
  const single = new DecodingSession(model, { maxLength: 30, compile: false });
  const compiled = new DecodingSession(model, { batch: prompts.length, maxLength: 30 });
  const eager = new DecodingSession(model, { batch: prompts.length, maxLength: 30, compile: false });
  afterAll(() => {
    compiled.dispose();
  });

  it.each<[string, GenerateOptions]>([
    ["the likeliest tokens", { maxNewTokens: 12 }],
    ["a stop token", { maxNewTokens: 12, stop: [4, 5] }],
    ["a temperature", { maxNewTokens: 8, temperature: 1.5, seed: 3 }],
    ["topK", { maxNewTokens: 8, temperature: 1, topK: 3, seed: 3 }],
    ["topP", { maxNewTokens: 8, temperature: 1.5, topP: 0.7, seed: 3 }],
  ])("are continued like each alone: %s", async (__, options) => {
    const alone: number[][] = [];
    for (const [at, prompt] of prompts.entries()) alone.push(await written(single, prompt, { ...options, ...(options.seed === undefined ? {} : { seed: options.seed + at }) }));
    expect(await generateBatch(compiled, prompts, options)).toEqual(alone);
    expect(await generateBatch(eager, prompts, options)).toEqual(alone);
  });

  it("are searched like each alone", async () => {
    const options = { beams: 3, maxNewTokens: 6, stop: [4] };
    const together = await beamSearchBatch(model, prompts, options);
    const session = new DecodingSession(model, { batch: 3, maxLength: 30, compile: false });
    for (const [at, prompt] of prompts.entries()) {
      const alone = await beamSearch(session, prompt, options);
      expect(together[at]?.map(({ tokens }) => tokens)).toEqual(alone.map(({ tokens }) => tokens));
      alone.forEach(({ score }, rank) => expect(together[at]?.[rank]?.score).toBeCloseTo(score, 8));
    }
  });
});

describe("generateBatch", () => {
  it("ends when a signal ends it, and frees its session for others", async () => {
    const session = new DecodingSession(smallGpt2(), { batch: 2, maxLength: 30, compile: false });
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(generateBatch(session, [[1], [2, 3]], { maxNewTokens: 4, signal })).rejects.toThrow("enough");
    expect((await generateBatch(session, [[1], [2, 3]], { maxNewTokens: 4 })).map(({ length }) => length)).toEqual([4, 4]);
  });

  it("returns texts that are finished when a signal comes", async () => {
    const controller = new AbortController();
    class Aborting extends DecodingSession {
      override advance(rows: Parameters<DecodingSession["advance"]>[0]): ReturnType<DecodingSession["advance"]> {
        const logits = super.advance(rows);
        if (this.position === 3) controller.abort(new Error("too late"));
        return logits;
      }
    }
    const options = { maxNewTokens: 3, signal: controller.signal };
    const session = new Aborting(smallGpt2(), { batch: 2, maxLength: 9, compile: false });
    expect(await generateBatch(session, [[1], [2]], options)).toEqual([greedy(smallGpt2(), [1], 3), greedy(smallGpt2(), [2], 3)]);
    await expect(generateBatch(session, [[1], [2]], options)).rejects.toThrow("too late");
  });

  it("refuses a session that another search or generation has begun anew, and leaves that one as it is", async () => {
    const options = { beams: 2, maxNewTokens: 4 };
    const alone = await beamSearch(new DecodingSession(smallGpt2(), { batch: 2, maxLength: 9, compile: false }), [2, 9], options);
    /** Lets a search begin in the pause after the first step of another one. */
    class Busy extends DecodingSession {
      inner: Promise<unknown> | undefined;

      override advance(rows: Parameters<DecodingSession["advance"]>[0]): ReturnType<DecodingSession["advance"]> {
        const logits = super.advance(rows);
        this.inner ??= Promise.resolve().then(() => beamSearch(this, [2, 9], options));
        return logits;
      }
    }
    for (const begin of [(session: DecodingSession) => beamSearch(session, [5, 7], options), (session: DecodingSession) => generateBatch(session, [[5, 7], [3, 4]], { maxNewTokens: 4 })]) {
      const session = new Busy(smallGpt2(), { batch: 2, maxLength: 9, compile: false });
      await expect(begin(session)).rejects.toThrow("the session was used for something else meanwhile");
      expect(await session.inner).toEqual(alone);
    }
  });

  it.each([
    [() => generateBatch(smallGpt2(), [], { maxNewTokens: 2 })],
    [() => generateBatch(smallGpt2(), [[1], []], { maxNewTokens: 2 })],
    [() => generateBatch(smallGpt2(), [[1], [11]], { maxNewTokens: 2 })],
    [() => generateBatch(smallGpt2(), [[1], [1, 2]], { maxNewTokens: 100 })],
    [() => generateBatch(smallGpt2(), 3 as never, { maxNewTokens: 2 })],
    [() => generateBatch(smallGpt2(), [[1]], undefined as never)],
    [() => generateBatch(new DecodingSession(smallGpt2()), [[1], [2]], { maxNewTokens: 2 })],
    [() => beamSearchBatch(smallGpt2(), [[1], [NaN]], { maxNewTokens: 2, beams: 2 })],
    [() => beamSearchBatch(new DecodingSession(smallGpt2(), { batch: 2 }), [[1], [2]], { maxNewTokens: 2, beams: 2 })],
    [() => generateBatch(smallGpt2(), [[1], [2]], { maxNewTokens: 2, temperature: 1, seed: Number.MAX_SAFE_INTEGER })],
  ])("refuses what it cannot write: %#", async (make) => {
    await expect(make()).rejects.toThrowErrorMatchingSnapshot();
  });
});

describe("beamSearch", () => {
  /** All texts of `length` tokens, or up to a stop token, the likeliest first. */
  function exhaustive(model: CausalLanguageModel, prompt: readonly number[], length: number, stop?: number): { readonly tokens: readonly number[]; readonly score: number }[] {
    let texts: { readonly tokens: readonly number[]; readonly score: number }[] = [{ tokens: [], score: 0 }];
    for (let step = 0; step < length; step++) {
      texts = texts.flatMap((text) => (stop !== undefined && text.tokens.at(-1) === stop
        ? [text]
        : logProbabilities(model, [...prompt, ...text.tokens]).map((score, token) => ({ tokens: [...text.tokens, token], score: text.score + score }))));
    }
    return texts.toSorted((a, b) => b.score - a.score);
  }

  const model = smallGpt2({ vocabSize: 4 });

  it("finds the likeliest text if there are enough beams", async () => {
    const [best, second] = await beamSearch(model, [1, 2], { beams: 16, maxNewTokens: 3, lengthPenalty: 0 });
    const [want, next] = exhaustive(model, [1, 2], 3);
    expect([best?.tokens, second?.tokens]).toEqual([want?.tokens, next?.tokens]);
    expect(best?.score).toBeCloseTo(want?.score ?? NaN, 8);
  });

  it("finds the likeliest text with stop tokens, and divides by the length", async () => {
    const all = exhaustive(model, [1, 2], 3, 0);
    const plain = await beamSearch(model, [1, 2], { beams: 16, maxNewTokens: 3, stop: [0], lengthPenalty: 0 });
    expect(plain[0]?.tokens).toEqual(all[0]?.tokens);
    for (const { tokens } of plain) expect(tokens.slice(0, -1)).not.toContain(0);
    const fair = await beamSearch(model, [1, 2], { beams: 16, maxNewTokens: 3, stop: [0], lengthPenalty: 1 });
    const [want] = all.map(({ tokens, score }) => ({ tokens, score: score / tokens.length })).toSorted((a, b) => b.score - a.score);
    expect(fair[0]?.tokens).toEqual(want?.tokens);
    expect(fair[0]?.score).toBeCloseTo(want?.score ?? NaN, 8);
  });

  it("is greedy with one beam, and better with more", async () => {
    const [one] = await beamSearch(model, [3], { beams: 1, maxNewTokens: 8, lengthPenalty: 0 });
    expect(one?.tokens).toEqual(greedy(model, [3], 8));
    const [several] = await beamSearch(model, [3], { beams: 5, maxNewTokens: 8, lengthPenalty: 0 });
    expect(several?.score ?? NaN).toBeGreaterThanOrEqual(one?.score ?? NaN);
  });

  it("refuses what it cannot search", async () => {
    await expect(beamSearch(model, [1], { maxNewTokens: 3 } as never)).rejects.toThrow("beamSearch: beams is undefined, expected a positive whole number");
    await expect(beamSearch(new DecodingSession(model), [1], { beams: 2, maxNewTokens: 3 })).rejects.toThrow("beamSearch: the session has 1 sequences, expected 2");
    await expect(beamSearch(model, [1], { beams: 2, maxNewTokens: 3, temperature: 1 } as never)).rejects.toThrow('there is no option "temperature"');
  });
});
