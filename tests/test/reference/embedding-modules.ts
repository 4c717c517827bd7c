import { Embedding, EmbeddingBag, type EmbeddingLayerOptions } from "@nn/layers";
import type { Tensor } from "@nn/tensor";
import type { Arguments } from "./arguments.js";
import type { CalledModuleFactory } from "./called-module.js";
import type { ModuleFactory } from "./module-factory.js";

const sizes = (args: Arguments): [number, number] => [args.number("num_embeddings"), args.number("embedding_dim")];

function tableOptions(args: Arguments): EmbeddingLayerOptions {
  args.only("sparse", true, false); // how PyTorch stores gradients
  return {
    paddingIndex: args.maybeNumber("padding_idx"), scaleGradientByFrequency: args.boolean("scale_grad_by_freq", false),
    maxNorm: args.maybeNumber("max_norm"), normType: args.number("norm_type", 2),
  };
}

/** Embeddings. */
export const embeddingModules: Readonly<Record<string, ModuleFactory>> = {
  "nn.Embedding": (args, dtype) => new Embedding(...sizes(args), {
    ...tableOptions(args), dtype,
  }),
};

/** Embedding bags. */
export const calledEmbeddingModules: Readonly<Record<string, CalledModuleFactory>> = {
  "nn.EmbeddingBag": (args, dtype) => {
    const module = new EmbeddingBag(...sizes(args), {
      mode: args.choice("mode", { sum: "sum", mean: "mean", max: "max" } as const, "mean"),
      ...tableOptions(args),
      includeLastOffset: args.boolean("include_last_offset", false),
      dtype,
    });
    return {
      module,
      call: ({ input, offsets, per_sample_weights: perSampleWeights }) => [module.forward(input as Tensor, { offsets, perSampleWeights })],
    };
  },
};
