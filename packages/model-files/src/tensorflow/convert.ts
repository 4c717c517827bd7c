import type { Module, Sequential } from "@nn/layers";
import type { Tensor } from "@nn/tensor";
import { messageOf, quote } from "@nn/tensor/extend";
import { Config, LayerProblem } from "./config.js";
import { connected } from "./connect.js";
import { inSequence, type Converted, type InnerLayer, type Value } from "./layer.js";
import type { LayerWeights } from "./layer-weights.js";
import { keepsOrder } from "./layers/activations.js";
import { keepMasks } from "./layers/masks.js";
import { converters } from "./layers/table.js";
import type { LayerDescription, Link, Topology } from "./topology.js";

/** All layers, also those in models that are layers and in wrappers. */
const layersOf = ({ uses }: Topology): readonly LayerDescription[] => uses.flatMap(({ layer }) => within(layer));
const within = (layer: LayerDescription): readonly LayerDescription[] => [layer, ...(layer.model === undefined ? [] : layersOf(layer.model)), ...(layer.wrapped === undefined ? [] : within(layer.wrapped))];

/** The classes of layers that have no converter. */
export function unknownClasses(topology: Topology): string[] {
  return layersOf(topology).filter(({ className, model }) => model === undefined && className !== "InputLayer" && !Object.hasOwn(converters, className)).map(({ className }) => className);
}

/** Whether a layer anywhere masks steps. */
export function masksExist(topology: Topology): boolean {
  return layersOf(topology).some(({ className, config }) => className === "Masking" || (className === "Embedding" && config["mask_zero"] === true));
}

/** What all parts of a model share while they are converted. Layers that cannot be converted are added to `problems`. */
export interface Conversion {
  readonly weights: LayerWeights;
  readonly problems: string[];
  readonly masksExist: boolean;
}

/** A model that computes the same, and what is known of its results. */
export interface ConvertedModel {
  readonly module: Module;
  readonly values: readonly Value[];
}

/** A layer that was converted for inputs of these shapes. */
interface Known extends Converted {
  readonly shapes: string;
}

/** What a layer is converted with, besides its description. */
interface Place {
  readonly masked: boolean;
  readonly mayReorder: boolean;
  readonly weight: (name: string) => Tensor;
}

/** Converts one model. What depends on a layer that cannot be converted is left out. */
export class ModelConversion {
  readonly #topology: Topology;
  readonly #shared: Conversion;
  /** What is known of the results of each use; `undefined` after a problem. */
  readonly #values: (readonly Value[] | undefined)[] = [];
  /** For each use, the uses that make the masks of its results. */
  readonly #masks: (readonly (number | undefined)[])[] = [];
  readonly #layers = new Map<LayerDescription, Known>();

  constructor(topology: Topology, shared: Conversion) {
    this.#topology = topology;
    this.#shared = shared;
  }

  /** @param inputs What is known of the inputs. */
  convert(inputs: readonly Value[]): ConvertedModel | undefined {
    const { uses, outputs } = this.#topology;
    for (const [at, { layer, inputs: from }] of uses.entries()) {
      const input = inputs[this.#topology.inputs.indexOf(at)];
      if (layer.className === "InputLayer") this.#values.push(input === undefined ? undefined : [input]);
      else this.#values.push(this.#attempt(layer, from, at));
    }
    const values = outputs.map(({ use, result }) => this.#values[use]?.[result]);
    if (values.includes(undefined)) return undefined;
    return { module: this.#chain() ?? connected(this.#topology, this.#layers, (links) => this.#maskOf(links)), values: values as readonly Value[] };
  }

  /** The use that makes the mask which goes into a layer: that of its first input. */
  #maskOf([first]: readonly Link[]): number | undefined {
    return first === undefined ? undefined : this.#masks[first.use]?.[first.result];
  }

  #attempt(layer: LayerDescription, from: readonly Link[], at: number): readonly Value[] | undefined {
    if (from.some(({ use }) => this.#values[use] === undefined)) return undefined;
    const known = this.#layers.get(layer);
    try {
      const inputs = from.map(({ use, result }) => this.#values[use]?.[result]);
      if (inputs.includes(undefined)) throw new LayerProblem("it takes a result that a layer does not have");
      const mask = this.#maskOf(from);
      const shapes = JSON.stringify([inputs, mask !== undefined]);
      if (known !== undefined && known.shapes !== shapes) throw new LayerProblem("it is used for inputs of several shapes");
      const place = { masked: mask !== undefined, mayReorder: this.#mayReorder(layer), weight: (name: string) => this.#shared.weights.take(layer.name, name) };
      const converted = known ?? { ...this.#layer(layer, inputs as readonly Value[], place), shapes };
      this.#layers.set(layer, converted);
      const values = [converted.value, ...(converted.others ?? [])];
      const masked = converted.maskedResults ?? (converted.mask !== undefined || keepMasks.has(layer.className) ? 1 : 0);
      this.#masks[at] = values.map((_, result) => (result >= masked ? undefined : converted.mask === undefined ? mask : at));
      return values;
    } catch (error) {
      this.#shared.problems.push(`${quote(layer.name)} (${layer.className}): ${messageOf(error)}`);
      return undefined;
    }
  }

  #layer({ className, config, model, wrapped }: LayerDescription, inputs: readonly Value[], place: Place): Converted {
    if (model !== undefined) {
      if (place.masked) throw new LayerProblem("a mask goes into it; masks end at models that are layers");
      const converted = new ModelConversion(model, this.#shared).convert(inputs);
      const [value, ...others] = converted?.values ?? [];
      if (converted === undefined || value === undefined) throw new LayerProblem("layers in it cannot be read");
      return { modules: [converted.module], value, others };
    }
    const convert = converters[className];
    if (convert === undefined) throw new LayerProblem("this class is not supported");
    const inner = (): InnerLayer => {
      if (wrapped === undefined) throw new LayerProblem("it wraps no layer");
      const settings = new Config(wrapped.config);
      const convertInner: InnerLayer["convert"] = (given, { scope = "", masked = false, changes = {} }) =>
        this.#layer({ ...wrapped, config: { ...wrapped.config, ...changes } }, given, { masked, mayReorder: false, weight: (name) => place.weight(scope + name) });
      return { name: wrapped.name, config: settings, convert: convertInner };
    };
    return convert({ config: new Config(config), inputs, masksExist: this.#shared.masksExist, ...place, inner });
  }

  /** Whether everything after all uses of a layer keeps the order of features up to dense layers, and is no result of the model. Layers that are used more than once may get another order elsewhere. */
  #mayReorder(layer: LayerDescription): boolean {
    const { uses, outputs } = this.#topology;
    const usesOf = (of: LayerDescription): readonly number[] => uses.flatMap((use, at) => (use.layer === of ? [at] : []));
    return usesOf(layer).every((at) => {
      const takes = (links: readonly Link[]): boolean => links.some(({ use }) => use === at);
      const after = uses.filter(({ inputs }) => takes(inputs)).map((use) => use.layer);
      return !takes(outputs) && after.length > 0 && after.every((next) => {
        if (usesOf(next).length > 1) return false;
        const isElementwise = next.className === "Activation" && !["softmax", "log_softmax"].includes(String(next.config["activation"]));
        return next.className === "Dense" || ((isElementwise || keepsOrder.has(next.className)) && this.#mayReorder(next));
      });
    });
  }

  /** The layers one after the other, if they are connected so, each is used once, and no mask goes from one to another. */
  #chain(): Sequential | undefined {
    const { uses, outputs, inputs } = this.#topology;
    const follows = (links: readonly Link[], at: number): boolean => links.length === 1 && links[0]?.use === at && links[0].result === 0;
    const isChain = inputs.length === 1 && inputs[0] === 0 && follows(outputs, uses.length - 1) && uses.every(({ inputs: from }, at) => (at === 0 ? from.length === 0 : follows(from, at - 1)));
    const known = [...this.#layers.values()];
    if (!isChain || known.length !== uses.length - 1 || known.some(({ takesMask, others = [] }) => takesMask === true || others.length > 0)) return undefined;
    return inSequence(known.flatMap(({ modules }) => modules));
  }
}
