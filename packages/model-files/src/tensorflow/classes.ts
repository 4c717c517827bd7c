import { moduleClass, type ModuleClasses } from "@nn/layers";
import { LayerGraph } from "./layer-graph.js";
import { ChannelsLastReshape, Join, Merge, Outputs, SteepHardsigmoid, SwapSteps } from "./modules.js";

/** The classes of modules that `loadLayersModel` uses besides the layers of `@nn/layers`, for `saveModel` and `loadModel`. */
export const tensorFlowClasses: ModuleClasses = {
  ChannelsLastReshape: /* @__PURE__ */ moduleClass(ChannelsLastReshape, ({ sizes }) => [sizes]),
  Join: /* @__PURE__ */ moduleClass(Join, ({ axis }) => [axis]),
  LayerGraph: /* @__PURE__ */ moduleClass(LayerGraph, ({ layers, inputCount, nodes, outputs }) => [layers, inputCount, nodes, outputs]),
  Merge: /* @__PURE__ */ moduleClass(Merge, ({ kind }) => [kind]),
  Outputs: /* @__PURE__ */ moduleClass(Outputs, ({ recurrent, all }) => [recurrent, all]),
  SteepHardsigmoid: /* @__PURE__ */ moduleClass(SteepHardsigmoid, () => []),
  SwapSteps: /* @__PURE__ */ moduleClass(SwapSteps, () => []),
};
