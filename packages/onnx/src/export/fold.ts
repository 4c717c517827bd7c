import { Tensor } from "@nn/tensor";
import { sizeOf } from "@nn/tensor/extend";
import type { AttributesOf, DefinitionOf, InputsOf, NdArray, Primitive, TensorType } from "@nn/tensor/interpreter";
import type { ApplicationNode, Graph, Node } from "./graph.js";
import { BatchSize } from "./size.js";

/** Constants with more elements are computed by whoever runs the file, unless they are no larger than what they are computed from. */
const largest = 1024;

const never: ReadonlySet<Primitive> = new Set<Primitive>(["hostCallback", "randomBits"]);

/** The values of the nodes that depend on no input, no variable and not on the batch. Variables stay apart: they are the weights. */
export function constantsOf({ nodes }: Graph): ReadonlyMap<Node, Tensor> {
  const constants = new Map<Node, Tensor>();
  for (const node of nodes) {
    if (node.kind === "constant") constants.set(node, node.value);
    if (node.kind !== "primitive" || never.has(node.primitive)) continue;
    const value = folded(node as ApplicationNode<Primitive>, constants);
    if (value !== undefined) constants.set(node, value);
  }
  return constants;
}

function folded<P extends Primitive>(node: ApplicationNode<P>, constants: ReadonlyMap<Node, Tensor>): Tensor | undefined {
  const { type: { shape: sizes, dtype }, attributes } = node;
  const definition: DefinitionOf<P> = node.definition;
  const nodes: readonly Node[] = node.inputs;
  const inputs = nodes.flatMap((input) => constants.get(input) ?? []);
  if (inputs.length < nodes.length || growsWithBatch([sizes, attributes])) return undefined;
  const shape = sizes.map(Number);
  if (sizeOf(shape) > Math.max(largest, inputs.reduce((total, { size }) => total + size, 0))) return undefined;
  const arrays: readonly NdArray[] = inputs.map((input) => ({ shape: input.shape, dtype: input.dtype, data: input.data("toOnnx") }));
  const type: TensorType = { shape, dtype };
  return new Tensor(shape, dtype, definition.kernel(arrays as InputsOf<P, NdArray>, attributes as AttributesOf<P>, type));
}

function growsWithBatch(value: unknown): boolean {
  if (value instanceof BatchSize) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(growsWithBatch);
}
