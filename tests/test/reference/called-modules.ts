import type { Module } from "@nn/layers";
import type { FloatDType, Tensor } from "@nn/tensor";
import type { Arguments } from "./arguments.js";
import { calledConvolutionModules } from "./convolution-modules.js";
import { calledEmbeddingModules } from "./embedding-modules.js";
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
  ...calledConvolutionModules,
  ...calledEmbeddingModules,
  ...calledPoolingModules,
  ...recurrentModules,
  ...similarityModules,
};
