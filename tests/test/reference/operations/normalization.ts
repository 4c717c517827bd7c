import * as nn from "@nn/tensor";
import type { ChannelNormalizationOptions, NormalizationOptions, Tensor } from "@nn/tensor";
import type { Arguments } from "../arguments.js";
import { required, two, type Operation, type Operations } from "./operation.js";

/** The inputs after the first one by their names; inputs without names are in this order. */
function byName<Name extends string>(inputs: readonly Tensor[], names: readonly string[], order: readonly Name[]): Partial<Record<Name, Tensor>> {
  const found: Partial<Record<Name, Tensor>> = {};
  order.forEach((name, at) => {
    const tensor = inputs[names.length === 0 ? at + 1 : names.indexOf(name)];
    if (tensor !== undefined) found[name] = tensor;
  });
  return found;
}

/** Normalisations with running statistics. They use these unless an argument selects the statistics of the input. */
const ofChannels = (run: (x: Tensor, options: ChannelNormalizationOptions) => Tensor, flag: "training" | "use_input_stats", otherwise: boolean): Operation => (inputs, args, names) => {
  const { running_mean: mean, running_var: variance, weight, bias } = byName(inputs, names, ["running_mean", "running_var", "weight", "bias"]);
  args.only("momentum", 0.1);
  const ofInput = args.boolean(flag, otherwise);
  return run(required(inputs[0]), { ...(ofInput ? {} : { mean, variance }), weight, bias, epsilon: args.number("eps", 1e-5) });
};

const scaleAndShift = (inputs: readonly Tensor[], names: readonly string[], args: Arguments): NormalizationOptions =>
  ({ ...byName(inputs, names, ["weight", "bias"]), epsilon: args.number("eps", 1e-5) });

/** Normalisations, and the activation that has a parameter. */
export const normalization: Operations = {
  "nn.functional.batch_norm": ofChannels(nn.batchNorm, "training", false),
  "nn.functional.instance_norm": ofChannels(nn.instanceNorm, "use_input_stats", true),
  "nn.functional.group_norm": (inputs, args, names) => nn.groupNorm(required(inputs[0]), args.number("num_groups"), scaleAndShift(inputs, names, args)),
  "nn.functional.layer_norm": (inputs, args, names) => nn.layerNorm(required(inputs[0]), args.oneOrMore("normalized_shape"), scaleAndShift(inputs, names, args)),
  "nn.functional.rms_norm": (inputs, args, names) =>
    nn.rmsNorm(required(inputs[0]), args.oneOrMore("normalized_shape"), { ...byName(inputs, names, ["weight"]), epsilon: args.maybeNumber("eps") }),
  "nn.functional.prelu": two((x, weight) => nn.prelu(x, weight)),
};
