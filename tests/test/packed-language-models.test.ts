import { compile } from "@nn/compiler";
import { GPT2LMHeadModel, LlamaForCausalLM, type CausalLanguageModel, type CausalOptions } from "@nn/models";
import { Generator, tensor, type Tensor } from "@nn/tensor";
import { packedAttentionMask, packSequences, padSequences } from "@nn/text";
import { describe, expect, it } from "vitest";

const sequences = [[3, 1, 4, 1, 5], [9, 2], [6, 5, 3, 5, 8, 9, 7], [10], [3, 2, 3]];

const models: readonly (readonly [string, CausalLanguageModel])[] = [
  ["GPT-2", new GPT2LMHeadModel({ vocabSize: 11, nPositions: 20, nEmbd: 16, nLayer: 2, nHead: 2, dtype: "float64", generator: new Generator(1) })],
  ["Llama", new LlamaForCausalLM({
    vocabSize: 11, hiddenSize: 16, intermediateSize: 24, numHiddenLayers: 2, numAttentionHeads: 4, numKeyValueHeads: 2, maxPositionEmbeddings: 20, dtype: "float64", generator: new Generator(1),
  })],
];
for (const [, model] of models) {
  // The initial weights are so small that attention hardly matters.
  for (const parameter of model.parameters()) if (parameter.shape.length > 1) parameter.value = parameter.value.mul(12);
  model.eval();
}

const ids = (rows: readonly (readonly number[])[]): Tensor => tensor(rows, { dtype: "int32" });
const alone = (model: CausalLanguageModel, sequence: readonly number[]): number[][] => (model.forward(ids([sequence])).toArray() as number[][][])[0] ?? [];

function expectNear(got: readonly (readonly number[])[], want: readonly (readonly number[])[]): void {
  expect(got.length).toBe(want.length);
  want.forEach((row, step) => row.forEach((logit, token) => expect(Math.abs((got[step]?.[token] ?? NaN) - logit)).toBeLessThan(1e-10)));
}

describe.each(models)("%s", (_, model) => {
  const eager = (x: Tensor, options: CausalOptions): Tensor => model.forward(x, options);

  it.each([["eagerly", eager], ["compiled", compile(eager)]] as const)("gives packed sequences the logits of each alone, %s", (__, forward) => {
    const batch = packSequences(sequences, { length: 9, padding: 0 });
    const mask = packedAttentionMask(batch.segments);
    const logits = forward(batch.ids, { positions: batch.positions, mask }).toArray() as number[][][];
    expect(logits.flat(2).every(Number.isFinite)).toBe(true);
    batch.rows.forEach((members, row) => {
      let at = 0;
      for (const member of members) {
        const sequence = sequences[member] ?? [];
        expectNear(logits[row]?.slice(at, at + sequence.length) ?? [], alone(model, sequence));
        at += sequence.length;
      }
    });
    // Without the mask they are others; without restarted positions too, except with rotary ones, of which only distances matter.
    const second = (options: CausalOptions): number => (forward(batch.ids, options).toArray() as number[][][])[0]?.[6]?.[0] ?? NaN;
    const want = second({ positions: batch.positions, mask });
    expect(Math.abs(second({ positions: batch.positions }) - want)).toBeGreaterThan(1e-3);
    expect(Math.abs(second({ mask }) - want) > 1e-3).toBe(model instanceof GPT2LMHeadModel);
  });

  it.each([["eagerly", eager], ["compiled", compile(eager)]] as const)("gives sequences after padding the logits of each alone, %s", (__, forward) => {
    const longest = Math.max(...sequences.map(({ length }) => length));
    const padded = ids(sequences.map((sequence) => [...Array.from({ length: longest - sequence.length }, () => 0), ...sequence]));
    const positions = ids(sequences.map(({ length }) => Array.from({ length: longest }, (___, step) => Math.max(0, step - longest + length))));
    const keyPaddingMask = tensor(sequences.map(({ length }) => Array.from({ length: longest }, (___, step) => step < longest - length)));
    const logits = forward(padded, { positions, keyPaddingMask }).toArray() as number[][][];
    expect(logits.flat(2).every(Number.isFinite)).toBe(true);
    sequences.forEach((sequence, row) => expectNear(logits[row]?.slice(longest - sequence.length) ?? [], alone(model, sequence)));
  });

  it("gives sequences before padding the logits of each alone", () => {
    const { ids: padded, keyPaddingMask } = padSequences(sequences, { padding: 0 });
    const logits = model.forward(padded, { keyPaddingMask }).toArray() as number[][][];
    sequences.forEach((sequence, row) => expectNear(logits[row]?.slice(0, sequence.length) ?? [], alone(model, sequence)));
  });

  it.each([
    [{ positions: ids([[0, 1]]) }, "positions is [1, 2], expected [1, 3]"],
    [{ positions: tensor([[0, 1, 2]]) }, "positions has dtype float32, expected int32"],
    [{ keyPaddingMask: tensor([[true, false]]) }, "keyPaddingMask is [1, 2], expected [1, 3]"],
    [{ mask: tensor([[1, 0, 0]]) }, "mask has dtype float32, expected bool"],
    [{ mask: tensor([[[true, false, false]]]) }, "mask is [1, 1, 3], expected [1, 3, 3]"],
    [{ positions: ids([[0, 1, 20]]) }, "20"],
    [{ positions: ids([[0, 1, -1]]) }, "-1"],
  ])("refuses options that do not fit: %#", (options, message) => {
    expect(() => model.forward(ids([[1, 2, 3]]), options)).toThrow(message);
  });
});
