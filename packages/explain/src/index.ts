export { composed } from "./composed.js";
export { explainGraph } from "./explain-graph.js";
export type { ExplainGraphOptions, GraphInputs, GraphTensors } from "./explain-graph.js";
export type { ComputationalGraph, GraphEdge, GraphNode } from "./graph.js";
export { drawGraph } from "./draw/draw-graph.js";
export type { DrawGraphOptions, Direction, Theme } from "./draw/draw-graph.js";
export { graphSteps } from "./draw/graph-steps.js";
