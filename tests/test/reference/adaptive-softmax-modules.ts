import { AdaptiveLogSoftmaxWithLoss } from "@nn/layers";
import type { Tensor } from "@nn/tensor";
import type { CalledModuleFactory } from "./called-module.js";

/** Modules that compute a loss. */
export const adaptiveSoftmaxModules: Readonly<Record<string, CalledModuleFactory>> = {
  "nn.AdaptiveLogSoftmaxWithLoss": (args, dtype) => {
    const module = new AdaptiveLogSoftmaxWithLoss(args.number("in_features"), args.number("n_classes"), args.numbers("cutoffs"), {
      divValue: args.number("div_value", 4), headBias: args.boolean("head_bias", false), dtype,
    });
    return {
      module,
      call: ({ input, target }) => {
        const { output, loss } = module.forward(input as Tensor, target as Tensor);
        return [output, loss];
      },
    };
  },
};
