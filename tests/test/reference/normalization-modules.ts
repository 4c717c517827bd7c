import {
  BatchNorm1d, BatchNorm2d, BatchNorm3d, GroupNorm, InstanceNorm1d, InstanceNorm2d, InstanceNorm3d, LayerNorm, LocalResponseNorm, RMSNorm,
  type BatchNormOptions, type InstanceNormOptions,
} from "@nn/layers";
import type { FloatDType } from "@nn/tensor";
import type { Arguments } from "./arguments.js";
import type { ModuleFactory } from "./module-factory.js";

const batchNormOptions = (args: Arguments, dtype: FloatDType): BatchNormOptions => ({
  epsilon: args.number("eps", 1e-5),
  momentum: args.numberOrNull("momentum", 0.1),
  affine: args.boolean("affine", true),
  trackRunningStats: args.boolean("track_running_stats", true),
  dtype,
});

const instanceNormOptions = (args: Arguments, dtype: FloatDType): InstanceNormOptions => ({
  epsilon: args.number("eps", 1e-5),
  momentum: args.number("momentum", 0.1),
  affine: args.boolean("affine", false),
  trackRunningStats: args.boolean("track_running_stats", false),
  dtype,
});

const features = (args: Arguments): number => args.number("num_features");

/** Normalisations. */
export const normalizationModules: Readonly<Record<string, ModuleFactory>> = {
  "nn.BatchNorm1d": (args, dtype) => new BatchNorm1d(features(args), batchNormOptions(args, dtype)),
  "nn.BatchNorm2d": (args, dtype) => new BatchNorm2d(features(args), batchNormOptions(args, dtype)),
  "nn.BatchNorm3d": (args, dtype) => new BatchNorm3d(features(args), batchNormOptions(args, dtype)),
  "nn.GroupNorm": (args, dtype) =>
    new GroupNorm(args.number("num_groups"), args.number("num_channels"), { epsilon: args.number("eps", 1e-5), affine: args.boolean("affine", true), dtype }),
  "nn.InstanceNorm1d": (args, dtype) => new InstanceNorm1d(features(args), instanceNormOptions(args, dtype)),
  "nn.InstanceNorm2d": (args, dtype) => new InstanceNorm2d(features(args), instanceNormOptions(args, dtype)),
  "nn.InstanceNorm3d": (args, dtype) => new InstanceNorm3d(features(args), instanceNormOptions(args, dtype)),
  "nn.RMSNorm": (args, dtype) => new RMSNorm(args.oneOrMore("normalized_shape"), {
    epsilon: args.maybeNumber("eps"), affine: args.boolean("elementwise_affine", true), dtype,
  }),
  "nn.LayerNorm": (args, dtype) => new LayerNorm(args.oneOrMore("normalized_shape"), {
    epsilon: args.number("eps", 1e-5), affine: args.boolean("elementwise_affine", true), bias: args.boolean("bias", true), dtype,
  }),
  "nn.LocalResponseNorm": (args) =>
    new LocalResponseNorm(args.number("size"), { alpha: args.number("alpha", 1e-4), beta: args.number("beta", 0.75), k: args.number("k", 1) }),
};
