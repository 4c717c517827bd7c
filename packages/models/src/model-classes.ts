import { moduleClass, type ModuleClasses } from "@nn/layers";
import { DQN, NatureDQN } from "./control/dqn.js";
import { Autoencoder } from "./generative/autoencoder.js";
import { DCGANDiscriminator, DCGANGenerator } from "./generative/dcgan.js";
import { VAE } from "./generative/vae.js";
import { DeepLabV3 } from "./segmentation/deeplabv3.js";
import { FCN } from "./segmentation/fcn.js";
import { LRASPP } from "./segmentation/lraspp.js";
import { UNet } from "./segmentation/unet.js";
import { BertForMaskedLM, BertForSequenceClassification, BertForTokenClassification } from "./text/bert-heads.js";
import { BertModel } from "./text/bert.js";
import { GPT2LMHeadModel } from "./text/gpt2.js";
import { LlamaForCausalLM } from "./text/llama.js";
import { Seq2SeqTransformer } from "./text/seq2seq-transformer.js";
import { AlexNet } from "./vision/alexnet.js";
import { ConvNeXt } from "./vision/convnext.js";
import { DenseNet } from "./vision/densenet.js";
import { EfficientNet } from "./vision/efficientnet.js";
import { GoogLeNet } from "./vision/googlenet.js";
import { InceptionV3 } from "./vision/inception-v3.js";
import { LeNet5 } from "./vision/lenet5.js";
import { MLP } from "./vision/mlp.js";
import { MobileNetV2 } from "./vision/mobilenet-v2.js";
import { MobileNetV3 } from "./vision/mobilenet-v3.js";
import { ResNet, ResNetBackbone } from "./vision/resnet.js";
import { ShuffleNetV2 } from "./vision/shufflenet-v2.js";
import { SqueezeNet } from "./vision/squeezenet.js";
import { SwinTransformer } from "./vision/swin-transformer.js";
import { VGG } from "./vision/vgg.js";
import { VisionTransformer } from "./vision/vision-transformer.js";

/**
 * The models of this package by name, for files that hold a model with its architecture: pass this table as `classes` to `saveModel` and `loadModel` of
 * `@nn/model-files`. A program that reads only some models lists these: `{ ResNet: moduleClass(ResNet) }`.
 *
 * @example
 * ```ts
 * import { buildModel, describeModel, layerClasses } from "@nn/layers";
 * import { LeNet5, modelClasses } from "@nn/models";
 * const classes = { ...layerClasses, ...modelClasses };
 * const description = describeModel(new LeNet5({ numClasses: 3 }), classes);
 * description.modules; // => [{ class: "LeNet5", arguments: [{ record: { numClasses: 3 } }] }]
 * buildModel(description, classes) instanceof LeNet5; // => true
 * ```
 */
export const modelClasses: ModuleClasses = {
  AlexNet: /* @__PURE__ */ moduleClass(AlexNet),
  Autoencoder: /* @__PURE__ */ moduleClass(Autoencoder),
  BertForMaskedLM: /* @__PURE__ */ moduleClass(BertForMaskedLM),
  BertForSequenceClassification: /* @__PURE__ */ moduleClass(BertForSequenceClassification),
  BertForTokenClassification: /* @__PURE__ */ moduleClass(BertForTokenClassification),
  BertModel: /* @__PURE__ */ moduleClass(BertModel),
  ConvNeXt: /* @__PURE__ */ moduleClass(ConvNeXt),
  DCGANDiscriminator: /* @__PURE__ */ moduleClass(DCGANDiscriminator),
  DCGANGenerator: /* @__PURE__ */ moduleClass(DCGANGenerator),
  DeepLabV3: /* @__PURE__ */ moduleClass(DeepLabV3),
  DenseNet: /* @__PURE__ */ moduleClass(DenseNet),
  DQN: /* @__PURE__ */ moduleClass(DQN),
  EfficientNet: /* @__PURE__ */ moduleClass(EfficientNet),
  FCN: /* @__PURE__ */ moduleClass(FCN),
  GoogLeNet: /* @__PURE__ */ moduleClass(GoogLeNet),
  GPT2LMHeadModel: /* @__PURE__ */ moduleClass(GPT2LMHeadModel),
  InceptionV3: /* @__PURE__ */ moduleClass(InceptionV3),
  LeNet5: /* @__PURE__ */ moduleClass(LeNet5),
  LlamaForCausalLM: /* @__PURE__ */ moduleClass(LlamaForCausalLM),
  LRASPP: /* @__PURE__ */ moduleClass(LRASPP),
  MLP: /* @__PURE__ */ moduleClass(MLP),
  MobileNetV2: /* @__PURE__ */ moduleClass(MobileNetV2),
  MobileNetV3: /* @__PURE__ */ moduleClass(MobileNetV3),
  NatureDQN: /* @__PURE__ */ moduleClass(NatureDQN),
  ResNet: /* @__PURE__ */ moduleClass(ResNet),
  ResNetBackbone: /* @__PURE__ */ moduleClass(ResNetBackbone),
  Seq2SeqTransformer: /* @__PURE__ */ moduleClass(Seq2SeqTransformer),
  ShuffleNetV2: /* @__PURE__ */ moduleClass(ShuffleNetV2),
  SqueezeNet: /* @__PURE__ */ moduleClass(SqueezeNet),
  SwinTransformer: /* @__PURE__ */ moduleClass(SwinTransformer),
  UNet: /* @__PURE__ */ moduleClass(UNet),
  VAE: /* @__PURE__ */ moduleClass(VAE),
  VGG: /* @__PURE__ */ moduleClass(VGG),
  VisionTransformer: /* @__PURE__ */ moduleClass(VisionTransformer),
};
