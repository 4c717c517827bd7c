import { BatchNorm1d, BatchNorm2d, BatchNorm3d, ELU, Flatten, GELU, Identity, LeakyReLU, Linear, LogSigmoid, LogSoftmax, Maxout, PReLU, ReLU, Sigmoid, SiLU, Softmax, Softplus, Tanh, type BatchNormOptions, type TensorModule } from "@nn/layers";
import type { FloatDType } from "@nn/tensor";
import type { Arguments } from "./arguments.js";

/** Our module for a PyTorch class, given its arguments and the dtype of its parameters. */
export type ModuleFactory = (args: Arguments, dtype: FloatDType) => TensorModule;

const batchNormOptions = (args: Arguments, dtype: FloatDType): BatchNormOptions => ({
  epsilon: args.number("eps", 1e-5),
  momentum: args.numberOrNull("momentum", 0.1),
  affine: args.boolean("affine", true),
  trackRunningStats: args.boolean("track_running_stats", true),
  dtype,
});

/** Modules that take one tensor to one tensor. */
export const modules: Readonly<Record<string, ModuleFactory>> = {
  "nn.BatchNorm1d": (args, dtype) => new BatchNorm1d(args.number("num_features"), batchNormOptions(args, dtype)),
  "nn.BatchNorm2d": (args, dtype) => new BatchNorm2d(args.number("num_features"), batchNormOptions(args, dtype)),
  "nn.BatchNorm3d": (args, dtype) => new BatchNorm3d(args.number("num_features"), batchNormOptions(args, dtype)),
  "nn.ELU": (args) => new ELU(args.number("alpha", 1)),
  "nn.Flatten": (args) => new Flatten({ startAxis: args.number("start_dim", 1), endAxis: args.number("end_dim", -1) }),
  "nn.GELU": (args) => new GELU({ approximate: args.text("approximate", "none") === "tanh" ? "tanh" : "none" }),
  "nn.Identity": () => new Identity(),
  "nn.LeakyReLU": (args) => new LeakyReLU(args.number("negative_slope", 0.01)),
  "nn.Linear": (args, dtype) => new Linear(args.number("in_features"), args.number("out_features"), { bias: args.boolean("bias", true), dtype }),
  "nn.LogSigmoid": () => new LogSigmoid(),
  "nn.LogSoftmax": (args) => new LogSoftmax(args.number("dim")),
  "nn.PReLU": (args, dtype) => new PReLU(args.number("num_parameters", 1), { initial: args.number("init", 0.25), dtype }),
  "nn.ReLU": () => new ReLU(),
  "nn.Sigmoid": () => new Sigmoid(),
  "nn.SiLU": () => new SiLU(),
  "nn.Softmax": (args) => new Softmax(args.number("dim")),
  "nn.Softplus": (args) => new Softplus({ beta: args.number("beta", 1), threshold: args.number("threshold", 20) }),
  "nn.Tanh": () => new Tanh(),
  "nn.functional.logsigmoid": () => new LogSigmoid(),
  "nn.functional.softplus": () => new Softplus(),
  maxout: (args) => new Maxout(args.number("num_pieces"), args.number("dim")),
};
