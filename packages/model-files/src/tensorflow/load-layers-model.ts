import { CheckpointError } from "@nn/io";
import type { Sequential } from "@nn/layers";
import { ArgumentError } from "@nn/tensor";
import { describeValue, isPlainObject, quote, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { Json } from "./config.js";
import { masksExist, ModelConversion, unknownClasses } from "./convert.js";
import type { Value } from "./layer.js";
import type { LayerGraph } from "./layer-graph.js";
import { LayerWeights } from "./layer-weights.js";
import { filesOf, type LayersModelSource, type ModelFiles } from "./source.js";
import { readTopology, type Topology } from "./topology.js";
import { readWeights } from "./weights.js";

/** Options of {@link loadLayersModel}. */
export interface LayersModelOptions {
  /** The shape of the input without the batch, as in TensorFlow.js (`[height, width, channels]`), where the file leaves sizes open that are needed. For a model with one input. */
  readonly inputShape?: readonly number[] | undefined;
  /** Ends transfers from a server. */
  readonly signal?: AbortSignal | undefined;
}

const modelOptions: OptionKinds<LayersModelOptions> = { inputShape: "list", signal: "any" };

/**
 * Reads a layers model of TensorFlow.js (`model.json` and its files of weights; also one that `tensorflowjs_converter` made from Keras, quantized or not) into modules that can be trained further. A chain of layers becomes a
 * `Sequential`, everything else a {@link LayerGraph}.
 *
 * Images are `[N, C, H, W]` here and `[N, H, W, C]` there: the kernels are turned, and so are the weights of dense layers after a `Flatten`. Results of the model that are images are `[N, C, H, W]` too.
 * The same holds for everything with more axes: volumes are `[N, C, D, H, W]`, and sequences of images `[N, C, steps, H, W]`. Sequences stay `[N, steps, features]`. Indices for an `Embedding` are int32.
 *
 * The optimizer and the loss of a compiled model are not read. Running statistics of batch normalisation go on with the unbiased variance.
 *
 * @example
 * ```ts no-run
 * import { loadLayersModel } from "@nn/model-files/tensorflow";
 * const model = await loadLayersModel("https://example.org/mobilenet/model.json");
 * console.log(model.eval().toString());
 * ```
 * @throws CheckpointError that names all layers that cannot be read, with the reason; or if the files are damaged.
 * @throws FileError if a file cannot be read.
 */
export async function loadLayersModel(source: LayersModelSource, options: LayersModelOptions = {}): Promise<Sequential | LayerGraph> {
  requireOptions("loadLayersModel", options, modelOptions);
  const { inputShape, signal } = options;
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw new ArgumentError(`loadLayersModel: signal is ${describeValue(signal)}, expected an AbortSignal`);
  if (inputShape !== undefined && !inputShape.every((size) => Number.isSafeInteger(size) && size > 0)) throw new ArgumentError(`loadLayersModel: inputShape is ${describeValue(inputShape)}, expected positive whole numbers`);
  const files = filesOf("loadLayersModel", source, signal);
  const { model, manifest } = await readModel(files);
  const topology = readTopology(files.name, model);
  const unknown = [...new Set(unknownClasses(topology))].toSorted();
  if (unknown.length > 0) throw new CheckpointError(files.name, `it has layers that cannot be read: ${unknown.map((name) => quote(name)).join(", ")}`);
  const weights = new LayerWeights(await readWeights(files.name, manifest, (path) => files.beside(path)));
  return converted(files.name, topology, weights, inputShape);
}

function converted(place: string, topology: Topology, weights: LayerWeights, inputShape: readonly number[] | undefined): Sequential | LayerGraph {
  const problems: string[] = [];
  const inputs = topology.inputs.map((_, at) => inputOf(place, topology, at, inputShape));
  const result = new ModelConversion(topology, { weights, problems, masksExist: masksExist(topology) }).convert(inputs);
  if (result === undefined || problems.length > 0) throw new CheckpointError(place, `it has layers that cannot be read:\n  ${problems.join("\n  ")}`);
  if (weights.left.length > 0) throw new CheckpointError(place, `no layer has the weights ${weights.left.map((name) => quote(name)).join(", ")}`);
  return result.module as Sequential | LayerGraph;
}

/** What the file says of an input, or the option. */
function inputOf(place: string, topology: Topology, at: number, inputShape: readonly number[] | undefined): Value {
  const use = topology.uses[topology.inputs[at] ?? 0];
  const first = topology.uses.find(({ inputs }) => inputs.some((link) => link.use === topology.inputs[at]))?.layer;
  const inner = first?.model === undefined ? undefined : first.model.uses[first.model.inputs[0] ?? 0]?.layer.config;
  const shape = [use?.layer.config, inner].flatMap((config) => [config?.["batch_input_shape"], config?.["batch_shape"]]).find((each) => Array.isArray(each)) as readonly unknown[] | undefined;
  const sizes = shape?.slice(1);
  if (sizes !== undefined && !sizes.every((size) => size === null || (Number.isSafeInteger(size) && (size as number) > 0))) throw new CheckpointError(place, `the shape of an input is ${describeValue(shape)}`);
  const known = sizes as readonly (number | null)[] | undefined;
  if (inputShape === undefined) {
    if (known === undefined) throw new CheckpointError(place, "it does not say the shape of its input; say it with the option inputShape");
    return { shape: known };
  }
  if (topology.inputs.length > 1) throw new ArgumentError("loadLayersModel: inputShape is for a model with one input");
  if (known !== undefined && (known.length !== inputShape.length || known.some((size, axis) => size !== null && size !== inputShape[axis]))) {
    throw new ArgumentError(`loadLayersModel: inputShape is [${inputShape.join(", ")}], but the model takes [${known.map((size) => size ?? "?").join(", ")}]`);
  }
  return { shape: inputShape };
}

/** The description of the model, and the manifest of its weights. */
async function readModel(files: ModelFiles): Promise<{ readonly model: unknown; readonly manifest: unknown }> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(await files.model()));
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new CheckpointError(files.name, "it is not JSON, expected the model.json of TensorFlow.js", undefined, { cause });
    throw cause;
  }
  const { format, modelTopology: topology, weightsManifest: manifest } = isPlainObject(json) ? json : ({} as Json);
  if (format === "graph-model" || (isPlainObject(topology) && "node" in topology)) throw new CheckpointError(files.name, "it is a graph model, whose layers are gone; convert the Keras model with --output_format=tfjs_layers_model");
  if (!isPlainObject(topology)) throw new CheckpointError(files.name, "it has no modelTopology, expected the model.json of TensorFlow.js");
  return { model: topology["model_config"] ?? topology, manifest };
}
