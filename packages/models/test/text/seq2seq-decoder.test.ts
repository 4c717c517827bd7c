import { Generator, tensor, type Tensor } from "@nn/tensor";
import { afterAll, describe, expect, it } from "vitest";
import {
  beamSearch, beamSearchBatch, DecodingSession, generate, generateBatch, Seq2SeqDecoder, Seq2SeqTransformer, type BeamResult, type GenerateOptions, type LanguageModelOrSession,
} from "../../src/index.js";

const vocabSize = 9;
const model = new Seq2SeqTransformer({
  vocabSize, dModel: 16, nhead: 2, numEncoderLayers: 1, numDecoderLayers: 2, dimFeedforward: 24, maxPositions: 30, dtype: "float64", generator: new Generator(1),
}).eval();
// The initial weights are so small that the source hardly matters.
for (const parameter of model.parameters()) if (parameter.shape.length > 1) parameter.value = parameter.value.mul(3);

const ids = (rows: readonly (readonly number[])[]): Tensor => tensor(rows, { dtype: "int32" });
const source = [3, 1, 4, 1, 5];
const sources = [[3, 1, 4, 1, 5], [2, 7], [8]];
const padded = ids(sources.map((row) => [...row, ...Array.from({ length: 5 - row.length }, () => 0)]));
const sourceKeyPaddingMask = tensor(sources.map((row) => Array.from({ length: 5 }, (_, at) => at >= row.length)));

/** The logits after a target, from source and target as a whole. */
const logitsAfter = (from: readonly number[], target: readonly number[]): number[] => (model.forward(ids([from]), ids([target])).toArray() as number[][][])[0]?.at(-1) ?? [];

/** log p of each next token, likewise. */
function logProbabilities(from: readonly number[], target: readonly number[]): number[] {
  const logits = logitsAfter(from, target);
  const total = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
  return logits.map((logit) => logit - total);
}

/** The likeliest tokens, one after the other, without a cache and with the source encoded each time. */
function greedy(from: readonly number[], prompt: readonly number[], count: number): number[] {
  const target = [...prompt];
  while (target.length < prompt.length + count) {
    const scores = logProbabilities(from, target);
    target.push(scores.indexOf(Math.max(...scores)));
  }
  return target.slice(prompt.length);
}

async function written(of: LanguageModelOrSession, prompt: readonly number[], options: GenerateOptions): Promise<number[]> {
  const tokens: number[] = [];
  for await (const token of generate(of, prompt, options)) tokens.push(token);
  return tokens;
}

function expectNear(got: ArrayLike<number> | undefined, want: readonly number[]): void {
  expect(Math.max(...want.map((each, at) => Math.abs(each - (got?.[at] ?? NaN))))).toBeLessThan(1e-10);
}

describe("Seq2SeqDecoder", () => {
  const decoder = new Seq2SeqDecoder(model, ids([source]));
  const single = new DecodingSession(decoder, { maxLength: 20 });
  const several = new Seq2SeqDecoder(model, padded, { sourceKeyPaddingMask });
  const together = new DecodingSession(several, { batch: 3, maxLength: 20 });
  afterAll(() => {
    single.dispose();
    together.dispose();
  });

  it("writes the tokens that source and target give without a cache, compiled and eagerly", async () => {
    const want = greedy(source, [1], 10);
    expect(want).not.toEqual(greedy([8, 7], [1], 10));
    expect(await written(single, [1], { maxNewTokens: 10 })).toEqual(want);
    expect(await written(new DecodingSession(decoder, { compile: false, maxLength: 10 }), [1], { maxNewTokens: 10 })).toEqual(want);
    const stop = want[2] ?? NaN;
    expect(await written(single, [1], { maxNewTokens: 10, stop: [stop] })).toEqual(want.slice(0, want.indexOf(stop) + 1));
  });

  it("draws the same tokens for the same seed", async () => {
    const options = { maxNewTokens: 8, temperature: 1.5, topK: 5, seed: 2 };
    const first = await written(single, [1], options);
    expect(await written(new DecodingSession(decoder, { compile: false, maxLength: 10 }), [1], options)).toEqual(first);
    expect(await written(single, [1], { ...options, seed: 3 })).not.toEqual(first);
  });

  it("finds the likeliest target with enough beams", async () => {
    let all: readonly BeamResult[] = [{ tokens: [], score: 0 }];
    for (let step = 0; step < 3; step++) {
      all = all.flatMap(({ tokens, score }) => logProbabilities(source, [1, ...tokens]).map((next, token) => ({ tokens: [...tokens, token], score: score + next })));
    }
    const [want] = all.toSorted((a, b) => b.score - a.score);
    const session = new DecodingSession(decoder, { batch: 81, maxLength: 3, compile: false });
    const [best] = await beamSearch(session, [1], { beams: 81, maxNewTokens: 3, lengthPenalty: 0 });
    expect(best?.tokens).toEqual(want?.tokens);
    expect(best?.score).toBeCloseTo(want?.score ?? NaN, 8);
  });

  it("takes sources of different lengths, and prompts of different lengths, each as if it were alone", async () => {
    expect(await generateBatch(together, [[1], [1], [1]], { maxNewTokens: 8 })).toEqual(sources.map((from) => greedy(from, [1], 8)));
    const prompts = [[1, 2, 3], [4], [5, 6]];
    expect(await generateBatch(together, prompts, { maxNewTokens: 8 })).toEqual(sources.map((from, at) => greedy(from, prompts[at] ?? [], 8)));
    const beams = await beamSearchBatch(new DecodingSession(several, { batch: 9, maxLength: 10, compile: false }), prompts, { beams: 3, maxNewTokens: 5 });
    for (const [at, from] of sources.entries()) {
      const alone = await beamSearch(new DecodingSession(new Seq2SeqDecoder(model, ids([from])), { batch: 3, maxLength: 10, compile: false }), prompts[at] ?? [], { beams: 3, maxNewTokens: 5 });
      expect(beams[at]?.map(({ tokens }) => tokens)).toEqual(alone.map(({ tokens }) => tokens));
    }
  });

  it("reads other sources with the same programs", async () => {
    const other = new Seq2SeqDecoder(model, ids([source]));
    const session = new DecodingSession(other, { maxLength: 10 });
    expect(await written(session, [1], { maxNewTokens: 5 })).toEqual(greedy(source, [1], 5));
    other.read(ids([[8, 7, 6, 5, 2]]));
    expect(await written(session, [1], { maxNewTokens: 5 })).toEqual(greedy([8, 7, 6, 5, 2], [1], 5));
    other.read(ids([[2, 7, 0, 0, 0]]), { sourceKeyPaddingMask: tensor([[false, false, true, true, true]]) });
    expect(await written(session, [1], { maxNewTokens: 5 })).toEqual(greedy([2, 7], [1], 5));
    session.dispose();
  });

  it("keeps packed targets of one source apart", () => {
    const positions = ids([[0, 1, 2, 0, 1]]);
    const segments = [1, 1, 1, 2, 2];
    const mask = tensor([segments.map((own) => segments.map((each) => each !== own))]);
    const logits = (decoder.forward(ids([[1, 2, 3, 4, 5]]), { positions, mask }).toArray() as number[][][])[0] ?? [];
    expectNear(logits[2], logitsAfter(source, [1, 2, 3]));
    expectNear(logits[4], logitsAfter(source, [4, 5]));
  });

  it("keeps the sequences of each source to itself", async () => {
    const two = new Seq2SeqDecoder(model, ids([[3, 1, 4], [2, 7, 1]]));
    const options = { beams: 3, maxNewTokens: 3 };
    await expect(beamSearch(several, [1], options)).rejects.toThrow("beamSearch: got 1 prompt for 3 sources of the model, expected as many, or a multiple");
    await expect(beamSearchBatch(two, [[1], [1], [1]], { ...options, beams: 2 })).rejects.toThrow("beamSearchBatch: got 3 prompts for 2 sources of the model");
    await expect(generateBatch(two, [[1]], { maxNewTokens: 2 })).rejects.toThrow("generateBatch: got 1 prompt for 2 sources of the model");
    expect(() => generate(two, [1], { maxNewTokens: 2 })).toThrow("generate: got 1 prompt for 2 sources of the model");
    expect(() => new DecodingSession(several, { batch: 4 })).toThrow("DecodingSession: batch is 4, expected 3, the number of sources of the model, or a multiple");
    const session = new DecodingSession(two, { batch: 4, maxLength: 4, compile: false });
    session.advance([[1], [2], [3], [4]]);
    expect(() => { session.reorder([1, 1, 1, 3]); }).toThrow("DecodingSession: parents[2] is 1, a sequence of another source, expected from 2 to 3");
    session.reorder([1, 1, 3, 2]);
    expectNear(session.advance([[5], [5], [5], [5]])[2], logitsAfter([2, 7, 1], [4, 5]));
    // Several prompts for each source.
    const texts = await generateBatch(two, [[1], [2], [1], [2]], { maxNewTokens: 4 });
    expect(texts).toEqual([greedy([3, 1, 4], [1], 4), greedy([3, 1, 4], [2], 4), greedy([2, 7, 1], [1], 4), greedy([2, 7, 1], [2], 4)]);
  });

  it("refuses what it cannot decode", () => {
    expect(() => decoder.forward([[1, 2]] as never)).toThrow("Seq2SeqDecoder: ids is an array of 1, expected a Tensor");
    expect(() => Reflect.apply(decoder.forward, decoder, [])).toThrow("Seq2SeqDecoder: ids is undefined, expected a Tensor");
    expect(() => decoder.forward(ids([[1]]), null as never)).toThrow("Seq2SeqDecoder: the options are null, expected an object");
    expect(() => new Seq2SeqDecoder({} as never, ids([source]))).toThrow("Seq2SeqDecoder: the model is an object, expected a Seq2SeqTransformer");
    expect(() => new Seq2SeqDecoder(model, tensor([[1]]))).toThrow("Seq2SeqDecoder: the dtype of source is float32, expected int32");
    expect(() => { decoder.read(ids([[1, 2]])); }).toThrow("Seq2SeqDecoder: source is [1, 2], expected [1, 5]");
    expect(() => several.forward(ids([[1], [2]]))).toThrow("Seq2SeqDecoder: ids are [2, 1], expected as many rows as there are sources, 3, or a multiple");
    expect(() => new Seq2SeqDecoder(model, ids([source]), { sourceKeyPaddingMask: tensor([[true]]) })).toThrow("Seq2SeqDecoder: sourceKeyPaddingMask is [1, 1], expected [1, 5]");
    expect(() => new Seq2SeqDecoder(model, ids([source]), { padding: 1 } as never)).toThrow('there is no option "padding"');
    expect(() => decoder.forward(ids([[1]]), { positions: tensor([[0]]) })).toThrow("positions has dtype float32, expected int32");
    expect(() => decoder.forward(ids([[1]]), { caches: [] })).toThrow("0 caches, expected 2, one for each layer");
    model.train();
    expect(() => decoder.forward(ids([[1]]))).toThrow("Seq2SeqDecoder: the model is in training mode");
    model.eval();
  });
});
