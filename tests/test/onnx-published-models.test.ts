import { BertForSequenceClassification, Seq2SeqTransformer, VAE } from "@nn/models";
import { toOnnx, type Exportable } from "@nn/onnx";
import { Generator, manualSeed, normal, tensor, zeros, type Tensor } from "@nn/tensor";
import type { Module } from "@nn/layers";
import { describe, expect, it } from "vitest";
import { small, type Sample } from "../model-files/samples.js";
import { differencesElsewhere, unlikeInitially } from "../onnx/published.js";

/** A model that is called with options, as a function of tensors: of whole numbers, some say which tokens are padding. */
interface Call<M extends Module> {
  readonly make: () => M;
  readonly call: (model: M) => Exportable;
}

const ids = tensor([[2, 7, 9, 3]], { dtype: "int32" });
const isPadding = (x: Tensor): Tensor => x.greater(15);
const bert = { vocabSize: 20, hiddenSize: 8, numHiddenLayers: 2, numAttentionHeads: 2, intermediateSize: 16, maxPositionEmbeddings: 8 };

/** Runs `make` and `call`, whose types belong together. */
const subject = <M extends Module>({ make, call }: Call<M>) => (generator: Generator): Exportable => {
  const model = make();
  unlikeInitially(model, generator);
  return call(model);
};

/** Models called with more than their first argument. */
const called: Readonly<Record<string, { readonly of: (generator: Generator) => Exportable; readonly inputs: Sample["inputs"] }>> = {
  "BERT, two texts and padding": {
    of: subject({
      make: () => new BertForSequenceClassification({ ...bert, numLabels: 3 }),
      call: (model) => (tokens, types, padding) => model.forward(tokens, { types: types.greater(9).cast("int32"), keyPaddingMask: isPadding(padding) }),
    }),
    inputs: [ids, ids, ids],
  },
  "Transformer, padding of source and target": {
    of: subject({
      make: () => new Seq2SeqTransformer({ vocabSize: 20, dModel: 8, nhead: 2, numEncoderLayers: 1, numDecoderLayers: 1, dimFeedforward: 12, maxPositions: 9 }),
      call: (model) => (source, target, sourcePadding, targetPadding) => model.forward(source, target, { sourceKeyPaddingMask: isPadding(sourcePadding), targetKeyPaddingMask: isPadding(targetPadding) }),
    }),
    inputs: [ids, ids, ids, ids],
  },
  "variational autoencoder, noise as an input": {
    of: subject({ make: () => new VAE({ size: 8, width: 4, latent: 3 }), call: (model) => (x, noise) => model.forward(x, { noise }) }),
    inputs: [zeros([1, 1, 8, 8]), zeros([1, 3])],
  },
};

// Models of which the least have millions of parameters are in onnx-published-models.slow.ts.
describe("published models computed by ONNX Runtime, and read again, for batches of other sizes", () => {
  const plain = Object.entries(small).map(([name, { make, inputs }]) => [name, { of: subject({ make, call: (model) => model }), inputs }] as const);
  it.each([...plain, ...Object.entries(called)])("%s", async (_, { of, inputs }) => {
    manualSeed(4);
    const generator = new Generator(5);
    expect(await differencesElsewhere(of(generator), inputs, [1, 3], generator)).toEqual([]);
  });
});

it("a model that draws random numbers is refused by the name of the operation", () => {
  const model = new VAE({ size: 8, width: 4, latent: 3 }).eval();
  expect(() => toOnnx((x: Tensor) => model.forward(x, { noise: normal([1, 3]) }), { x: zeros([1, 1, 8, 8]) }, { module: model })).toThrowErrorMatchingInlineSnapshot(`
    [OnnxError: toOnnx: these cannot be exported:
      hostCallback (random numbers, or numbers that the program computes for every call; for dropout and the like, call eval() first)
      randomBits (random numbers, or numbers that the program computes for every call; for dropout and the like, call eval() first)]
  `);
  expect(() => toOnnx(model.train(), { x: zeros([1, 1, 8, 8]) })).toThrowErrorMatchingInlineSnapshot(`[OnnxError: toOnnx: VAE is in training mode; call eval() first]`);
});
