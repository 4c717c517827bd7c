import { Generator, narrow, tensor, type Tensor } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { BertForMaskedLM, BertForSequenceClassification, BertForTokenClassification, BertModel, GPT2LMHeadModel, Seq2SeqTransformer } from "../../src/index.js";
import { smallGpt2, smallLlama } from "./support.js";

const ids = (rows: readonly (readonly number[])[]): Tensor => tensor(rows, { dtype: "int32" });
const options = { vocabSize: 12, hiddenSize: 8, numHiddenLayers: 1, numAttentionHeads: 2, intermediateSize: 16, maxPositionEmbeddings: 6 };
const difference = (a: Tensor, b: Tensor): number => a.sub(b).abs().max().item();

describe("BERT", () => {
  it("does not look at padding", () => {
    const model = new BertForTokenClassification({ ...options, numLabels: 3, generator: new Generator(1) }).eval();
    const padded = model.forward(ids([[1, 2, 3, 0, 0]]), { keyPaddingMask: tensor([[0, 0, 0, 1, 1]]).cast("bool") });
    expect(padded.shape).toEqual([1, 5, 3]);
    expect(difference(narrow(padded, 1, 0, 3), model.forward(ids([[1, 2, 3]])))).toBeLessThan(1e-6);
  });

  it("drops features in training mode only", () => {
    const model = new BertForSequenceClassification({ ...options, generator: new Generator(1) });
    const x = ids([[1, 2, 3]]);
    expect(difference(model.forward(x), model.forward(x))).toBeGreaterThan(0);
    model.eval();
    expect(difference(model.forward(x), model.forward(x))).toBe(0);
    expect(difference(model.forward(x), model.forward(x, { types: ids([[0, 0, 0]]) }))).toBe(0);
  });

  it("takes published files of pre-trained models", () => {
    const model = new BertForMaskedLM({ ...options, generator: new Generator(1) });
    const state = model.stateDict();
    const published: Record<string, Tensor> = { "bert.embeddings.position_ids": ids([[0, 1]]), "cls.seq_relationship.weight": tensor([[1]]), "bert.pooler.dense.bias": tensor([1]) };
    for (const [name, value] of Object.entries(state)) {
      if (!name.startsWith("cls.predictions.decoder.")) published[name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta")] = value;
    }
    const other = new BertForMaskedLM({ ...options, generator: new Generator(2) });
    expect(other.loadStateDict(published)).toEqual({ missing: [], unexpected: [] });
    expect(difference(other.eval().forward(ids([[1, 2]])), model.eval().forward(ids([[1, 2]])))).toBe(0);
    expect(() => other.loadStateDict({ ...published, "bert.more": tensor([1]) })).toThrow("unexpected: bert.more");
  });

  it.each([
    [() => new BertModel({ ...options, numAttentionHeads: 3 })],
    [() => new BertModel({ hidden: 3 } as never)],
    [() => new BertModel(options).forward(ids([[1, 2, 3, 4, 5, 6, 7]]))],
    [() => new BertModel(options).forward(tensor([[1, 2]]))],
    [() => new BertModel(options).forward(tensor([1, 2], { dtype: "int32" }))],
    [() => new BertModel(options).forward(ids([[1, 2]]), { types: ids([[1]]) })],
    [() => new BertModel(options).forward(ids([[1, 2]]), { keyPaddingMask: ids([[1, 1]]) })],
  ])("refuses what does not fit: %#", (make) => {
    expect(make).toThrowErrorMatchingSnapshot();
  });
});

describe("GPT-2", () => {
  it("takes published files, with or without the head", () => {
    const model = smallGpt2();
    const state = model.stateDict();
    const base: Record<string, Tensor> = { "h.0.attn.bias": tensor([1]), "h.1.attn.masked_bias": tensor(1) };
    for (const [name, value] of Object.entries(state)) if (name !== "lm_head.weight") base[name.replace("transformer.", "")] = value;
    for (const published of [state, base]) {
      const other = new GPT2LMHeadModel({ vocabSize: 11, nPositions: 100, nEmbd: 16, nLayer: 2, nHead: 2, dtype: "float64", generator: new Generator(2) });
      expect(other.loadStateDict(published)).toEqual({ missing: [], unexpected: [] });
      expect(difference(other.eval().forward(ids([[1, 2]])), model.forward(ids([[1, 2]])))).toBe(0);
    }
    expect(() => model.loadStateDict([] as never)).toThrow("loadStateDict: got an array of 0");
    expect(() => model.loadStateDict({})).toThrow("missing: transformer.wte.weight");
  });

  it("has one tensor for embeddings and logits", () => {
    const model = smallGpt2();
    expect(model.lmHead.weight).toBe(model.transformer.wte.weight);
    expect([...model.namedParameters().keys()]).not.toContain("lm_head.weight");
    expect(Object.keys(model.stateDict())).toContain("lm_head.weight");
  });

  it.each([
    [() => smallGpt2().forward(ids([[1]]), { caches: [] })],
    [() => smallGpt2().forward(ids([[1]]), { caches: [1, 2] as never })],
    [() => smallGpt2().forward(ids([[1]]), { caches: [undefined, undefined] as never })],
    [() => smallGpt2().forward(ids([[1]]), { last: true } as never)],
    [() => smallGpt2().forward(ids([Array.from({ length: 101 }, () => 1)]))],
    [() => new GPT2LMHeadModel({ nEmbd: 10, nHead: 3 })],
  ])("refuses what does not fit: %#", (make) => {
    expect(make).toThrowErrorMatchingSnapshot();
  });
});

describe("causal models", () => {
  it.each([["GPT-2", smallGpt2()], ["Llama", smallLlama()]] as const)("%s does not look at later tokens", (_, model) => {
    const [short, long] = [model.forward(ids([[1, 2, 3]])), model.forward(ids([[1, 2, 3, 9, 9]]))];
    expect(difference(short, narrow(long, 1, 0, 3))).toBeLessThan(1e-12);
    expect(difference(model.forward(ids([[1, 2, 3]]), { onlyLast: true }), narrow(short, 1, 2, 1))).toBeLessThan(1e-12);
  });
});

describe("Seq2SeqTransformer", () => {
  const model = new Seq2SeqTransformer({ vocabSize: 12, dModel: 8, nhead: 2, numEncoderLayers: 1, numDecoderLayers: 1, dimFeedforward: 16, generator: new Generator(1) }).eval();

  it("looks neither at padding nor at later tokens of the target", () => {
    const [source, target] = [ids([[1, 2, 3]]), ids([[4, 5]])];
    const want = model.forward(source, target);
    const padded = model.forward(ids([[1, 2, 3, 0]]), ids([[4, 5, 0]]), {
      sourceKeyPaddingMask: tensor([[0, 0, 0, 1]]).cast("bool"), targetKeyPaddingMask: tensor([[0, 0, 1]]).cast("bool"),
    });
    expect(difference(narrow(padded, 1, 0, 2), want)).toBeLessThan(1e-6);
  });

  it("refuses what does not fit", () => {
    expect(() => model.forward(ids([[1]]), tensor([[1]]))).toThrow("Seq2SeqTransformer: the dtype of target is float32, expected int32");
    const memory = model.encode(ids([[1]]));
    expect(() => model.decode([[1]] as never, memory)).toThrow("Seq2SeqTransformer: target is an array of 1, expected a Tensor");
    expect(() => model.decode(ids([[1]]), [[1]] as never)).toThrow("Seq2SeqTransformer: memory is an array of 1, expected a Tensor");
    expect(() => model.decode(ids([[1]]), memory, null as never)).toThrow("Seq2SeqTransformer: the options are null, expected an object");
    expect(() => model.decode(ids([[1]]), memory, { onlylast: true } as never)).toThrow('Seq2SeqTransformer: there is no option "onlylast"');
    expect(() => new Seq2SeqTransformer({ dModel: 10, nhead: 3 })).toThrow("dModel is 10, which cannot be divided by nhead, 3");
  });
});
