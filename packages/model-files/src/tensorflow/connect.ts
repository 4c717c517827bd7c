import type { Module } from "@nn/layers";
import { inSequence, type Converted } from "./layer.js";
import { LayerGraph, type GraphNode } from "./layer-graph.js";
import type { LayerDescription, Link, Topology } from "./topology.js";

/** The layers that were converted. */
type ConvertedLayers = ReadonlyMap<LayerDescription, Converted>;

/** Nodes of a graph, and the numbers of their results. */
class NodeList {
  readonly nodes: GraphNode[] = [];
  #count: number;

  constructor(inputs: number) {
    this.#count = inputs;
  }

  /** Adds a node, and returns the number of its first result. */
  add(node: GraphNode): number {
    const first = this.#count;
    this.nodes.push(node);
    this.#count += node.results ?? 1;
    return first;
  }
}

/** A graph of converted layers. `maskOf` tells the use that makes the mask of the first of some links; only masks that a layer takes become nodes. */
export function connected(topology: Topology, layers: ConvertedLayers, maskOf: (links: readonly Link[]) => number | undefined): LayerGraph {
  const { uses, inputs, outputs } = topology;
  const needed = new Set(uses.filter(({ layer }) => layers.get(layer)?.takesMask).map(({ inputs: from }) => maskOf(from)));
  const maskNames = namesOfMasks(topology, layers);
  const list = new NodeList(inputs.length);
  const numbers = new Map(inputs.map((use, at) => [use, at]));
  const masks = new Map<number | undefined, number>();
  const numberOf = ({ use, result }: Link): number => (numbers.get(use) ?? -1) + result;
  for (const [at, { layer, inputs: from }] of uses.entries()) {
    const known = layers.get(layer);
    if (known === undefined || numbers.has(at)) continue;
    const [first, ...rest] = from.map(numberOf);
    const mask = known.takesMask === true ? masks.get(maskOf(from)) : undefined;
    const given = [first, mask, ...rest].filter((each) => each !== undefined);
    const maskName = maskNames.get(layer);
    if (maskName !== undefined && needed.has(at)) masks.set(at, list.add({ layer: maskName, inputs: given }));
    const results = 1 + (known.others?.length ?? 0);
    numbers.set(at, list.add({ layer: layer.name, inputs: given, ...(results > 1 ? { results } : {}) }));
  }
  const isNeeded = (layer: LayerDescription): boolean => uses.some((use, at) => use.layer === layer && needed.has(at));
  return new LayerGraph(modulesOf(layers, maskNames, isNeeded), inputs.length, list.nodes, outputs.map(numberOf));
}

/** Names for the modules that make masks, which no layer has. */
function namesOfMasks({ uses }: Topology, layers: ConvertedLayers): ReadonlyMap<LayerDescription, string> {
  const taken = new Set(uses.map(({ layer }) => layer.name));
  const free = (name: string): string => (taken.has(name) ? free(`${name}_`) : name);
  return new Map([...layers].filter(([, { mask }]) => mask !== undefined).map(([layer]) => [layer, free(`${layer.name}_mask`)]));
}

function modulesOf(layers: ConvertedLayers, maskNames: ReadonlyMap<LayerDescription, string>, makesMask: (layer: LayerDescription) => boolean): Readonly<Record<string, Module>> {
  const modules = new Map<string, Module>();
  for (const [layer, { modules: made, mask }] of layers) {
    const [only, ...more] = made;
    modules.set(layer.name, only !== undefined && more.length === 0 ? only : inSequence(made));
    const name = maskNames.get(layer);
    if (mask !== undefined && name !== undefined && makesMask(layer)) modules.set(name, mask);
  }
  return Object.fromEntries(modules);
}
