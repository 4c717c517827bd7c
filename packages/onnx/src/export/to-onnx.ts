import { isTensor, type Tensor, type Variable } from "@nn/tensor";
import { describeValue, isPlainObject, requireKind, requireOptions, requireSynchronous, requireTensor, type OptionKinds } from "@nn/tensor/extend";
import type { TensorType } from "@nn/tensor/interpreter";
import { Module } from "@nn/layers";
import { OnnxError } from "../onnx-error.js";
import { dataTypes, modelProto, type TensorDraft, type ValueInfoDraft } from "../proto/onnx.js";
import { graphOf, type Graph, type SizedType } from "./graph.js";
import { BatchSize, NotAligned, type Size } from "./size.js";
import { trace, type Trace } from "./trace.js";
import { writeGraph } from "./write-graph.js";
import { GraphWriter, type BatchSource } from "./writer.js";

/** What can be exported: a module, or a function of tensors. */
export type Exportable = Module | ((...inputs: Tensor[]) => unknown);

/** Options of {@link toOnnx}. */
export interface OnnxOptions {
  /**
   * The axis of the inputs along which the batch may have any size in the file: one axis for all inputs that have it, or an axis for each input by name. Default: all sizes are
   * those of the examples.
   */
  readonly batchAxis?: number | Readonly<Record<string, number>> | undefined;
  /** The names of the outputs, in the order of the results. Default: `output`, or the keys and positions of the results. */
  readonly outputNames?: readonly string[] | undefined;
  /** The module whose names the parameters get, if a function is exported. Default: the path of the module that reads each parameter. */
  readonly module?: Module | undefined;
  /** Texts by names that the file holds besides, such as the names of classes. In ONNX Runtime for Python: `session.get_modelmeta().custom_metadata_map`. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

const optionKinds: OptionKinds<OnnxOptions> = { batchAxis: "any", outputNames: "list", module: "any", metadata: "any" };

/** The version of ONNX's operators that is written. */
export const writtenOpset = 17;

/** The version of the file format that goes with it. */
const irVersion = 8;

/** The batches of the traces that find the sizes that grow with it: primes that hardly any model has as a size. */
const batches = [101, 103, 107] as const;

/**
 * A module or a function of tensors as an ONNX file (opset 17), for inference.
 *
 * The function is traced once with tensors of the shapes and dtypes of `inputs`, whose keys are the names of the inputs in the file, in the order of the arguments. Parameters and
 * buffers become initializers with the names of the state dictionary; nodes are called by the path of their module, such as `blocks.2.attention/MatMul`.
 *
 * With `batchAxis`, the file takes batches of any size. The function is then traced with three batches, and all sizes that differ must be linear in the batch.
 *
 * @example
 * ```ts
 * import { zeros } from "@nn/tensor";
 * import { Linear, ReLU, Sequential } from "@nn/layers";
 * import { toOnnx } from "@nn/onnx";
 *
 * const model = new Sequential(new Linear(4, 8), new ReLU(), new Linear(8, 3)).eval();
 * const file = toOnnx(model, { features: zeros([1, 4]) }, { batchAxis: 0, outputNames: ["logits"] });
 * file instanceof Uint8Array; // => true
 * ```
 * @throws OnnxError that names all operations that cannot be exported, with their modules; for a module in training mode; and if what is computed depends on the batch in another way.
 */
export function toOnnx(subject: Exportable, inputs: Readonly<Record<string, Tensor>>, options: OnnxOptions = {}): Uint8Array {
  return encodeModel("toOnnx", exportGraph("toOnnx", subject, inputs, options), (initializers) => initializers);
}

/** A graph that has been written, and the types of its inputs and outputs. */
export interface ExportedGraph {
  readonly writer: GraphWriter;
  readonly inputs: readonly ValueInfoDraft[];
  readonly outputs: readonly ValueInfoDraft[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Traces a function and writes its graph. */
export function exportGraph(operation: string, subject: Exportable, inputs: Readonly<Record<string, Tensor>>, options: OnnxOptions): ExportedGraph {
  requireOptions(operation, options, optionKinds);
  const { outputNames, module = subject instanceof Module ? subject : undefined, metadata = {} } = options;
  requireMetadata(operation, metadata);
  const types = inputTypes(operation, inputs);
  const run = runnerOf(operation, subject);
  if (module !== undefined && !(module instanceof Module)) throw new OnnxError(`${operation}: module is ${describeValue(module)}, expected a Module`);
  const axes = batchAxes(operation, types, options.batchAxis);
  const collect = (result: unknown): readonly (readonly [string, Tensor])[] => named(operation, resultsOf(operation, result), outputNames);
  const traces = (axes.size === 0 ? [0] : batches).map((batch) => trace(withBatch(types, axes, batch), run, collect));
  const graph = alignedGraph(operation, traces, axes);
  const writer = new GraphWriter(batchSource(axes));
  for (const name of [...types.keys(), ...graph.outputs.map(([name]) => name)]) {
    if (writer.take(name) !== name) throw new OnnxError(`${operation}: two inputs or outputs have the name "${name}"; name the outputs with outputNames`);
  }
  for (const [variable, path] of traces[0]?.writes ?? []) writer.refuse(`${path === "" ? "" : `in ${path}: `}an assignment of ${variable.name ?? "a variable"}; for batch normalisation and the like, call eval() first`);
  writeGraph(graph, writer, variableNames(module));
  if (writer.refused.size > 0) throw new OnnxError(`${operation}: these cannot be exported:\n  ${[...writer.refused].join("\n  ")}`);
  const inputInfos = [...withSizes(types, axes)].map(([name, type]) => valueInfo(name, type));
  return { writer, inputs: inputInfos, outputs: graph.outputs.map(([name, { type }]) => valueInfo(name, type)), metadata };
}

function requireMetadata(operation: string, metadata: unknown): void {
  if (!isPlainObject(metadata)) throw new OnnxError(`${operation}: metadata is ${describeValue(metadata)}, expected an object with texts, such as { author: "…" }`);
  for (const [name, text] of Object.entries(metadata)) requireKind(operation, `metadata[${JSON.stringify(name)}]`, text, "string");
}

/** The bytes of a model file. `place` decides where the elements of initializers lie. */
export function encodeModel(operation: string, { writer, inputs, outputs, metadata }: ExportedGraph, place: (initializers: readonly TensorDraft[]) => readonly TensorDraft[]): Uint8Array {
  const initializer = place(writer.initializers);
  const size = initializer.reduce((total, { rawData }) => total + (rawData?.length ?? 0), 0);
  // A message of protobuf has at most 2 GiB.
  if (size > 2 ** 31 - 2 ** 20) throw new OnnxError(`${operation}: the weights take ${(size / 2 ** 30).toFixed(1)} GiB, more than an ONNX file can hold; write them beside it: saveOnnx(…, { externalData: true })`);
  return modelProto.encode({
    irVersion: BigInt(irVersion), producerName: "nn", opsetImport: [{ domain: "", version: BigInt(writtenOpset) }],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: { name: "main", node: writer.nodes, initializer, input: inputs, output: outputs },
  });
}

function inputTypes(operation: string, inputs: Readonly<Record<string, Tensor>>): ReadonlyMap<string, TensorType> {
  if (typeof inputs !== "object" || inputs === null || isTensor(inputs) || Array.isArray(inputs)) {
    throw new OnnxError(`${operation}: inputs is ${describeValue(inputs)}, expected an object with an example of each input by name, such as { x: zeros([1, 4]) }`);
  }
  const entries = Object.entries(inputs);
  for (const [name, tensor] of entries) {
    requireTensor(operation, tensor, `the input ${name}`);
    if (name === "" || /^\d+$/.test(name)) throw new OnnxError(`${operation}: an input has the name ${JSON.stringify(name)}, expected a word`);
  }
  return new Map(entries.map(([name, { shape, dtype }]) => [name, { shape, dtype }]));
}

function runnerOf(operation: string, subject: Exportable): (inputs: readonly Tensor[]) => unknown {
  if (subject instanceof Module) {
    const training = [...subject.namedModules()].find(([, module]) => module.training);
    if (training !== undefined) throw new OnnxError(`${operation}: ${subject.constructor.name} is in training mode; call eval() first`);
    return (inputs) => Reflect.apply(subject.forward, subject, inputs) as unknown;
  }
  requireKind(operation, "what is exported", subject, "function");
  return (inputs) => requireSynchronous<unknown>(operation, "what is exported", subject(...inputs));
}

function batchAxes(operation: string, types: ReadonlyMap<string, TensorType>, batchAxis: unknown): ReadonlyMap<string, number> {
  if (batchAxis === undefined) return new Map();
  if (typeof batchAxis === "object" && batchAxis !== null) {
    const axes = new Map(Object.entries(batchAxis) as (readonly [string, unknown])[]);
    for (const [name, axis] of axes) {
      const type = types.get(name);
      if (type === undefined) throw new OnnxError(`${operation}: batchAxis names the input "${name}"; the inputs are ${[...types.keys()].join(", ")}`);
      requireAxis(operation, `batchAxis of ${name}`, axis, type.shape.length);
    }
    return axes as ReadonlyMap<string, number>;
  }
  const most = Math.max(0, ...[...types.values()].map(({ shape }) => shape.length));
  const axis = requireAxis(operation, "batchAxis", batchAxis, most);
  return new Map([...types].filter(([, { shape }]) => shape.length > axis).map(([name]) => [name, axis]));
}

function requireAxis(operation: string, what: string, axis: unknown, rank: number): number {
  requireKind(operation, what, axis, "size");
  if (Number(axis) >= rank) throw new OnnxError(`${operation}: ${what} is ${String(axis)}, but the input has ${rank} axes`);
  return Number(axis);
}

function withBatch(types: ReadonlyMap<string, TensorType>, axes: ReadonlyMap<string, number>, batch: number): ReadonlyMap<string, TensorType> {
  return new Map([...types].map(([name, { shape, dtype }]) => {
    const axis = axes.get(name);
    return [name, { dtype, shape: axis === undefined ? shape : shape.with(axis, batch) }];
  }));
}

function withSizes(types: ReadonlyMap<string, TensorType>, axes: ReadonlyMap<string, number>): ReadonlyMap<string, SizedType> {
  return new Map([...types].map(([name, { shape, dtype }]) => [name, { dtype, shape: shape.map((size, axis): Size => (axes.get(name) === axis ? new BatchSize(1, 0) : size)) }]));
}

function batchSource(axes: ReadonlyMap<string, number>): BatchSource | undefined {
  const [first] = axes;
  return first === undefined ? undefined : { input: first[0], axis: first[1] };
}

function alignedGraph(operation: string, traces: readonly Trace[], axes: ReadonlyMap<string, number>): Graph {
  const [first, ...others] = traces;
  if (first === undefined) throw new OnnxError(`${operation}: nothing was traced`);
  try {
    return graphOf([first, ...others], batches);
  } catch (error) {
    if (!(error instanceof NotAligned)) throw error;
    throw new OnnxError(`${operation}: what is computed depends on the batch (axis ${[...axes].map(([name, axis]) => `${axis} of ${name}`).join(", ")}) in a way that the file cannot hold: ${error.message}`);
  }
}

/** All tensors in a result, with names made of keys and positions. */
function resultsOf(operation: string, result: unknown): readonly (readonly [name: string, tensor: Tensor])[] {
  const found: (readonly [string, Tensor])[] = [];
  const visit = (name: string, value: unknown, depth: number): void => {
    if (isTensor(value)) found.push([name === "" ? "output" : name, value]);
    else if (typeof value === "object" && value !== null && depth < 10) for (const [key, each] of Object.entries(value)) visit(name === "" ? (Array.isArray(value) ? `output_${key}` : key) : `${name}.${key}`, each, depth + 1);
    else if (value !== undefined) throw new OnnxError(`${operation}: the function returns ${describeValue(value)}${name === "" ? "" : ` as ${name}`}, expected tensors, or arrays and objects of them`);
  };
  visit("", result, 0);
  if (found.length === 0) throw new OnnxError(`${operation}: the function returns no tensor`);
  return found;
}

function named(operation: string, results: readonly (readonly [string, Tensor])[], names: readonly string[] | undefined): readonly (readonly [string, Tensor])[] {
  if (names === undefined) return results;
  if (names.length !== results.length || !names.every((name) => typeof name === "string" && name !== "")) {
    throw new OnnxError(`${operation}: outputNames is ${describeValue(names)}, expected ${results.length} names, for ${results.map(([name]) => name).join(", ")}`);
  }
  return results.map(([, tensor], at) => [names[at] ?? "", tensor]);
}

/** Names of variables: those of a state dictionary, or the path of the module that reads a variable and the last part of its own name. */
function variableNames(module: Module | undefined): (variable: Variable, path: string) => string {
  const known = new Map<Variable, string>();
  for (const [name, variable] of [...(module?.namedParameters() ?? []), ...(module?.namedBuffers() ?? [])]) known.set(variable, name);
  return (variable, path) => known.get(variable) ?? [path, variable.name?.split(".").at(-1) ?? "variable"].filter((part) => part !== "").join(".");
}

function valueInfo(name: string, { shape, dtype }: SizedType): ValueInfoDraft {
  const dim = shape.map((size) => (size instanceof BatchSize ? { dimParam: batchName(size) } : { dimValue: BigInt(size) }));
  return { name, type: { tensorType: { elemType: dataTypes[dtype], shape: { dim } } } };
}

const batchName = ({ perBatch, offset }: BatchSize): string => `${perBatch === 1 ? "" : `${perBatch}*`}batch${offset === 0 ? "" : `${offset < 0 ? "-" : "+"}${Math.abs(offset)}`}`;
