import type { Module } from "@nn/layers";
import type { FloatDType, Tensor } from "@nn/tensor";
import { Arguments } from "./arguments.js";
import { adaptiveSoftmaxModules } from "./adaptive-softmax-modules.js";
import { attentionModules } from "./attention-modules.js";
import { calledConvolutionModules } from "./convolution-modules.js";
import { calledEmbeddingModules } from "./embedding-modules.js";
import { modules } from "./modules.js";
import { UnknownTarget } from "./outcome.js";
import { calledPoolingModules } from "./pooling-modules.js";
import { recurrentModules } from "./recurrent-modules.js";
import { similarityModules } from "./resizing-modules.js";

/** A module with how it is called on inputs by PyTorch's names, and all its results in PyTorch's order. */
export interface CalledModule {
  readonly module: Module;
  readonly call: (inputs: Readonly<Record<string, Tensor>>) => readonly Tensor[];
}

/** Our module for a PyTorch class, given its arguments, the dtype of its parameters, and the arguments of the call. */
export type CalledModuleFactory = (args: Arguments, dtype: FloatDType, callArgs: Arguments) => CalledModule;

/** Modules that take or give more than one tensor, or take arguments with their call. */
export const calledModules: Readonly<Record<string, CalledModuleFactory>> = {
  ...adaptiveSoftmaxModules,
  ...attentionModules,
  ...calledConvolutionModules,
  ...calledEmbeddingModules,
  ...calledPoolingModules,
  ...recurrentModules,
  ...similarityModules,
};

/** Our module for a PyTorch class, also one that takes one tensor to one tensor. */
export function constructModule(target: string, args: Arguments, dtype: FloatDType, callArgs: Arguments = new Arguments({})): CalledModule {
  const called = calledModules[target];
  if (called !== undefined) return called(args, dtype, callArgs);
  const factory = modules[target];
  if (factory === undefined) throw new UnknownTarget(target);
  const module = factory(args, dtype);
  return { module, call: (inputs) => Object.values(inputs).slice(0, 1).map((input) => module.forward(input)) };
}
