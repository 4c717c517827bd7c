import { DecodingSession } from "@nn/models";
import { expect, test } from "vitest";
import { entropy, sentences } from "./language.js";
import { end, longest, shifted, targetsOf, tokenizer, train, writeAll } from "./main.js";

test("compiled training gives the losses of eager training", async () => {
  const [compiled, eager] = [await train({ epochs: 1, count: 4 }), await train({ epochs: 1, count: 4, compile: false })];
  expect(compiled.losses[0]).toBeCloseTo(eager.losses[0] ?? NaN, 2);
});

test("tokens are pieces of words, and sentences are their text", () => {
  for (const text of sentences.slice(0, 40)) {
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    expect(tokenizer.encode(text).length).toBeLessThanOrEqual(longest);
  }
});

test("a GPT learns a language token by token, and writes it", async () => {
  const { model, losses } = await train();
  expect(losses.at(-1)).toBeLessThan(1.05 * entropy);

  const parts: string[] = [];
  const texts = await writeAll(model, 100, (part) => parts.push(part));
  expect(texts.filter((text) => sentences.includes(text)).length).toBeGreaterThanOrEqual(90);
  // It comes in parts.
  expect(parts.join("")).toBe(texts.map((text) => `${text}\n`).join(""));
  expect(parts.length).toBeGreaterThan(500);
  // Step by step with cached keys and values gives the same logits as all at once.
  const tokens = [end, ...tokenizer.encode(texts[0] ?? "")];
  const session = new DecodingSession(model);
  const logits = tokens.slice(0, -1).map((token) => session.advance([[token]])[0] ?? []);
  const whole = model.forward(shifted(targetsOf([tokens.slice(1)]))).select(0, 0).toArray() as number[][];
  logits.forEach((row, at) => row.forEach((logit, index) => expect(Math.abs(logit - (whole[at]?.[index] ?? NaN))).toBeLessThan(1e-4)));
});
