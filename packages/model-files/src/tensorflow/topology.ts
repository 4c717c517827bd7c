import { CheckpointError } from "@nn/io";
import { describeValue, isPlainObject, quote } from "@nn/tensor/extend";
import type { Json } from "./config.js";

/** A layer as the file describes it. */
export interface LayerDescription {
  readonly name: string;
  readonly className: string;
  readonly config: Json;
  /** The layers of a model that is used as a layer. */
  readonly model?: Topology;
  /** The layer that a wrapper such as `TimeDistributed` applies. */
  readonly wrapped?: LayerDescription;
}

/** A result of a use. */
export interface Link {
  readonly use: number;
  readonly result: number;
}

/** A use of a layer. */
export interface Use {
  readonly layer: LayerDescription;
  /** Where its inputs come from; inputs of the model have none. */
  readonly inputs: readonly Link[];
}

/** The layers of a model in an order in which each comes after its inputs. */
export interface Topology {
  readonly uses: readonly Use[];
  /** Numbers of uses. */
  readonly inputs: readonly number[];
  readonly outputs: readonly Link[];
}

const sequentialNames: ReadonlySet<string> = new Set(["Sequential"]);
const wrapperNames: ReadonlySet<string> = new Set(["Bidirectional", "TimeDistributed"]);
const functionalNames: ReadonlySet<string> = new Set(["Model", "Functional"]);

/** The layers of a model and how they are connected. @throws CheckpointError if that is not what the file describes. */
export function readTopology(place: string, model: unknown): Topology {
  const { class_name: className, config } = isPlainObject(model) ? model : ({} as Json);
  const wrong = (what: string): CheckpointError => new CheckpointError(place, `the description of its model is damaged: ${what}`);
  if (typeof className !== "string") throw wrong(`class_name is ${describeValue(className)}`);
  const layers = Array.isArray(config) ? config : isPlainObject(config) ? config["layers"] : undefined;
  if (!Array.isArray(layers)) throw wrong(`the layers of ${quote(className)} are ${describeValue(layers)}`);
  const described = layers.map((layer: unknown): LayerDescription => describe(place, layer));
  const twice = described.find(({ name }, at) => described.findIndex((other) => other.name === name) < at);
  if (twice !== undefined) throw wrong(`two layers have the name ${quote(twice.name)}`);
  if (sequentialNames.has(className)) return chain(described);
  if (functionalNames.has(className) && isPlainObject(config)) return graph(wrong, described, layers as readonly Json[], config);
  throw wrong(`its class is ${quote(className)}, expected Sequential, Model or Functional`);
}

function describe(place: string, layer: unknown): LayerDescription {
  const { class_name: className, config, name } = isPlainObject(layer) ? layer : ({} as Json);
  const own = isPlainObject(config) ? config["name"] : undefined;
  const known = typeof own === "string" ? own : name;
  if (typeof className !== "string" || typeof known !== "string" || !(isPlainObject(config) || Array.isArray(config))) throw new CheckpointError(place, "the description of its model is damaged: a layer is not { class_name, config }");
  const settings = isPlainObject(config) ? config : {};
  const isModel = sequentialNames.has(className) || functionalNames.has(className);
  const isWrapper = wrapperNames.has(className);
  return { name: known, className, config: settings, ...(isModel ? { model: readTopology(place, layer) } : {}), ...(isWrapper ? { wrapped: describe(place, settings["layer"]) } : {}) };
}

/** The input of a chain is a layer of its own only if the file says so. */
function chain(layers: readonly LayerDescription[]): Topology {
  const [first] = layers;
  const input: readonly LayerDescription[] = first?.className === "InputLayer" ? [] : [{ name: "input", className: "InputLayer", config: first?.config ?? {} }];
  const all = [...input, ...layers];
  return { uses: all.map((layer, at) => ({ layer, inputs: at === 0 ? [] : [{ use: at - 1, result: 0 }] })), inputs: [0], outputs: [{ use: all.length - 1, result: 0 }] };
}

/** A link as the file has it: the layer and its use, as one text, and the number of the result. */
interface NamedLink {
  readonly key: string;
  readonly result: number;
}

type Wrong = (what: string) => CheckpointError;

const keyOf = (name: unknown, use: unknown): string => `${String(name)} ${String(use)}`;

/** A use of a layer, before the uses are in order. */
interface NamedUse {
  readonly layer: LayerDescription;
  readonly key: string;
  readonly from: readonly NamedLink[];
}

/** Uses of a layer count from 0. Those of a model that is a layer count from 1, because it is a use of itself, unless it had no inputs of its own yet. */
function namedUses(wrong: Wrong, layers: readonly LayerDescription[], raw: readonly Json[], outputs: readonly NamedLink[]): readonly NamedUse[] {
  const links = layers.map((layer, at): (readonly NamedLink[])[] => {
    const nodes = raw[at]?.["inbound_nodes"];
    if (layer.className === "InputLayer") return [[]];
    if (!Array.isArray(nodes)) throw wrong(`inbound_nodes of ${quote(layer.name)} are ${describeValue(nodes)}`);
    return nodes.map((node: unknown) => linksOf(wrong, node));
  });
  const taken = new Set([...links.flat(2), ...outputs].map(({ key }) => key));
  return layers.flatMap((layer, at) => {
    const first = layer.model === undefined || taken.has(keyOf(layer.name, 0)) ? 0 : 1;
    return (links[at] ?? []).map((from, use) => ({ layer, key: keyOf(layer.name, first + use), from }));
  });
}

function graph(wrong: Wrong, layers: readonly LayerDescription[], raw: readonly Json[], config: Json): Topology {
  const ends = linksOf(wrong, config["output_layers"]);
  const numbers = new Map<string, number>();
  const numbered = ({ key, result }: NamedLink): Link => ({ use: numbers.get(key) ?? -1, result });
  const uses: Use[] = [];
  for (let rest = namedUses(wrong, layers, raw, ends); rest.length > 0;) {
    const ready = rest.filter(({ from }) => from.every(({ key }) => numbers.has(key)));
    if (ready.length === 0) throw wrong(`the inputs of ${quote(rest[0]?.layer.name ?? "")} are missing, or depend on it`);
    for (const { layer, key, from } of ready) {
      numbers.set(key, uses.length);
      uses.push({ layer, inputs: from.map(numbered) });
    }
    rest = rest.filter(({ key }) => !numbers.has(key));
  }
  const [inputs, outputs] = [linksOf(wrong, config["input_layers"]).map(numbered), ends.map(numbered)];
  if ([...inputs, ...outputs].some(({ use }) => use === -1) || inputs.length === 0 || outputs.length === 0) throw wrong("input_layers or output_layers name layers that there are not");
  return { uses, inputs: inputs.map(({ use }) => use), outputs };
}

/** Links to layers, `[name, use, result]`. A single one may be written without the outer list. */
function linksOf(wrong: Wrong, links: unknown): readonly NamedLink[] {
  if (!Array.isArray(links)) throw wrong(`links to layers are ${describeValue(links)}`);
  const list: readonly unknown[] = typeof links[0] === "string" ? [links] : links;
  return list.map((link) => {
    const [name, use, result]: readonly unknown[] = Array.isArray(link) ? link : [];
    if (typeof name !== "string" || !Number.isSafeInteger(use) || !Number.isSafeInteger(result) || (result as number) < 0) throw wrong(`a link to a layer is ${describeValue(link)}`);
    return { key: keyOf(name, use), result: result as number };
  });
}
