import { Embedding, EmbeddingBag } from "@nn/layers";
import type { Tensor } from "@nn/tensor";
import type { Arguments } from "./arguments.js";
import type { CalledModuleFactory } from "./called-modules.js";
import type { ModuleFactory } from "./modules.js";

const sizes = (args: Arguments): [number, number] => [args.number("num_embeddings"), args.number("embedding_dim")];

/** Tables that are looked up. */
export const embeddingModules: Readonly<Record<string, ModuleFactory>> = {
  "nn.Embedding": (args, dtype) => new Embedding(...sizes(args), {
    paddingIndex: args.maybeNumber("padding_idx"), scaleGradientByFrequency: args.boolean("scale_grad_by_freq", false), dtype,
  }),
};

/** Tables whose rows are put together. */
export const calledEmbeddingModules: Readonly<Record<string, CalledModuleFactory>> = {
  "nn.EmbeddingBag": (args, dtype) => {
    const module = new EmbeddingBag(...sizes(args), {
      mode: args.text("mode", "mean") as "sum" | "mean" | "max",
      paddingIndex: args.maybeNumber("padding_idx"),
      includeLastOffset: args.boolean("include_last_offset", false),
      dtype,
    });
    return {
      module,
      call: ({ input, offsets, per_sample_weights: perSampleWeights }) => [module.forward(input as Tensor, { offsets, perSampleWeights })],
    };
  },
};
