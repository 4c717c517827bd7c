import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openCheckpoint } from "@nn/io";
import { beamSearch, DecodingSession, generate, GPT2LMHeadModel, gpt2OptionsFromConfig } from "@nn/models";
import { tensor } from "@nn/tensor";
import { decodeStream, loadTokenizer } from "@nn/text";
import { beforeAll, describe, expect, it } from "vitest";

/** What `tests/fixtures/gpt2/record.py` writes: for a prompt, the likeliest tokens after it with their logits, and the logits from which the last one was chosen. */
interface Recorded {
  readonly text: string;
  readonly prompt: readonly number[];
  readonly tokens: readonly number[];
  readonly continuation: string;
  readonly logits: readonly number[];
  readonly lastLogits: readonly number[];
}

const folder = fileURLToPath(new URL("../fixtures/gpt2", import.meta.url));
const json = <T>(name: string): T => JSON.parse(readFileSync(`${folder}/${name}`, "utf8")) as T;
const recorded = json<readonly Recorded[]>("recorded.json");
const cases = recorded.map((each) => [each.text, each] as const);

async function loaded(path: string, dtype: "float32" | "float64" = "float32"): Promise<GPT2LMHeadModel> {
  const model = new GPT2LMHeadModel({ ...gpt2OptionsFromConfig(json("config.json")), dtype }).eval();
  const checkpoint = await openCheckpoint(path);
  try {
    const weights = await checkpoint.readAll();
    model.loadStateDict(dtype === "float32" ? weights : Object.fromEntries(Object.entries(weights).map(([name, value]) => [name, value.cast(dtype)])));
  } finally {
    await checkpoint.close();
  }
  return model;
}

async function tokensOf(tokens: AsyncIterable<number>): Promise<number[]> {
  const written: number[] = [];
  for await (const token of tokens) written.push(token);
  return written;
}

describe("GPT-2 as Hugging Face's library saves it, in shards", () => {
  let model: GPT2LMHeadModel;
  beforeAll(async () => {
    model = await loaded(folder);
  });

  it("is one checkpoint of three files, with the maps stored transposed", async () => {
    const checkpoint = await openCheckpoint(folder);
    const index = json<{ readonly metadata: { readonly total_size: number }; readonly weight_map: Readonly<Record<string, string>> }>("model.safetensors.index.json");
    expect(new Set(Object.values(index.weight_map)).size).toBe(3);
    expect(checkpoint.tensors.map(({ name }) => name)).toEqual(Object.keys(index.weight_map));
    expect(checkpoint.tensors.find(({ name }) => name === "transformer.h.1.attn.c_attn.weight")?.shape).toEqual([16, 48]);
    await checkpoint.close();
    // The head shares the embeddings, and is not stored.
    expect(4 * model.parameters().reduce((count, { shape }) => count + shape.reduce((a, b) => a * b, 1), 0)).toBe(index.metadata.total_size);
  });

  it("is the same by the path of its index", async () => {
    const other = await loaded(`${folder}/model.safetensors.index.json`);
    const weightsOf = (of: GPT2LMHeadModel): unknown => Object.entries(of.stateDict()).map(([name, value]) => [name, value.toArray()]);
    expect(weightsOf(other)).toEqual(weightsOf(model));
  });

  it.each(cases)("continues %j as recorded, as text", async (text, { prompt, continuation, tokens }) => {
    const tokenizer = await loadTokenizer(folder);
    const ids = tokenizer.encode(text);
    expect([...ids]).toEqual(prompt);
    const parts: string[] = [];
    for await (const part of decodeStream(tokenizer, generate(model, ids, { maxNewTokens: tokens.length }))) parts.push(part);
    expect(parts.join("")).toBe(continuation);
  });

  it.each(cases)("continues %j with the recorded tokens and logits, compiled and eagerly, with a cache and without", async (_, { prompt, tokens, logits, lastLogits }) => {
    for (const compile of [true, false]) {
      const session = new DecodingSession(model, { compile });
      expect(await tokensOf(generate(session, prompt, { maxNewTokens: tokens.length }))).toEqual(tokens);
      session.reset();
      const rows = tokens.map((__, at) => session.advance([at === 0 ? prompt : [tokens[at - 1] ?? NaN]])[0] ?? []);
      rows.forEach((row, at) => expect(row[tokens[at] ?? NaN]).toBeCloseTo(logits[at] ?? NaN, 4));
      Array.from(rows.at(-1) ?? []).forEach((logit, token) => expect(logit).toBeCloseTo(lastLogits[token] ?? NaN, 4));
      session.dispose();
    }
    const [best] = await beamSearch(model, prompt, { beams: 1, maxNewTokens: tokens.length });
    expect(best?.tokens).toEqual(tokens);
  });

  it("gives the recorded logits to nine digits in float64", async () => {
    const exact = await loaded(folder, "float64");
    for (const { prompt, tokens, lastLogits } of recorded) {
      const all = exact.forward(tensor([[...prompt, ...tokens.slice(0, -1)]], { dtype: "int32" })).toArray() as number[][][];
      all[0]?.at(-1)?.forEach((logit, token) => expect(Math.abs(logit - (lastLogits[token] ?? NaN))).toBeLessThan(1e-8));
    }
  });
});
