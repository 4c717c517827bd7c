import type { FloatDType } from "@nn/tensor";
import { Arguments } from "./arguments.js";
import { adaptiveSoftmaxModules } from "./adaptive-softmax-modules.js";
import { attentionModules } from "./attention-modules.js";
import type { CalledModule, CalledModuleFactory } from "./called-module.js";
import { calledConvolutionModules } from "./convolution-modules.js";
import { calledEmbeddingModules } from "./embedding-modules.js";
import { classOf, modules } from "./modules.js";
import { UnknownTarget } from "./outcome.js";
import { calledPoolingModules } from "./pooling-modules.js";
import { recurrentModules } from "./recurrent-modules.js";
import { similarityModules } from "./resizing-modules.js";

/** Modules with several inputs or outputs, or with arguments of the call. */
export const calledModules: Readonly<Record<string, CalledModuleFactory>> = {
  ...adaptiveSoftmaxModules,
  ...attentionModules,
  ...calledConvolutionModules,
  ...calledEmbeddingModules,
  ...calledPoolingModules,
  ...recurrentModules,
  ...similarityModules,
};

/** Our module for a PyTorch class, including those that map one tensor to one tensor. */
export function constructModule(target: string, args: Arguments, dtype: FloatDType, callArgs: Arguments = new Arguments({})): CalledModule {
  args.only("inplace", true, false); // where PyTorch puts its results
  const name = classOf(target);
  const called = calledModules[name];
  if (called !== undefined) return called(args, dtype, callArgs);
  const factory = modules[name];
  if (factory === undefined) throw new UnknownTarget(target);
  const module = factory(args, dtype);
  return {
    module,
    call: (inputs) => {
      const [input, ...others] = Object.values(inputs);
      if (input === undefined || others.length > 0) throw new TypeError(`${target} takes one tensor, and the case has ${Object.keys(inputs).join(", ")}`);
      return [module.forward(input)];
    },
  };
}
