import { moduleClass, type ModuleClasses } from "@nn/layers";
import { LayerGraph } from "./layer-graph.js";
import { Bidirectional } from "./modules/bidirectional.js";
import { CornerUpsample } from "./modules/corner-upsample.js";
import { GaussianDropout, Masking, PlacewisePReLU, Rescale, SteepHardsigmoid, StepMask } from "./modules/elementwise.js";
import { ChannelsLast, ChannelsLastPermute, ChannelsLastReshape, RepeatSteps, SwapSteps, TimeDistributed } from "./modules/layout.js";
import { Dot, Join, Merge } from "./modules/merge.js";
import { KerasRecurrent, Outputs } from "./modules/recurrent.js";

/** The classes of modules that `loadLayersModel` uses besides the layers of `@nn/layers`, for `saveModel` and `loadModel`. */
export const tensorFlowClasses: ModuleClasses = {
  Bidirectional: /* @__PURE__ */ moduleClass(Bidirectional, ({ forwardLayer, backwardLayer, mergeMode, all }) => [forwardLayer, backwardLayer, mergeMode, all]),
  ChannelsLast: /* @__PURE__ */ moduleClass(ChannelsLast, ({ layer }) => [layer]),
  ChannelsLastPermute: /* @__PURE__ */ moduleClass(ChannelsLastPermute, ({ axes }) => [axes]),
  ChannelsLastReshape: /* @__PURE__ */ moduleClass(ChannelsLastReshape, ({ sizes }) => [sizes]),
  CornerUpsample: /* @__PURE__ */ moduleClass(CornerUpsample, ({ scale }) => [scale]),
  Dot: /* @__PURE__ */ moduleClass(Dot, ({ axes, normalized }) => [axes, normalized]),
  GaussianDropout: /* @__PURE__ */ moduleClass(GaussianDropout, ({ rate }) => [rate]),
  Join: /* @__PURE__ */ moduleClass(Join, ({ axis }) => [axis]),
  KerasRecurrent: /* @__PURE__ */ moduleClass(KerasRecurrent, ({ kind, inputs, units, activations, options }) => [kind, inputs, units, activations, options]),
  LayerGraph: /* @__PURE__ */ moduleClass(LayerGraph, ({ layers, inputCount, nodes, outputs }) => [layers, inputCount, nodes, outputs]),
  Masking: /* @__PURE__ */ moduleClass(Masking, ({ value }) => [value]),
  Merge: /* @__PURE__ */ moduleClass(Merge, ({ kind }) => [kind]),
  Outputs: /* @__PURE__ */ moduleClass(Outputs, ({ recurrent, all, backwards }) => [recurrent, all, backwards]),
  PlacewisePReLU: /* @__PURE__ */ moduleClass(PlacewisePReLU, ({ weight }) => [weight.shape]),
  RepeatSteps: /* @__PURE__ */ moduleClass(RepeatSteps, ({ steps }) => [steps]),
  Rescale: /* @__PURE__ */ moduleClass(Rescale, ({ scale, offset }) => [scale, offset]),
  SteepHardsigmoid: /* @__PURE__ */ moduleClass(SteepHardsigmoid, () => []),
  StepMask: /* @__PURE__ */ moduleClass(StepMask, ({ value }) => [value]),
  SwapSteps: /* @__PURE__ */ moduleClass(SwapSteps, () => []),
  TimeDistributed: /* @__PURE__ */ moduleClass(TimeDistributed, ({ layer }) => [layer]),
};
