/**
 * Layers models of TensorFlow.js, as modules.
 *
 * @packageDocumentation
 */

export { LayerGraph, type GraphNode } from "./layer-graph.js";
export { loadLayersModel, type LayersModelOptions } from "./load-layers-model.js";
export type { LayersModelSource } from "./source.js";
export { tensorFlowClasses } from "./classes.js";
