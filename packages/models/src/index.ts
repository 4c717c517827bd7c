export type { Pair } from "./blocks/window-attention.js";

export { modelClasses } from "./model-classes.js";

export { LeNet5 } from "./vision/lenet5.js";
export type { LeNet5Options } from "./vision/lenet5.js";
export { MLP } from "./vision/mlp.js";
export type { MLPActivation, MLPOptions } from "./vision/mlp.js";
export { AlexNet, alexnet } from "./vision/alexnet.js";
export type { AlexNetOptions } from "./vision/alexnet.js";
export { VGG, vgg11, vgg11Bn, vgg13, vgg13Bn, vgg16, vgg16Bn, vgg19, vgg19Bn } from "./vision/vgg.js";
export type { VGGArchitecture, VGGOptions } from "./vision/vgg.js";
export {
  ResNet, ResNetBackbone, resnet18, resnet34, resnet50, resnet101, resnet152, resnext50_32x4d, resnext101_32x8d, resnext101_64x4d, wideResnet50_2, wideResnet101_2,
} from "./vision/resnet.js";
export type { FixedWidthResNetOptions, ResNetArchitecture, ResNetOptions } from "./vision/resnet.js";
export { SqueezeNet, squeezenet1_0, squeezenet1_1 } from "./vision/squeezenet.js";
export type { SqueezeNetArchitecture, SqueezeNetOptions } from "./vision/squeezenet.js";
export { DenseNet, densenet121, densenet161, densenet169, densenet201 } from "./vision/densenet.js";
export type { DenseNetArchitecture, DenseNetOptions } from "./vision/densenet.js";
export { GoogLeNet, googlenet } from "./vision/googlenet.js";
export type { GoogLeNetOptions, GoogLeNetOutput } from "./vision/googlenet.js";
export { InceptionV3, inceptionV3 } from "./vision/inception-v3.js";
export type { InceptionV3Options, InceptionV3Output } from "./vision/inception-v3.js";
export { ShuffleNetV2, shufflenetV2X0_5, shufflenetV2X1_0, shufflenetV2X1_5, shufflenetV2X2_0 } from "./vision/shufflenet-v2.js";
export type { ShuffleNetV2Architecture, ShuffleNetV2Options } from "./vision/shufflenet-v2.js";
export { MobileNetV2, mobilenetV2 } from "./vision/mobilenet-v2.js";
export type { MobileNetV2Options, MobileNetV2Stage } from "./vision/mobilenet-v2.js";
export { MobileNetV3, mobilenetV3Large, mobilenetV3Small } from "./vision/mobilenet-v3.js";
export type { MobileNetV3Architecture, MobileNetV3Options } from "./vision/mobilenet-v3.js";
export {
  EfficientNet, efficientnetB0, efficientnetB1, efficientnetB2, efficientnetB3, efficientnetB4, efficientnetB5, efficientnetB6, efficientnetB7,
} from "./vision/efficientnet.js";
export type { EfficientNetArchitecture, EfficientNetOptions } from "./vision/efficientnet.js";
export { ConvNeXt, convnextBase, convnextLarge, convnextSmall, convnextTiny } from "./vision/convnext.js";
export type { ConvNeXtArchitecture, ConvNeXtOptions, ConvNeXtStage } from "./vision/convnext.js";
export { VisionTransformer, vitB_16, vitB_32, vitH_14, vitL_16, vitL_32 } from "./vision/vision-transformer.js";
export type { VisionTransformerArchitecture, VisionTransformerOptions } from "./vision/vision-transformer.js";
export { SwinTransformer, swinB, swinS, swinT } from "./vision/swin-transformer.js";
export type { SwinTransformerArchitecture, SwinTransformerOptions } from "./vision/swin-transformer.js";

export { UNet } from "./segmentation/unet.js";
export type { UNetOptions } from "./segmentation/unet.js";
export { SegmentationNetwork } from "./segmentation/segmentation-network.js";
export type { SegmentationBackbone, SegmentationOptions, SegmentationOutput } from "./segmentation/segmentation-network.js";
export { FCN, fcnResnet50, fcnResnet101 } from "./segmentation/fcn.js";
export type { FCNArchitecture } from "./segmentation/fcn.js";
export { DeepLabV3, deeplabv3Resnet50, deeplabv3Resnet101 } from "./segmentation/deeplabv3.js";
export type { DeepLabV3Architecture } from "./segmentation/deeplabv3.js";
export { LRASPP, lrasppMobilenetV3Large } from "./segmentation/lraspp.js";
export type { LRASPPOptions } from "./segmentation/lraspp.js";

export { Autoencoder } from "./generative/autoencoder.js";
export { VAE } from "./generative/vae.js";
export type { VAEForwardOptions, VAEOutput } from "./generative/vae.js";
export type { ImageCoderOptions } from "./generative/image-coder.js";
export { DCGANDiscriminator, DCGANGenerator } from "./generative/dcgan.js";
export type { DCGANDiscriminatorOptions, DCGANGeneratorOptions } from "./generative/dcgan.js";
export { DQN, NatureDQN } from "./control/dqn.js";
export type { DQNOptions, NatureDQNOptions } from "./control/dqn.js";

export { BertModel } from "./text/bert.js";
export type { BertCallOptions, BertFeatures, BertOutput, PooledBert } from "./text/bert.js";
export type { BertOptions } from "./text/bert-settings.js";
export { BertForMaskedLM, BertForSequenceClassification, BertForTokenClassification } from "./text/bert-heads.js";
export type { CausalLanguageModel, CausalOptions } from "./text/causal-language-model.js";
export { GPT2LMHeadModel } from "./text/gpt2.js";
export type { GPT2Options } from "./text/gpt2.js";
export { LlamaForCausalLM } from "./text/llama.js";
export type { LlamaOptions } from "./text/llama.js";
export { bertOptionsFromConfig } from "./text/config/bert-config.js";
export { gpt2OptionsFromConfig } from "./text/config/gpt2-config.js";
export { llamaOptionsFromConfig } from "./text/config/llama-config.js";
export type { ConfigOptions } from "./text/config/options-from-config.js";
export { Seq2SeqTransformer } from "./text/seq2seq-transformer.js";
export type { Seq2SeqCallOptions, Seq2SeqDecodeOptions, Seq2SeqTransformerOptions } from "./text/seq2seq-transformer.js";
export { Seq2SeqDecoder } from "./text/seq2seq-decoder.js";
export type { SourceOptions } from "./text/seq2seq-decoder.js";
export { TiedLinear } from "./text/tied-linear.js";

export { DecodingSession } from "./text/generation/decoding-session.js";
export type { DecodingSessionOptions } from "./text/generation/decoding-session.js";
export { generate, generateBatch } from "./text/generation/generate.js";
export type { GenerateOptions } from "./text/generation/generate.js";
export { beamSearch, beamSearchBatch } from "./text/generation/beam-search.js";
export type { BeamSearchOptions } from "./text/generation/beam-search.js";
export type { BeamResult } from "./text/generation/beams.js";
export type { GenerationOptions, LanguageModelOrSession, Prompt } from "./text/generation/generation-options.js";
export type { SamplingOptions } from "./text/generation/sampling.js";
