import {
  LayerNorm, MultiheadAttention, Transformer, TransformerDecoder, TransformerDecoderLayer, TransformerEncoder, TransformerEncoderLayer,
  type TransformerLayerOptions, type TransformerOptions,
} from "@nn/layers";
import type { FloatDType, Tensor } from "@nn/tensor";
import type { Arguments } from "./arguments.js";
import type { CalledModuleFactory } from "./called-module.js";

const sizes = (args: Arguments): [number, number] => [args.number("d_model"), args.number("nhead")];

function layerOptions(args: Arguments, dtype: FloatDType): TransformerLayerOptions {
  return {
    feedForward: args.number("dim_feedforward", 2048),
    dropout: args.number("dropout", 0.1),
    activation: args.choice("activation", { relu: "relu", gelu: "gelu" } as const, "relu"),
    normFirst: args.boolean("norm_first", false),
    batchFirst: args.boolean("batch_first", false),
    bias: args.boolean("bias", true),
    epsilon: args.number("layer_norm_eps", 1e-5),
    dtype,
  };
}

const encoderLayer = (args: Arguments, dtype: FloatDType): TransformerEncoderLayer => new TransformerEncoderLayer(...sizes(args), layerOptions(args, dtype));
const decoderLayer = (args: Arguments, dtype: FloatDType): TransformerDecoderLayer => new TransformerDecoderLayer(...sizes(args), layerOptions(args, dtype));

/** Copies of a recorded layer, and the normalisation after them. */
function stack<Layer>(args: Arguments, name: string, dtype: FloatDType, make: (args: Arguments, dtype: FloatDType) => Layer): [Layer[], { norm: LayerNorm | undefined }] {
  const ofLayer = args.part(name);
  args.only("enable_nested_tensor", true, false);
  const layers = Array.from({ length: args.number("num_layers") }, () => make(ofLayer, dtype));
  const norm = args.isGiven("norm") && args.boolean("norm") ? new LayerNorm(ofLayer.number("d_model"), { dtype }) : undefined;
  if (norm === undefined) args.only("norm", null, false);
  return [layers, { norm }];
}

const decoderMasks = ({ tgt_mask: mask, memory_mask: memoryMask, tgt_key_padding_mask: keyPaddingMask, memory_key_padding_mask: memoryKeyPaddingMask }:
  Readonly<Record<string, Tensor>>) => ({ mask, memoryMask, keyPaddingMask, memoryKeyPaddingMask });

/** Attention, and modules built from it. */
export const attentionModules: Readonly<Record<string, CalledModuleFactory>> = {
  "nn.MultiheadAttention": (args, dtype, callArgs) => {
    const module = new MultiheadAttention(args.number("embed_dim"), args.number("num_heads"), {
      dropout: args.number("dropout", 0),
      bias: args.boolean("bias", true),
      keyFeatures: args.maybeNumber("kdim"),
      valueFeatures: args.maybeNumber("vdim"),
      batchFirst: args.boolean("batch_first", false),
      biasKeyValue: args.boolean("add_bias_kv", false),
      zeroAttention: args.boolean("add_zero_attn", false),
      dtype,
    });
    // PyTorch's argument is only a hint that the mask, which is also given, is causal.
    const causal = callArgs.boolean("is_causal", false);
    const perHead = !callArgs.boolean("average_attn_weights", true);
    const weights = !callArgs.boolean("need_weights", true) ? undefined : perHead ? "perHead" : "average";
    return {
      module,
      call: ({ query, key, value, attn_mask: mask, key_padding_mask: keyPaddingMask }) => {
        const result = module.forward(query as Tensor, key, value, { mask, keyPaddingMask, causal, weights });
        return [result.output, ...(result.weights === undefined ? [] : [result.weights])];
      },
    };
  },
  "nn.TransformerEncoderLayer": (args, dtype) => {
    const module = encoderLayer(args, dtype);
    return { module, call: ({ src, src_mask: mask, src_key_padding_mask: keyPaddingMask }) => [module.forward(src as Tensor, { mask, keyPaddingMask })] };
  },
  "nn.TransformerDecoderLayer": (args, dtype) => {
    const module = decoderLayer(args, dtype);
    return { module, call: (inputs) => [module.forward(inputs["tgt"] as Tensor, inputs["memory"] as Tensor, decoderMasks(inputs))] };
  },
  "nn.TransformerEncoder": (args, dtype) => {
    const module = new TransformerEncoder(...stack(args, "encoder_layer", dtype, encoderLayer));
    return { module, call: ({ src, mask, src_mask: sourceMask, src_key_padding_mask: keyPaddingMask }) => [module.forward(src as Tensor, { mask: mask ?? sourceMask, keyPaddingMask })] };
  },
  "nn.TransformerDecoder": (args, dtype) => {
    const module = new TransformerDecoder(...stack(args, "decoder_layer", dtype, decoderLayer));
    return { module, call: (inputs) => [module.forward(inputs["tgt"] as Tensor, inputs["memory"] as Tensor, decoderMasks(inputs))] };
  },
  "nn.Transformer": (args, dtype) => {
    const options: TransformerOptions = {
      ...layerOptions(args, dtype), encoderLayers: args.number("num_encoder_layers", 6), decoderLayers: args.number("num_decoder_layers", 6),
    };
    args.only("custom_encoder", null);
    args.only("custom_decoder", null);
    const module = new Transformer(...sizes(args), options);
    return {
      module,
      call: ({
        src, tgt, src_mask: sourceMask, tgt_mask: targetMask, memory_mask: memoryMask, src_key_padding_mask: sourceKeyPaddingMask,
        tgt_key_padding_mask: targetKeyPaddingMask, memory_key_padding_mask: memoryKeyPaddingMask,
      }) => [module.forward(src as Tensor, tgt as Tensor, {
        sourceMask, targetMask, memoryMask, sourceKeyPaddingMask, targetKeyPaddingMask, memoryKeyPaddingMask,
      })],
    };
  },
};
