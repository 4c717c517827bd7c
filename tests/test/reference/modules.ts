import {
  CELU, ELU, Flatten, GELU, GLU, Hardshrink, Hardsigmoid, Hardswish, Hardtanh, Identity, LeakyReLU, Linear,
  LogSigmoid, LogSoftmax, Maxout, Mish, PReLU, ReLU, ReLU6, RReLU, SELU, Sigmoid, SiLU, Softmax, Softmax2d, Softmin, Softplus, Softshrink, Softsign,
  Tanh, Tanhshrink, Threshold, type TensorModule,
} from "@nn/layers";
import { isNaN, where, type FloatDType, type Tensor } from "@nn/tensor";
import type { Arguments } from "./arguments.js";
import { convolutionModules } from "./convolution-modules.js";
import { embeddingModules } from "./embedding-modules.js";
import { normalizationModules } from "./normalization-modules.js";
import { poolingModules } from "./pooling-modules.js";
import { resizingModules } from "./resizing-modules.js";

/** Our module for a PyTorch class, given its arguments and the dtype of its parameters. */
export type ModuleFactory = (args: Arguments, dtype: FloatDType) => TensorModule;

/** PyTorch 1.13 gives 0 for NaN, where this layer and later versions give NaN. */
class RecordedSoftshrink extends Softshrink {
  override forward(x: Tensor): Tensor {
    return super.forward(where(isNaN(x), 0, x));
  }
}

/** Modules that take one tensor to one tensor. */
export const modules: Readonly<Record<string, ModuleFactory>> = {
  ...convolutionModules,
  ...embeddingModules,
  ...normalizationModules,
  ...poolingModules,
  ...resizingModules,
  "nn.CELU": (args) => new CELU(args.number("alpha", 1)),
  "nn.ELU": (args) => new ELU(args.number("alpha", 1)),
  "nn.Flatten": (args) => new Flatten({ startAxis: args.number("start_dim", 1), endAxis: args.number("end_dim", -1) }),
  "nn.GELU": (args) => new GELU({ approximate: args.text("approximate", "none") === "tanh" ? "tanh" : "none" }),
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
  "nn.functional.logsigmoid": () => new LogSigmoid(),
  "nn.functional.softplus": () => new Softplus(),
  maxout: (args) => new Maxout(args.number("num_pieces"), args.number("dim")),
};
