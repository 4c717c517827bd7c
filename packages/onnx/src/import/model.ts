import type { DType, Shape, Tensor } from "@nn/tensor";
import { messageOf } from "@nn/tensor/extend";
import { OnnxError } from "../onnx-error.js";
import { modelProto, type GraphProto, type ModelProto, type NodeProto, type TensorProto, type ValueInfoProto } from "../proto/onnx.js";
import type { GraphNode } from "./call.js";
import { operators } from "./operators/table.js";
import { dtypeOf, typeName } from "./tensors.js";

/** The versions of ONNX's operators that are read. */
const [oldest, newest] = [11n, 17n] as const;

/** An input or an output of a model. */
export interface OnnxValue {
  /** Its name in the file. */
  readonly name: string;
  /** The dtype here: whole numbers are int32, half-precision floats float32. */
  readonly dtype: DType;
  /** The size of each axis: a number, or the name of a size that may be any. `undefined` if the file does not say how many axes there are. */
  readonly shape: readonly (number | string)[] | undefined;
}

/** A checked graph. */
export interface OnnxGraph {
  readonly nodes: readonly GraphNode[];
  readonly initializers: ReadonlyMap<string, TensorProto>;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** The message of a file. @throws OnnxError if it is none. */
export function decodeModel(operation: string, bytes: Uint8Array): ModelProto {
  try {
    return modelProto.decode(bytes);
  } catch (cause) {
    throw new OnnxError(`${operation}: this is no ONNX file, or it is damaged: ${messageOf(cause)}`, { cause });
  }
}

/** Checks everything about a model but its tensors: versions, names, operators, attributes, and that each value is made before it is used. */
export function graphOfModel(operation: string, { graph, opsetImport, metadataProps }: ModelProto): OnnxGraph {
  if (graph === undefined) throw new OnnxError(`${operation}: this is no ONNX file: it has no graph`);
  const version = opsetImport.find(({ domain = "" }) => isStandard(domain))?.version;
  if (version === undefined) throw new OnnxError(`${operation}: this is no ONNX file: it does not say of which opset it is`);
  if (version < oldest || version > newest) throw new OnnxError(`${operation}: the file is of opset ${version}; opsets ${oldest} to ${newest} are read`);
  if (graph.sparseInitializer.length > 0) throw new OnnxError(`${operation}: the file has sparse tensors, which cannot be read`);
  requireSupported(operation, graph.node);
  const nodes = graph.node.map((node, at) => nodeOf(node, at, Number(version)));
  const initializers = byName(operation, graph.initializer);
  const inputs = graph.input.filter(({ name = "" }) => !initializers.has(name)).map((info) => valueOf(operation, info, "float32"));
  requireMade(operation, graph, nodes, [...initializers.keys(), ...inputs.map(({ name }) => name)]);
  for (const node of nodes) requireArguments(operation, node);
  const metadata = Object.fromEntries(metadataProps.map(({ key = "", value = "" }) => [key, value]));
  return { nodes, initializers, inputs, outputs: graph.output.map((info) => valueOf(operation, info, "float32")), metadata };
}

const isStandard = (domain: string): boolean => domain === "" || domain === "ai.onnx";

/** Refuses operators that cannot be read, all at once. */
function requireSupported(operation: string, nodes: readonly NodeProto[]): void {
  const names = nodes.map(({ domain = "", opType = "" }) => (isStandard(domain) ? opType : `${domain}.${opType}`));
  const counts = new Map<string, number>();
  for (const name of names) if (!operators.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  if (counts.size === 0) return;
  const list = [...counts].map(([name, count]) => `${JSON.stringify(name).slice(1, -1)}${count === 1 ? "" : ` (${count} times)`}`);
  throw new OnnxError(`${operation}: these operators are not supported: ${list.join(", ")}`);
}

function nodeOf({ opType = "", name = "", input, output, attribute }: NodeProto, at: number, opset: number): GraphNode {
  const called = [name, output[0] ?? "", `node ${at}`].find((each) => each !== "") ?? "";
  return { opType, name: called, inputs: withoutEnd(input), outputs: withoutEnd(output), attributes: new Map(attribute.map((each) => [each.name ?? "", each])), opset };
}

/** Names without those at the end that are left out. */
function withoutEnd(names: readonly string[]): readonly string[] {
  return names.slice(0, names.findLastIndex((name) => name !== "") + 1);
}

function byName(operation: string, tensors: readonly TensorProto[]): ReadonlyMap<string, TensorProto> {
  const result = new Map<string, TensorProto>();
  for (const tensor of tensors) {
    const { name = "" } = tensor;
    if (name === "" || result.has(name)) throw new OnnxError(`${operation}: ${name === "" ? "a tensor has no name" : `two tensors have the name ${JSON.stringify(name)}`}`);
    result.set(name, tensor);
  }
  return result;
}

/** Refuses values that are made twice, not at all, or after their use: the nodes must be in order, without circles. */
function requireMade(operation: string, graph: GraphProto, nodes: readonly GraphNode[], given: readonly string[]): void {
  const made = new Set(given);
  const all = new Set(nodes.flatMap(({ outputs }) => outputs));
  for (const { opType, name, inputs, outputs } of nodes) {
    for (const input of inputs) {
      if (input === "" || made.has(input)) continue;
      const problem = all.has(input) ? "is made by a later node; nodes must be in the order in which they run, without circles" : "is made by no node";
      throw new OnnxError(`${operation}: ${opType} (${name}): its input ${JSON.stringify(input)} ${problem}`);
    }
    for (const output of outputs) {
      if (made.has(output) && output !== "") throw new OnnxError(`${operation}: ${opType} (${name}): its output ${JSON.stringify(output)} is made twice`);
      made.add(output);
    }
  }
  if (graph.output.length === 0) throw new OnnxError(`${operation}: the graph has no outputs`);
  for (const { name = "" } of graph.output) if (!made.has(name) || name === "") throw new OnnxError(`${operation}: the output ${JSON.stringify(name)} of the graph is made by no node`);
}

/** Refuses a node with too many or too few inputs, with outputs that its operator has not here, or with attributes that are not supported. */
function requireArguments(operation: string, { opType, name, inputs, outputs, attributes }: GraphNode): void {
  const found = operators.get(opType);
  if (found === undefined) return;
  const [least, most] = found.inputs;
  const what = `${operation}: ${opType} (${name})`;
  if (inputs.length < least || inputs.length > most) throw new OnnxError(`${what} has ${inputs.length} inputs, expected ${least === most ? least : `${least} to ${most}`}`);
  if (outputs.length > found.outputs) throw new OnnxError(`${what} has ${outputs.length} outputs, of which only ${found.outputs} are supported`);
  const unknown = [...attributes.keys()].filter((attribute) => !found.attributes.includes(attribute));
  if (unknown.length > 0) throw new OnnxError(`${what} has attributes that are not supported: ${unknown.join(", ")}`);
}

function valueOf(operation: string, { name = "", type }: ValueInfoProto, fallback: DType): OnnxValue {
  const code = type?.tensorType?.elemType ?? 0;
  const dtype = code === 0 ? fallback : dtypeOf(code);
  if (dtype === undefined) throw new OnnxError(`${operation}: ${JSON.stringify(name)} has elements of type ${typeName(code)}, which cannot be read`);
  const shape = type?.tensorType?.shape?.dim.map(({ dimValue, dimParam }, axis) => (dimValue === undefined ? (dimParam ?? `axis ${axis}`) : Number(dimValue)));
  return { name, dtype, shape };
}

/** Refuses an input that does not fit its declaration. */
export function requireInput(what: string, value: OnnxValue, tensor: Tensor, sizes: Map<string, number>): void {
  if (tensor.dtype !== value.dtype) throw new OnnxError(`${what}: the input ${value.name} has dtype ${tensor.dtype}, expected ${value.dtype}`);
  if (value.shape === undefined) return;
  const fits = tensor.rank === value.shape.length && value.shape.every((size, axis) => fitsSize(size, tensor.shape, axis, sizes));
  if (!fits) throw new OnnxError(`${what}: the input ${value.name} is [${tensor.shape.join(", ")}], expected [${value.shape.join(", ")}]${sizes.size === 0 ? "" : ` with ${[...sizes].map(([name, size]) => `${name} = ${size}`).join(", ")}`}`);
}

function fitsSize(size: number | string, shape: Shape, axis: number, sizes: Map<string, number>): boolean {
  const found = shape[axis] ?? 0;
  if (typeof size === "number") return size === found;
  const known = sizes.get(size) ?? found;
  sizes.set(size, known);
  return known === found;
}
