import { Sequential, type Module, type TensorModule } from "@nn/layers";
import { messageOf, quote } from "@nn/tensor/extend";
import { Config, LayerProblem } from "./config.js";
import type { Converted, Value } from "./layer.js";
import { LayerGraph, type GraphNode } from "./layer-graph.js";
import type { LayerWeights } from "./layer-weights.js";
import { keepsOrder } from "./layers/activations.js";
import { converters } from "./layers/table.js";
import type { LayerDescription, Topology } from "./topology.js";

/** The classes of layers, also in models that are layers, that have no converter. */
export function unknownClasses({ uses }: Topology): string[] {
  return uses.flatMap(({ layer: { className, model } }) => (model !== undefined ? unknownClasses(model) : className === "InputLayer" || Object.hasOwn(converters, className) ? [] : [className]));
}

/** A model that computes the same, and what is known of its results. */
export interface ConvertedModel {
  readonly module: Module;
  readonly values: readonly Value[];
}

/** A layer that was converted for an input of this shape. */
interface Known extends Converted {
  readonly shapes: string;
}

/** Converts one model. Layers that cannot be converted are added to `problems`, and what depends on them is left out. */
export class ModelConversion {
  readonly #topology: Topology;
  readonly #weights: LayerWeights;
  readonly #problems: string[];
  /** What is known of the result of each use; `undefined` after a problem. */
  readonly #values: (Value | undefined)[] = [];
  readonly #layers = new Map<LayerDescription, Known>();

  constructor(topology: Topology, weights: LayerWeights, problems: string[]) {
    this.#topology = topology;
    this.#weights = weights;
    this.#problems = problems;
  }

  /** @param inputs What is known of the inputs. */
  convert(inputs: readonly Value[]): ConvertedModel | undefined {
    const { uses, outputs } = this.#topology;
    for (const [at, { layer, inputs: from }] of uses.entries()) {
      const input = this.#topology.inputs.indexOf(at);
      const given = from.map((each) => this.#values[each]);
      if (layer.className === "InputLayer") this.#values.push(inputs[input]);
      else this.#values.push(given.includes(undefined) ? undefined : this.#attempt(layer, given as readonly Value[], at));
    }
    const values = outputs.map((at) => this.#values[at]);
    if (values.includes(undefined)) return undefined;
    return { module: this.#chain() ?? this.#graph(), values: values as readonly Value[] };
  }

  #attempt(layer: LayerDescription, inputs: readonly Value[], at: number): Value | undefined {
    const shapes = JSON.stringify(inputs);
    const known = this.#layers.get(layer);
    try {
      if (known !== undefined && known.shapes !== shapes) throw new LayerProblem("it is used for inputs of several shapes");
      const converted = known ?? { ...this.#layer(layer, inputs, at), shapes };
      this.#layers.set(layer, converted);
      return converted.value;
    } catch (error) {
      this.#problems.push(`${quote(layer.name)} (${layer.className}): ${messageOf(error)}`);
      return undefined;
    }
  }

  #layer({ name, className, config, model }: LayerDescription, inputs: readonly Value[], at: number): Converted {
    if (model !== undefined) {
      const inner = new ModelConversion(model, this.#weights, this.#problems).convert(inputs);
      const [value, ...others] = inner?.values ?? [];
      if (inner === undefined || value === undefined) throw new LayerProblem("layers in it cannot be read");
      if (others.length > 0) throw new LayerProblem("it has several results");
      return { modules: [inner.module as TensorModule], value };
    }
    const convert = converters[className];
    if (convert === undefined) throw new LayerProblem("this class is not supported");
    return convert({ config: new Config(config), inputs, weight: (weight) => this.#weights.take(name, weight), mayReorder: this.#mayReorder(at) });
  }

  /** Whether everything after a use keeps the order of features up to dense layers, and is no result of the model. */
  #mayReorder(at: number): boolean {
    if (this.#topology.outputs.includes(at)) return false;
    const after = [...this.#topology.uses.entries()].filter(([, { inputs }]) => inputs.includes(at));
    return after.length > 0 && after.every(([next, { layer: { className, config } }]) => {
      if (className === "Dense") return true;
      const isElementwise = className === "Activation" && !["softmax", "log_softmax"].includes(String(config["activation"]));
      return (isElementwise || keepsOrder.has(className)) && this.#mayReorder(next);
    });
  }

  /** The layers one after the other, if they are connected so and each is used once. */
  #chain(): Sequential | undefined {
    const { uses, outputs, inputs } = this.#topology;
    const isChain = inputs.length === 1 && inputs[0] === 0 && outputs.length === 1 && outputs[0] === uses.length - 1 && uses.every(({ inputs: from }, at) => (at === 0 ? from.length === 0 : from.length === 1 && from[0] === at - 1));
    if (!isChain || this.#layers.size !== uses.length - 1) return undefined;
    return new Sequential(...[...this.#layers.values()].flatMap(({ modules }) => modules));
  }

  #graph(): LayerGraph {
    const { uses, inputs, outputs } = this.#topology;
    const layers = [...this.#layers].map(([{ name }, { modules }]) => [name, modules.length === 1 ? modules[0] : new Sequential(...modules)] as const);
    const numbers = new Map(inputs.map((use, at) => [use, at]));
    const nodes: GraphNode[] = [];
    for (const [at, { layer, inputs: from }] of uses.entries()) {
      if (numbers.has(at)) continue;
      numbers.set(at, inputs.length + nodes.length);
      nodes.push({ layer: layer.name, inputs: from.map((each) => numbers.get(each) ?? -1) });
    }
    return new LayerGraph(Object.fromEntries(layers) as Record<string, TensorModule>, inputs.length, nodes, outputs.map((each) => numbers.get(each) ?? -1));
  }
}
