import type { Module } from "@nn/layers";
import {
  AlexNet, Autoencoder, BertForMaskedLM, BertForSequenceClassification, BertForTokenClassification, BertModel, ConvNeXt, DCGANDiscriminator, DCGANGenerator, DeepLabV3, DenseNet, DQN, EfficientNet, FCN, GoogLeNet,
  GPT2LMHeadModel, InceptionV3, LeNet5, LlamaForCausalLM, LRASPP, MLP, MobileNetV2, MobileNetV3, NatureDQN, ResNet, ResNetBackbone, Seq2SeqTransformer, ShuffleNetV2, SqueezeNet, SwinTransformer, UNet, VAE, VGG,
  VisionTransformer,
} from "@nn/models";
import { Generator, isTensor, normal, tensor, type Tensor } from "@nn/tensor";

/** A model with options of its own, and inputs for it. */
export interface Sample {
  readonly make: () => Module;
  readonly inputs: readonly Tensor[];
}

const image = (channels: number, size: number): readonly Tensor[] => [normal([1, channels, size, size], { generator: new Generator(1) })];
const features = (width: number): readonly Tensor[] => [normal([2, width], { generator: new Generator(1) })];
const ids = tensor([[2, 7, 9, 3]], { dtype: "int32" });

const bert = { vocabSize: 20, hiddenSize: 8, numHiddenLayers: 2, numAttentionHeads: 2, intermediateSize: 16, maxPositionEmbeddings: 8, hiddenDropoutProb: 0.2 };
const tiny = { block: "Bottleneck", layers: [1, 1, 1, 1], groups: 2, widthPerGroup: 8, replaceStrideWithDilation: [false, false, true] } as const;

/** A small model of each class that has small ones. */
export const small: Readonly<Record<string, Sample>> = {
  Autoencoder: { make: () => new Autoencoder({ size: 8, width: 4, latent: 3 }), inputs: image(1, 8) },
  BertForMaskedLM: { make: () => new BertForMaskedLM(bert), inputs: [ids] },
  BertForSequenceClassification: { make: () => new BertForSequenceClassification({ ...bert, numLabels: 3 }), inputs: [ids] },
  BertForTokenClassification: { make: () => new BertForTokenClassification({ ...bert, numLabels: 5 }), inputs: [ids] },
  BertModel: { make: () => new BertModel(bert), inputs: [ids] },
  ConvNeXt: { make: () => new ConvNeXt({ blockSetting: [[4, 6, 1], [6, null, 2]], numClasses: 3 }), inputs: image(3, 16) },
  DCGANDiscriminator: { make: () => new DCGANDiscriminator({ nc: 1, ndf: 4 }), inputs: image(1, 64) },
  DCGANGenerator: { make: () => new DCGANGenerator({ nz: 5, ngf: 4, nc: 1 }), inputs: image(5, 1) },
  DQN: { make: () => new DQN({ observations: 3, actions: 2, hidden: 7 }), inputs: features(3) },
  DenseNet: { make: () => new DenseNet({ growthRate: 4, blockConfig: [1, 2], numInitFeatures: 8, numClasses: 3 }), inputs: image(3, 32) },
  EfficientNet: { make: () => new EfficientNet({ widthMult: 0.25, depthMult: 0.25, numClasses: 3 }), inputs: image(3, 32) },
  GPT2LMHeadModel: { make: () => new GPT2LMHeadModel({ vocabSize: 20, nPositions: 8, nEmbd: 8, nLayer: 2, nHead: 2, generator: new Generator(3) }), inputs: [ids] },
  LeNet5: { make: () => new LeNet5({ numClasses: 3 }), inputs: image(1, 28) },
  LlamaForCausalLM: { make: () => new LlamaForCausalLM({ vocabSize: 20, hiddenSize: 8, intermediateSize: 12, numHiddenLayers: 2, numAttentionHeads: 4, numKeyValueHeads: 2, tieWordEmbeddings: true }), inputs: [ids] },
  MLP: { make: () => new MLP({ sizes: [4, 5, 2], activation: "tanh" }), inputs: features(4) },
  MobileNetV2: { make: () => new MobileNetV2({ widthMult: 0.25, invertedResidualSetting: [[1, 16, 1, 1], [6, 24, 2, 2]], numClasses: 3 }), inputs: image(3, 32) },
  MobileNetV3: { make: () => new MobileNetV3({ variant: "small", widthMult: 0.5, numClasses: 3 }), inputs: image(3, 32) },
  NatureDQN: { make: () => new NatureDQN({ frames: 1, actions: 2 }), inputs: image(1, 84) },
  Seq2SeqTransformer: { make: () => new Seq2SeqTransformer({ vocabSize: 20, dModel: 8, nhead: 2, numEncoderLayers: 1, numDecoderLayers: 2, dimFeedforward: 12, maxPositions: 9 }), inputs: [ids, ids] },
  ShuffleNetV2: { make: () => new ShuffleNetV2({ stagesRepeats: [1, 2, 1], stagesOutChannels: [4, 8, 12, 16, 20], numClasses: 3 }), inputs: image(3, 32) },
  SqueezeNet: { make: () => new SqueezeNet({ version: "1_1", numClasses: 3 }), inputs: image(3, 32) },
  SwinTransformer: { make: () => new SwinTransformer({ patchSize: [2, 2], embedDim: 4, depths: [2, 1], numHeads: [2, 2], windowSize: [2, 2], numClasses: 3 }), inputs: image(3, 16) },
  UNet: { make: () => new UNet({ widths: [4, 6, 8], outChannels: 3 }), inputs: image(3, 16) },
  VAE: { make: () => new VAE({ size: 8, width: 4, latent: 3 }), inputs: image(1, 8) },
  VisionTransformer: { make: () => new VisionTransformer({ imageSize: 8, patchSize: 4, numLayers: 2, numHeads: 2, hiddenDim: 8, mlpDim: 12, numClasses: 3 }), inputs: image(3, 8) },
};

/** Models of the other classes, whose least ones have millions of parameters. */
export const large: Readonly<Record<string, Sample>> = {
  AlexNet: { make: () => new AlexNet({ numClasses: 3, dropout: 0.2 }), inputs: image(3, 64) },
  DeepLabV3: { make: () => new DeepLabV3({ backbone: "resnet50", numClasses: 3 }), inputs: image(3, 32) },
  FCN: { make: () => new FCN({ backbone: "resnet50", numClasses: 3, auxLoss: true }), inputs: image(3, 32) },
  GoogLeNet: { make: () => new GoogLeNet({ numClasses: 3 }), inputs: image(3, 32) },
  InceptionV3: { make: () => new InceptionV3({ numClasses: 3 }), inputs: image(3, 75) },
  LRASPP: { make: () => new LRASPP({ numClasses: 3 }), inputs: image(3, 32) },
  ResNet: { make: () => new ResNet({ ...tiny, numClasses: 3 }), inputs: image(3, 32) },
  ResNetBackbone: { make: () => new ResNetBackbone(tiny), inputs: image(3, 32) },
  VGG: { make: () => new VGG({ depth: 11, numClasses: 3, batchNorm: true }), inputs: image(3, 32) },
};

/** All elements of a result, which may be a tensor or hold some; of what a random generator decides nothing. */
export function elementsOf(result: unknown): readonly unknown[] {
  if (isTensor(result)) return [result.shape, result.toArray()];
  return typeof result === "object" && result !== null ? Object.entries(result).flatMap(([name, value]) => [name, ...elementsOf(value)]) : [result];
}
