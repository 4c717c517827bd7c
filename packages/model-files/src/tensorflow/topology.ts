import { CheckpointError } from "@nn/io";
import { describeValue, quote } from "@nn/tensor/extend";
import { isJson, type Json } from "./config.js";

/** A layer as the file describes it. */
export interface LayerDescription {
  readonly name: string;
  readonly className: string;
  readonly config: Json;
  /** The layers of a model that is used as a layer. */
  readonly model?: Topology;
}

/** A use of a layer. */
export interface Use {
  readonly layer: LayerDescription;
  /** Numbers of the uses that its inputs come from; those of inputs of the model have none. */
  readonly inputs: readonly number[];
}

/** The layers of a model in an order in which each comes after its inputs. */
export interface Topology {
  readonly uses: readonly Use[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

const sequentialNames: ReadonlySet<string> = new Set(["Sequential"]);
const functionalNames: ReadonlySet<string> = new Set(["Model", "Functional"]);

/** The layers of a model and how they are connected. @throws CheckpointError if that is not what the file describes. */
export function readTopology(place: string, model: unknown): Topology {
  const { class_name: className, config } = isJson(model) ? model : ({} as Json);
  const wrong = (what: string): CheckpointError => new CheckpointError(place, `the description of its model is damaged: ${what}`);
  if (typeof className !== "string") throw wrong(`class_name is ${describeValue(className)}`);
  const layers = Array.isArray(config) ? config : isJson(config) ? config["layers"] : undefined;
  if (!Array.isArray(layers)) throw wrong(`the layers of ${quote(className)} are ${describeValue(layers)}`);
  const described = layers.map((layer: unknown): LayerDescription => describe(place, layer));
  if (sequentialNames.has(className)) return chain(described);
  if (functionalNames.has(className) && isJson(config)) return graph(wrong, described, layers as readonly Json[], config);
  throw wrong(`its class is ${quote(className)}, expected Sequential, Model or Functional`);
}

function describe(place: string, layer: unknown): LayerDescription {
  const { class_name: className, config, name } = isJson(layer) ? layer : ({} as Json);
  const own = isJson(config) ? config["name"] : undefined;
  const known = typeof own === "string" ? own : name;
  if (typeof className !== "string" || typeof known !== "string" || !(isJson(config) || Array.isArray(config))) throw new CheckpointError(place, "the description of its model is damaged: a layer is not { class_name, config }");
  const settings = isJson(config) ? config : {};
  const isModel = sequentialNames.has(className) || functionalNames.has(className);
  return { name: known, className, config: settings, ...(isModel ? { model: readTopology(place, layer) } : {}) };
}

/** The input of a chain is a layer of its own only if the file says so. */
function chain(layers: readonly LayerDescription[]): Topology {
  const [first] = layers;
  const input: readonly LayerDescription[] = first?.className === "InputLayer" ? [] : [{ name: "input", className: "InputLayer", config: first?.config ?? {} }];
  const all = [...input, ...layers];
  return { uses: all.map((layer, at) => ({ layer, inputs: at === 0 ? [] : [at - 1] })), inputs: [0], outputs: [all.length - 1] };
}

function graph(wrong: (what: string) => CheckpointError, layers: readonly LayerDescription[], raw: readonly Json[], config: Json): Topology {
  const key = (name: unknown, node: unknown): string => `${String(name)} ${String(node)}`;
  const waiting = layers.flatMap((layer, at) => {
    const nodes = raw[at]?.["inbound_nodes"];
    if (layer.className === "InputLayer") return [{ layer, key: key(layer.name, 0), from: [] as string[] }];
    if (!Array.isArray(nodes)) throw wrong(`inbound_nodes of ${quote(layer.name)} are ${describeValue(nodes)}`);
    return nodes.map((node: unknown, use) => ({ layer, key: key(layer.name, use), from: linksOf(wrong, node).map(([name, at0]) => key(name, at0)) }));
  });
  const numbers = new Map<string, number>();
  const uses: Use[] = [];
  for (let rest = waiting; rest.length > 0;) {
    const ready = rest.filter(({ from }) => from.every((each) => numbers.has(each)));
    if (ready.length === 0) throw wrong(`the inputs of ${quote(rest[0]?.layer.name ?? "")} are missing, or depend on it`);
    for (const { layer, key: own, from } of ready) {
      numbers.set(own, uses.length);
      uses.push({ layer, inputs: from.map((each) => numbers.get(each) ?? 0) });
    }
    rest = rest.filter(({ key: own }) => !numbers.has(own));
  }
  const ends = (name: string): number[] => linksOf(wrong, config[name]).map(([layer, at]) => numbers.get(key(layer, at)) ?? -1);
  const [inputs, outputs] = [ends("input_layers"), ends("output_layers")];
  if ([...inputs, ...outputs].includes(-1) || inputs.length === 0 || outputs.length === 0) throw wrong("input_layers or output_layers name layers that there are not");
  return { uses, inputs, outputs };
}

/** Links to layers, `[name, node, tensor]`. A single one may be written without the outer list. */
function linksOf(wrong: (what: string) => CheckpointError, links: unknown): readonly (readonly unknown[])[] {
  if (!Array.isArray(links)) throw wrong(`links to layers are ${describeValue(links)}`);
  const list: readonly unknown[] = typeof links[0] === "string" ? [links] : links;
  return list.map((link) => {
    if (!Array.isArray(link) || typeof link[0] !== "string" || !Number.isSafeInteger(link[1])) throw wrong(`a link to a layer is ${describeValue(link)}`);
    if (link[2] !== 0) throw wrong(`${quote(link[0])} is a layer with several results`);
    return link as readonly unknown[];
  });
}
