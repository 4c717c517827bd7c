import { Linear } from "../linear/linear.js";
import { Bilinear } from "../linear/bilinear.js";
import { Identity } from "../linear/identity.js";
import { AdaptiveLogSoftmaxWithLoss } from "../linear/adaptive-log-softmax-with-loss.js";
import { Embedding } from "../embedding/embedding.js";
import { EmbeddingBag } from "../embedding/embedding-bag.js";
import { Conv1d, Conv2d, Conv3d } from "../convolution/convolution.js";
import { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from "../convolution/transposed-convolution.js";
import { DepthwiseConv1d, DepthwiseConv2d } from "../convolution/depthwise-convolution.js";
import { SeparableConv1d, SeparableConv2d } from "../convolution/separable-convolution.js";
import { Fold, Unfold } from "../convolution/unfold.js";
import { AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveAvgPool3d } from "../pooling/adaptive-avg-pool.js";
import { AdaptiveMaxPool1d, AdaptiveMaxPool2d, AdaptiveMaxPool3d } from "../pooling/adaptive-max-pool.js";
import { AvgPool1d, AvgPool2d, AvgPool3d } from "../pooling/avg-pool.js";
import { MaxPool1d, MaxPool2d, MaxPool3d } from "../pooling/max-pool.js";
import { MaxUnpool1d, MaxUnpool2d, MaxUnpool3d } from "../pooling/max-unpool.js";
import { GlobalAvgPool, GlobalMaxPool } from "../pooling/global-pool.js";
import { LpPool1d, LpPool2d, LpPool3d } from "../pooling/lp-pool.js";
import { CircularPad1d, CircularPad2d, CircularPad3d } from "../padding/circular-pad.js";
import { ReflectionPad1d, ReflectionPad2d, ReflectionPad3d } from "../padding/reflection-pad.js";
import { ReplicationPad1d, ReplicationPad2d, ReplicationPad3d } from "../padding/replication-pad.js";
import { SymmetricPad1d, SymmetricPad2d, SymmetricPad3d } from "../padding/symmetric-pad.js";
import { ZeroPad1d, ZeroPad2d, ZeroPad3d } from "../padding/zero-pad.js";
import { ConstantPad1d, ConstantPad2d, ConstantPad3d } from "../padding/constant-pad.js";
import { ChannelShuffle, PixelShuffle, PixelUnshuffle } from "../resizing/shuffle.js";
import { Upsample } from "../resizing/upsample.js";
import { BatchNorm1d, BatchNorm2d, BatchNorm3d } from "../normalization/batch-norm.js";
import { InstanceNorm1d, InstanceNorm2d, InstanceNorm3d } from "../normalization/instance-norm.js";
import { GroupNorm } from "../normalization/group-norm.js";
import { LayerNorm } from "../normalization/layer-norm.js";
import { LocalResponseNorm } from "../normalization/local-response-norm.js";
import { RMSNorm } from "../normalization/rms-norm.js";
import { LearnedPositionalEncoding, SinusoidalPositionalEncoding } from "../attention/positional-encoding.js";
import { MultiheadAttention } from "../attention/multihead-attention.js";
import { RotaryPositionalEncoding } from "../attention/rotary-positional-encoding.js";
import { Transformer } from "../attention/transformer.js";
import { TransformerDecoder, TransformerDecoderLayer } from "../attention/transformer-decoder.js";
import { TransformerEncoder, TransformerEncoderLayer } from "../attention/transformer-encoder.js";
import { GRU, GRUCell } from "../recurrent/gru.js";
import { LSTM, LSTMCell } from "../recurrent/lstm.js";
import { RNN, RNNCell } from "../recurrent/rnn.js";
import { SequenceClassifier } from "../sequence/sequence-classifier.js";
import { Dropout } from "../regularization/dropout.js";
import { AlphaDropout, FeatureAlphaDropout } from "../regularization/alpha-dropout.js";
import { Dropout1d, Dropout2d, Dropout3d } from "../regularization/channel-dropout.js";
import { StochasticDepth } from "../regularization/stochastic-depth.js";
import { GaussianNoise } from "../regularization/gaussian-noise.js";
import { Flatten, Unflatten } from "../shape/flatten.js";
import { CosineSimilarity, PairwiseDistance } from "../similarity.js";
import { Sequential } from "../sequential.js";
import { Concat, Parallel } from "../composition/branches.js";
import { Residual } from "../composition/residual.js";
import { SqueezeExcitation } from "../composition/squeeze-excitation.js";
import { CELU, ELU, SELU } from "../activation/elu.js";
import { GELU, Hardswish, Mish, SiLU } from "../activation/gelu.js";
import { GLU } from "../activation/glu.js";
import { Hardshrink, Softshrink, Tanhshrink } from "../activation/shrink.js";
import { Hardsigmoid, LogSigmoid, Sigmoid } from "../activation/sigmoid.js";
import { Hardtanh, ReLU6, Softsign, Tanh } from "../activation/tanh.js";
import { LeakyReLU, RReLU, ReLU } from "../activation/relu.js";
import { LogSoftmax, Softmax, Softmax2d, Softmin } from "../activation/softmax.js";
import { Maxout } from "../activation/maxout.js";
import { PReLU } from "../activation/prelu.js";
import { Softplus } from "../activation/softplus.js";
import { Step, Threshold } from "../activation/threshold.js";
import { lastingOptions, layerClass, layerFrom, type ModuleClasses } from "./module-class.js";

/**
 * All layers of this package, by their names. Add classes of your own with `moduleClass`: `{ ...layerClasses, Block: moduleClass(Block, (block) => [block.features]) }`. Importing this table
 * brings every layer into a bundle.
 */
export const layerClasses: ModuleClasses = {
  AdaptiveAvgPool1d: /* @__PURE__ */ layerClass(AdaptiveAvgPool1d, "size"),
  AdaptiveAvgPool2d: /* @__PURE__ */ layerClass(AdaptiveAvgPool2d, "size"),
  AdaptiveAvgPool3d: /* @__PURE__ */ layerClass(AdaptiveAvgPool3d, "size"),
  AdaptiveLogSoftmaxWithLoss: /* @__PURE__ */ layerClass(AdaptiveLogSoftmaxWithLoss, "inFeatures", "classes", "cutoffs"),
  AdaptiveMaxPool1d: /* @__PURE__ */ layerClass(AdaptiveMaxPool1d, "size"),
  AdaptiveMaxPool2d: /* @__PURE__ */ layerClass(AdaptiveMaxPool2d, "size"),
  AdaptiveMaxPool3d: /* @__PURE__ */ layerClass(AdaptiveMaxPool3d, "size"),
  AlphaDropout: /* @__PURE__ */ layerClass(AlphaDropout, "probability"),
  AvgPool1d: /* @__PURE__ */ layerClass(AvgPool1d, "window"),
  AvgPool2d: /* @__PURE__ */ layerClass(AvgPool2d, "window"),
  AvgPool3d: /* @__PURE__ */ layerClass(AvgPool3d, "window"),
  BatchNorm1d: /* @__PURE__ */ layerClass(BatchNorm1d, "features"),
  BatchNorm2d: /* @__PURE__ */ layerClass(BatchNorm2d, "features"),
  BatchNorm3d: /* @__PURE__ */ layerClass(BatchNorm3d, "features"),
  Bilinear: /* @__PURE__ */ layerClass(Bilinear, "in1Features", "in2Features", "outFeatures"),
  CELU: /* @__PURE__ */ layerClass(CELU, "alpha"),
  ChannelShuffle: /* @__PURE__ */ layerClass(ChannelShuffle, "groups"),
  CircularPad1d: /* @__PURE__ */ layerClass(CircularPad1d, "widths"),
  CircularPad2d: /* @__PURE__ */ layerClass(CircularPad2d, "widths"),
  CircularPad3d: /* @__PURE__ */ layerClass(CircularPad3d, "widths"),
  Concat: /* @__PURE__ */ layerFrom<Concat>(Concat, (layer) => [layer.branches, lastingOptions(layer)]),
  ConstantPad1d: /* @__PURE__ */ layerClass(ConstantPad1d, "widths", "value"),
  ConstantPad2d: /* @__PURE__ */ layerClass(ConstantPad2d, "widths", "value"),
  ConstantPad3d: /* @__PURE__ */ layerClass(ConstantPad3d, "widths", "value"),
  Conv1d: /* @__PURE__ */ layerClass(Conv1d, "inChannels", "outChannels", "kernelSize"),
  Conv2d: /* @__PURE__ */ layerClass(Conv2d, "inChannels", "outChannels", "kernelSize"),
  Conv3d: /* @__PURE__ */ layerClass(Conv3d, "inChannels", "outChannels", "kernelSize"),
  ConvTranspose1d: /* @__PURE__ */ layerClass(ConvTranspose1d, "inChannels", "outChannels", "kernelSize"),
  ConvTranspose2d: /* @__PURE__ */ layerClass(ConvTranspose2d, "inChannels", "outChannels", "kernelSize"),
  ConvTranspose3d: /* @__PURE__ */ layerClass(ConvTranspose3d, "inChannels", "outChannels", "kernelSize"),
  CosineSimilarity: /* @__PURE__ */ layerClass(CosineSimilarity),
  DepthwiseConv1d: /* @__PURE__ */ layerFrom(DepthwiseConv1d, (layer) => [layer.inChannels, layer.kernelSize, depthwiseOptions(layer)]),
  DepthwiseConv2d: /* @__PURE__ */ layerFrom(DepthwiseConv2d, (layer) => [layer.inChannels, layer.kernelSize, depthwiseOptions(layer)]),
  Dropout: /* @__PURE__ */ layerClass(Dropout, "probability"),
  Dropout1d: /* @__PURE__ */ layerClass(Dropout1d, "probability"),
  Dropout2d: /* @__PURE__ */ layerClass(Dropout2d, "probability"),
  Dropout3d: /* @__PURE__ */ layerClass(Dropout3d, "probability"),
  ELU: /* @__PURE__ */ layerClass(ELU, "alpha"),
  Embedding: /* @__PURE__ */ layerClass(Embedding, "count", "features"),
  EmbeddingBag: /* @__PURE__ */ layerClass(EmbeddingBag, "count", "features"),
  FeatureAlphaDropout: /* @__PURE__ */ layerClass(FeatureAlphaDropout, "probability"),
  Flatten: /* @__PURE__ */ layerClass(Flatten),
  Fold: /* @__PURE__ */ layerClass(Fold, "outputSize", "kernelSize"),
  GaussianNoise: /* @__PURE__ */ layerClass(GaussianNoise, "std"),
  GELU: /* @__PURE__ */ layerClass(GELU),
  GlobalAvgPool: /* @__PURE__ */ layerClass(GlobalAvgPool),
  GlobalMaxPool: /* @__PURE__ */ layerClass(GlobalMaxPool),
  GLU: /* @__PURE__ */ layerClass(GLU, "axis"),
  GroupNorm: /* @__PURE__ */ layerClass(GroupNorm, "groups", "channels"),
  GRU: /* @__PURE__ */ layerClass(GRU, "inputSize", "hiddenSize"),
  GRUCell: /* @__PURE__ */ layerClass(GRUCell, "inputSize", "hiddenSize"),
  Hardshrink: /* @__PURE__ */ layerClass(Hardshrink, "lambda"),
  Hardsigmoid: /* @__PURE__ */ layerClass(Hardsigmoid),
  Hardswish: /* @__PURE__ */ layerClass(Hardswish),
  Hardtanh: /* @__PURE__ */ layerClass(Hardtanh, "low", "high"),
  Identity: /* @__PURE__ */ layerClass(Identity),
  InstanceNorm1d: /* @__PURE__ */ layerClass(InstanceNorm1d, "features"),
  InstanceNorm2d: /* @__PURE__ */ layerClass(InstanceNorm2d, "features"),
  InstanceNorm3d: /* @__PURE__ */ layerClass(InstanceNorm3d, "features"),
  LayerNorm: /* @__PURE__ */ layerClass(LayerNorm, "shape"),
  LeakyReLU: /* @__PURE__ */ layerClass(LeakyReLU, "negativeSlope"),
  LearnedPositionalEncoding: /* @__PURE__ */ layerFrom(LearnedPositionalEncoding, (layer) => [...layer.weight.shape, lastingOptions(layer)]),
  Linear: /* @__PURE__ */ layerClass(Linear, "inFeatures", "outFeatures"),
  LocalResponseNorm: /* @__PURE__ */ layerClass(LocalResponseNorm, "size"),
  LogSigmoid: /* @__PURE__ */ layerClass(LogSigmoid),
  LogSoftmax: /* @__PURE__ */ layerClass(LogSoftmax, "axis"),
  LpPool1d: /* @__PURE__ */ layerClass(LpPool1d, "p", "window"),
  LpPool2d: /* @__PURE__ */ layerClass(LpPool2d, "p", "window"),
  LpPool3d: /* @__PURE__ */ layerClass(LpPool3d, "p", "window"),
  LSTM: /* @__PURE__ */ layerClass(LSTM, "inputSize", "hiddenSize"),
  LSTMCell: /* @__PURE__ */ layerClass(LSTMCell, "inputSize", "hiddenSize"),
  Maxout: /* @__PURE__ */ layerClass(Maxout, "pieces", "axis"),
  MaxPool1d: /* @__PURE__ */ layerClass(MaxPool1d, "window"),
  MaxPool2d: /* @__PURE__ */ layerClass(MaxPool2d, "window"),
  MaxPool3d: /* @__PURE__ */ layerClass(MaxPool3d, "window"),
  MaxUnpool1d: /* @__PURE__ */ layerClass(MaxUnpool1d, "window"),
  MaxUnpool2d: /* @__PURE__ */ layerClass(MaxUnpool2d, "window"),
  MaxUnpool3d: /* @__PURE__ */ layerClass(MaxUnpool3d, "window"),
  Mish: /* @__PURE__ */ layerClass(Mish),
  MultiheadAttention: /* @__PURE__ */ layerClass(MultiheadAttention, "features", "heads"),
  PairwiseDistance: /* @__PURE__ */ layerClass(PairwiseDistance),
  Parallel: /* @__PURE__ */ layerFrom<Parallel>(Parallel, (layer) => [layer.branches]),
  PixelShuffle: /* @__PURE__ */ layerClass(PixelShuffle, "factor"),
  PixelUnshuffle: /* @__PURE__ */ layerClass(PixelUnshuffle, "factor"),
  PReLU: /* @__PURE__ */ layerFrom(PReLU, (layer) => [...layer.weight.shape, lastingOptions(layer)]),
  ReflectionPad1d: /* @__PURE__ */ layerClass(ReflectionPad1d, "widths"),
  ReflectionPad2d: /* @__PURE__ */ layerClass(ReflectionPad2d, "widths"),
  ReflectionPad3d: /* @__PURE__ */ layerClass(ReflectionPad3d, "widths"),
  ReLU: /* @__PURE__ */ layerClass(ReLU),
  ReLU6: /* @__PURE__ */ layerClass(ReLU6),
  ReplicationPad1d: /* @__PURE__ */ layerClass(ReplicationPad1d, "widths"),
  ReplicationPad2d: /* @__PURE__ */ layerClass(ReplicationPad2d, "widths"),
  ReplicationPad3d: /* @__PURE__ */ layerClass(ReplicationPad3d, "widths"),
  Residual: /* @__PURE__ */ layerClass(Residual, "body"),
  RMSNorm: /* @__PURE__ */ layerClass(RMSNorm, "shape"),
  RNN: /* @__PURE__ */ layerClass(RNN, "inputSize", "hiddenSize"),
  RNNCell: /* @__PURE__ */ layerClass(RNNCell, "inputSize", "hiddenSize"),
  RotaryPositionalEncoding: /* @__PURE__ */ layerClass(RotaryPositionalEncoding, "size"),
  RReLU: /* @__PURE__ */ layerClass(RReLU, "lower", "upper"),
  SELU: /* @__PURE__ */ layerClass(SELU),
  SeparableConv1d: /* @__PURE__ */ layerFrom(SeparableConv1d, separable),
  SeparableConv2d: /* @__PURE__ */ layerFrom(SeparableConv2d, separable),
  SequenceClassifier: /* @__PURE__ */ layerFrom(SequenceClassifier, (layer) => [layer.linear.inFeatures, layer.linear.outFeatures, lastingOptions(layer)]),
  Sequential: /* @__PURE__ */ layerFrom(Sequential, (layer) => layer.layers),
  Sigmoid: /* @__PURE__ */ layerClass(Sigmoid),
  SiLU: /* @__PURE__ */ layerClass(SiLU),
  SinusoidalPositionalEncoding: /* @__PURE__ */ layerClass(SinusoidalPositionalEncoding, "features"),
  Softmax: /* @__PURE__ */ layerClass(Softmax, "axis"),
  Softmax2d: /* @__PURE__ */ layerClass(Softmax2d),
  Softmin: /* @__PURE__ */ layerClass(Softmin, "axis"),
  Softplus: /* @__PURE__ */ layerClass(Softplus),
  Softshrink: /* @__PURE__ */ layerClass(Softshrink, "lambda"),
  Softsign: /* @__PURE__ */ layerClass(Softsign),
  SqueezeExcitation: /* @__PURE__ */ layerFrom(SqueezeExcitation, (layer) => [layer.fc1.inChannels, layer.fc1.outChannels, lastingOptions(layer)]),
  Step: /* @__PURE__ */ layerClass(Step),
  StochasticDepth: /* @__PURE__ */ layerClass(StochasticDepth, "probability"),
  SymmetricPad1d: /* @__PURE__ */ layerClass(SymmetricPad1d, "widths"),
  SymmetricPad2d: /* @__PURE__ */ layerClass(SymmetricPad2d, "widths"),
  SymmetricPad3d: /* @__PURE__ */ layerClass(SymmetricPad3d, "widths"),
  Tanh: /* @__PURE__ */ layerClass(Tanh),
  Tanhshrink: /* @__PURE__ */ layerClass(Tanhshrink),
  Threshold: /* @__PURE__ */ layerClass(Threshold, "threshold", "value"),
  Transformer: /* @__PURE__ */ layerFrom(Transformer, (layer) => [...headsOf(layer.encoder.layers[0]), lastingOptions(layer)]),
  TransformerDecoder: /* @__PURE__ */ layerClass(TransformerDecoder, "layers"),
  TransformerDecoderLayer: /* @__PURE__ */ layerFrom(TransformerDecoderLayer, (layer) => [...headsOf(layer), lastingOptions(layer)]),
  TransformerEncoder: /* @__PURE__ */ layerClass(TransformerEncoder, "layers"),
  TransformerEncoderLayer: /* @__PURE__ */ layerFrom(TransformerEncoderLayer, (layer) => [...headsOf(layer), lastingOptions(layer)]),
  Unflatten: /* @__PURE__ */ layerClass(Unflatten, "axis", "sizes"),
  Unfold: /* @__PURE__ */ layerClass(Unfold, "kernelSize"),
  Upsample: /* @__PURE__ */ layerClass(Upsample),
  ZeroPad1d: /* @__PURE__ */ layerClass(ZeroPad1d, "widths"),
  ZeroPad2d: /* @__PURE__ */ layerClass(ZeroPad2d, "widths"),
  ZeroPad3d: /* @__PURE__ */ layerClass(ZeroPad3d, "widths"),
};

/** The multiplier is given as groups to the convolution that computes it. */
function depthwiseOptions(layer: DepthwiseConv1d | DepthwiseConv2d, ...omitted: readonly string[]): Readonly<Record<string, unknown>> {
  return { ...lastingOptions(layer, "groups", ...omitted), multiplier: layer.outChannels / layer.inChannels };
}

/** The options went to the convolution of each channel, except the bias, which the convolution across channels has. */
function separable({ depthwise, pointwise }: SeparableConv1d | SeparableConv2d): readonly unknown[] {
  const { bias } = lastingOptions(pointwise);
  return [depthwise.inChannels, pointwise.outChannels, depthwise.kernelSize, { ...depthwiseOptions(depthwise, "bias"), ...(bias === undefined ? {} : { bias }) }];
}

function headsOf(layer: TransformerEncoderLayer | TransformerDecoderLayer | undefined): readonly unknown[] {
  return layer === undefined ? [] : [layer.selfAttn.features, layer.selfAttn.heads];
}
