import {
  LayerNorm, MultiheadAttention, Transformer, TransformerDecoderLayer, TransformerEncoder, TransformerEncoderLayer,
  type TransformerLayerOptions, type TransformerOptions,
} from "@nn/layers";
import type { FloatDType, Tensor } from "@nn/tensor";
import { Arguments } from "./arguments.js";
import type { CalledModuleFactory } from "./called-modules.js";

const sizes = (args: Arguments): [number, number] => [args.number("d_model"), args.number("nhead")];

function layerOptions(args: Arguments, dtype: FloatDType): TransformerLayerOptions {
  return {
    feedForward: args.number("dim_feedforward", 2048),
    dropout: args.number("dropout", 0.1),
    activation: args.text("activation", "relu") === "gelu" ? "gelu" : "relu",
    normFirst: args.boolean("norm_first", false),
    batchFirst: args.boolean("batch_first", false),
    epsilon: args.number("layer_norm_eps", 1e-5),
    dtype,
  };
}

function encoderLayer(args: Arguments, dtype: FloatDType): TransformerEncoderLayer {
  return new TransformerEncoderLayer(...sizes(args), layerOptions(args, dtype));
}

/** Attention and what is built of it. */
export const attentionModules: Readonly<Record<string, CalledModuleFactory>> = {
  "nn.MultiheadAttention": (args, dtype, callArgs) => {
    args.ignore("add_bias_kv");
    const module = new MultiheadAttention(args.number("embed_dim"), args.number("num_heads"), {
      bias: args.boolean("bias", true),
      keyFeatures: args.maybeNumber("kdim"),
      valueFeatures: args.maybeNumber("vdim"),
      batchFirst: args.boolean("batch_first", false),
      dtype,
    });
    const perHead = !callArgs.boolean("average_attn_weights", true);
    const weights = !callArgs.boolean("need_weights", true) ? undefined : perHead ? "perHead" : "average";
    return {
      module,
      call: ({ query, key, value, attn_mask: mask, key_padding_mask: keyPaddingMask }) => {
        const result = module.forward(query as Tensor, key, value, { mask, keyPaddingMask, weights });
        return [result.output, ...(result.weights === undefined ? [] : [result.weights])];
      },
    };
  },
  "nn.TransformerEncoderLayer": (args, dtype) => {
    const module = encoderLayer(args, dtype);
    return { module, call: ({ src, src_mask: mask, src_key_padding_mask: keyPaddingMask }) => [module.forward(src as Tensor, { mask, keyPaddingMask })] };
  },
  "nn.TransformerDecoderLayer": (args, dtype) => {
    const module = new TransformerDecoderLayer(...sizes(args), layerOptions(args, dtype));
    return {
      module,
      call: ({ tgt, memory, tgt_mask: mask, memory_key_padding_mask: memoryKeyPaddingMask }) =>
        [module.forward(tgt as Tensor, memory as Tensor, { mask, memoryKeyPaddingMask })],
    };
  },
  "nn.TransformerEncoder": (args, dtype) => {
    const ofLayer = new Arguments(args.record("encoder_layer"));
    const layers = Array.from({ length: args.number("num_layers") }, () => encoderLayer(ofLayer, dtype));
    const norm = args.boolean("norm") ? new LayerNorm(ofLayer.number("d_model"), { dtype }) : undefined;
    const module = new TransformerEncoder(layers, { norm });
    return { module, call: ({ src }) => [module.forward(src as Tensor)] };
  },
  "nn.Transformer": (args, dtype) => {
    const options: TransformerOptions = {
      ...layerOptions(args, dtype), encoderLayers: args.number("num_encoder_layers", 6), decoderLayers: args.number("num_decoder_layers", 6),
    };
    const module = new Transformer(...sizes(args), options);
    return { module, call: ({ src, tgt, tgt_mask: targetMask }) => [module.forward(src as Tensor, tgt as Tensor, { targetMask })] };
  },
};
