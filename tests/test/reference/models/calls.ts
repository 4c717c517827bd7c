import type { Module } from "@nn/layers";
import { Tensor } from "@nn/tensor";
import { UnknownTarget } from "../outcome.js";

/** Tensors by the names that the recordings give them. */
export type Named = Readonly<Record<string, Tensor>>;

type Forward = (...inputs: readonly unknown[]) => unknown;

/** The recorded mask of BERT is 0 for the keys that are hidden. */
const bert = (forward: Forward, { ids, types, mask }: Named): unknown => forward(ids, { types, keyPaddingMask: mask?.equal(0) });

/** Calls of models that take or give more than one tensor, by their class; `wanted` are the recorded names of the outputs. */
const calls: Readonly<Record<string, (forward: Forward, inputs: Named) => unknown>> = {
  VAE: (forward, { x, eps }) => forward(x, { noise: eps }),
  BertForMaskedLM: bert,
  BertForSequenceClassification: bert,
  BertModel: bert,
  Seq2SeqTransformer: (forward, { src, tgt, srcPadding, tgtPadding }) => forward(src, tgt, { sourceKeyPaddingMask: srcPadding, targetKeyPaddingMask: tgtPadding }),
};

/** The outputs of a model by name. A model with auxiliary outputs gives them by `forwardWithAux`. */
export function callModel(model: Module, inputs: Named, wanted: readonly string[]): Named {
  const method = wanted.length > 1 && "forwardWithAux" in model ? model.forwardWithAux : model.forward;
  const forward: Forward = (...given) => Reflect.apply(method as Forward, model, given) as unknown;
  const call = calls[model.constructor.name] ?? ((): unknown => {
    const [input, ...others] = Object.values(inputs);
    if (others.length > 0) throw new UnknownTarget(`${model.constructor.name} of ${Object.keys(inputs).join(", ")}`);
    return forward(input);
  });
  const output = call(forward, inputs);
  const named = output instanceof Tensor ? { [wanted[0] ?? ""]: output } : (output as Named);
  const missing = wanted.find((name) => !(named[name] instanceof Tensor));
  if (missing !== undefined) throw new TypeError(`${model.constructor.name} gives ${Object.keys(named).join(", ")}, but no ${missing}`);
  return named;
}
