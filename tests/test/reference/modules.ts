import {
  AlphaDropout, CELU, Dropout, Dropout1d, Dropout2d, Dropout3d, ELU, FeatureAlphaDropout, Flatten, GELU, GLU, Hardshrink, Hardsigmoid, Hardswish, Hardtanh, Identity, LeakyReLU, Linear,
  LogSigmoid, LogSoftmax, Maxout, Mish, PReLU, ReLU, ReLU6, RReLU, SELU, Sigmoid, SiLU, SqueezeExcitation, StochasticDepth, Softmax, Softmax2d, Softmin, Softplus, Softshrink, Softsign,
  Tanh, Tanhshrink, Threshold,
} from "@nn/layers";
import { isNaN, where, type Tensor } from "@nn/tensor";
import { convolutionModules } from "./convolution-modules.js";
import { embeddingModules } from "./embedding-modules.js";
import type { ModuleFactory } from "./module-factory.js";
import { normalizationModules } from "./normalization-modules.js";
import { poolingModules } from "./pooling-modules.js";
import { resizingModules } from "./resizing-modules.js";

/** PyTorch 1.13 gives 0 for NaN, where this layer and later versions give NaN. */
class RecordedSoftshrink extends Softshrink {
  override forward(x: Tensor): Tensor {
    return super.forward(where(isNaN(x), 0, x));
  }
}

/** Modules that map one tensor to one tensor. */
export const modules: Readonly<Record<string, ModuleFactory>> = {
  ...convolutionModules,
  ...embeddingModules,
  ...normalizationModules,
  ...poolingModules,
  ...resizingModules,
  "nn.CELU": (args) => new CELU(args.number("alpha", 1)),
  "nn.Dropout": (args) => new Dropout(args.number("p", 0.5)),
  "nn.Dropout1d": (args) => new Dropout1d(args.number("p", 0.5)),
  "nn.Dropout2d": (args) => new Dropout2d(args.number("p", 0.5)),
  "nn.Dropout3d": (args) => new Dropout3d(args.number("p", 0.5)),
  "nn.AlphaDropout": (args) => new AlphaDropout(args.number("p", 0.5)),
  "nn.FeatureAlphaDropout": (args) => new FeatureAlphaDropout(args.number("p", 0.5)),
  "nn.ELU": (args) => new ELU(args.number("alpha", 1)),
  "nn.Flatten": (args) => new Flatten({ startAxis: args.number("start_dim", 1), endAxis: args.number("end_dim", -1) }),
  "nn.GELU": (args) => new GELU({ approximate: args.choice("approximate", { none: "none", tanh: "tanh" } as const, "none") }),
  "nn.GLU": (args) => new GLU(args.number("dim", -1)),
  "nn.Hardshrink": (args) => new Hardshrink(args.number("lambd", 0.5)),
  "nn.Hardsigmoid": () => new Hardsigmoid(),
  "nn.Hardswish": () => new Hardswish(),
  "nn.Hardtanh": (args) => new Hardtanh(args.number("min_val", -1), args.number("max_val", 1)),
  "nn.Identity": () => new Identity(),
  "nn.LeakyReLU": (args) => new LeakyReLU(args.number("negative_slope", 0.01)),
  "nn.Linear": (args, dtype) => new Linear(args.number("in_features"), args.number("out_features"), { bias: args.boolean("bias", true), dtype }),
  "nn.LogSigmoid": () => new LogSigmoid(),
  "nn.LogSoftmax": (args) => new LogSoftmax(args.number("dim")),
  "nn.Mish": () => new Mish(),
  "nn.PReLU": (args, dtype) => new PReLU(args.number("num_parameters", 1), { initial: args.number("init", 0.25), dtype }),
  "nn.ReLU": () => new ReLU(),
  "nn.ReLU6": () => new ReLU6(),
  "nn.RReLU": (args) => new RReLU(args.number("lower", 1 / 8), args.number("upper", 1 / 3)),
  "nn.SELU": () => new SELU(),
  "nn.Sigmoid": () => new Sigmoid(),
  "nn.SiLU": () => new SiLU(),
  "nn.Softmax": (args) => new Softmax(args.number("dim")),
  "nn.Softmax2d": () => new Softmax2d(),
  "nn.Softmin": (args) => new Softmin(args.number("dim")),
  "nn.Softplus": (args) => new Softplus({ beta: args.number("beta", 1), threshold: args.number("threshold", 20) }),
  "nn.Softshrink": (args) => new RecordedSoftshrink(args.number("lambd", 0.5)),
  "nn.Softsign": () => new Softsign(),
  "nn.Tanh": () => new Tanh(),
  "nn.Tanhshrink": () => new Tanhshrink(),
  "nn.Threshold": (args) => new Threshold(args.number("threshold"), args.number("value")),
  "torchvision.ops.StochasticDepth": (args) => new StochasticDepth(args.number("p"), { mode: args.choice("mode", { batch: "batch", row: "row" } as const) }),
  "torchvision.ops.SqueezeExcitation": (args, dtype) => new SqueezeExcitation(args.number("input_channels"), args.number("squeeze_channels"), { dtype }),
  maxout: (args) => new Maxout(args.number("num_pieces"), args.number("dim")),
};

/** PyTorch functions with the same arguments as the constructors of these classes. */
const classesOfFunctions: Readonly<Record<string, string>> = {
  relu: "ReLU", relu6: "ReLU6", leaky_relu: "LeakyReLU", elu: "ELU", selu: "SELU", celu: "CELU", gelu: "GELU", silu: "SiLU", mish: "Mish",
  hardswish: "Hardswish", hardsigmoid: "Hardsigmoid", hardtanh: "Hardtanh", softplus: "Softplus", softsign: "Softsign", softshrink: "Softshrink",
  hardshrink: "Hardshrink", tanhshrink: "Tanhshrink", threshold: "Threshold", logsigmoid: "LogSigmoid", sigmoid: "Sigmoid", tanh: "Tanh",
  softmax: "Softmax", log_softmax: "LogSoftmax", softmin: "Softmin", glu: "GLU",
  max_pool1d: "MaxPool1d", max_pool2d: "MaxPool2d", max_pool3d: "MaxPool3d", avg_pool1d: "AvgPool1d", avg_pool2d: "AvgPool2d", avg_pool3d: "AvgPool3d",
  lp_pool1d: "LPPool1d", lp_pool2d: "LPPool2d", lp_pool3d: "LPPool3d", adaptive_avg_pool1d: "AdaptiveAvgPool1d", adaptive_avg_pool2d: "AdaptiveAvgPool2d",
  adaptive_avg_pool3d: "AdaptiveAvgPool3d", adaptive_max_pool1d: "AdaptiveMaxPool1d", adaptive_max_pool2d: "AdaptiveMaxPool2d",
  adaptive_max_pool3d: "AdaptiveMaxPool3d", pixel_shuffle: "PixelShuffle", pixel_unshuffle: "PixelUnshuffle", channel_shuffle: "ChannelShuffle",
  local_response_norm: "LocalResponseNorm",
};

/** The class of a target, or the class that corresponds to a function. */
export function classOf(target: string): string {
  const [, name] = /^nn\.functional\.(\w+)$/.exec(target) ?? [];
  const found = name === undefined || !Object.hasOwn(classesOfFunctions, name) ? undefined : classesOfFunctions[name];
  return found === undefined ? target : `nn.${found}`;
}
