import { jacobian } from "@nn/autograd";
import { ArgumentError, matmul, ones, reshape, UsageError, zeros, type Tensor } from "@nn/tensor";
import { formatShape, isFloat } from "@nn/tensor/extend";
import type { ComputationalGraph, GraphEdge, GraphNode } from "./graph.js";
import { labelOf } from "./labels.js";
import { printed } from "./numbers.js";
import type { Unit } from "./units.js";

/** Primitives that only move elements, or change their type. They are part of the edges. */
const movements: ReadonlySet<string> = new Set(["reshape", "permute", "expand", "slice", "flip", "pad", "cast"]);

/** The largest number of elements of a local gradient. */
const largest = 100_000;

/** A node, and later its gradient. */
type Draft = Omit<GraphNode, "id" | "gradient">;

/** Where the elements of a tensor come from: a node and, if they were moved, the derivative of the tensor with respect to the node's value. */
interface Origin {
  readonly node: number;
  readonly moved: Tensor | undefined;
}

interface DraftEdge extends Omit<GraphEdge, "from" | "gradient"> {
  readonly origin: Origin;
}

/** Builds a graph from inputs and units. */
export class GraphBuilder {
  readonly #nodes: Draft[] = [];
  readonly #edges: DraftEdge[] = [];
  readonly #origins = new Map<Tensor, Origin>();

  addInput(name: string, value: Tensor): void {
    this.#origins.set(value, { node: this.#nodes.push({ kind: "input", name, label: printed(name), value }) - 1, moved: undefined });
  }

  /** Adds a node for a unit, or none if its output depends on no input, or has no gradient. */
  addUnit(unit: Unit): void {
    const origins = unit.arguments.map((argument) => (isFloat(argument.dtype) ? this.#origins.get(argument) : undefined));
    if (!isFloat(unit.output.dtype) || origins.every((origin) => origin === undefined)) return;
    const [origin] = origins;
    if (!unit.isComposed && movements.has(unit.name) && origin !== undefined) {
      const moved = localGradient(unit, 0);
      this.#origins.set(unit.output, { node: origin.node, moved: origin.moved === undefined ? moved : flowBack(moved, origin.moved, unit.output) });
      return;
    }
    const label = unit.isComposed ? unit.name : labelOf(unit.name, unit.arguments.map((argument, at) => (origins[at] === undefined ? argument : undefined)));
    const to = this.#nodes.push({ kind: "operation", name: unit.name, label, value: exact(unit.output) }) - 1;
    this.#origins.set(unit.output, { node: to, moved: undefined });
    for (const [at, each] of origins.entries()) {
      const argument = unit.arguments[at];
      if (each !== undefined && argument !== undefined) this.#edges.push({ origin: each, to, argument: at, value: exact(argument), localGradient: localGradient(unit, at) });
    }
  }

  /** The graph of the operations that lead to the result, with its gradients. */
  finish(result: Tensor): ComputationalGraph {
    const end = this.#origins.get(result);
    if (end === undefined) throw new UsageError("explainGraph: the result does not depend on the inputs, or only through numbers that were read, comparisons and the like, which have no gradient");
    const gradients = this.#nodes.map(({ value }) => zeros(value.shape, { dtype: "float64" }));
    const one = ones(result.shape, { dtype: "float64" });
    gradients[end.node] = end.moved === undefined ? one : flowBack(one, end.moved, one);
    const edges: GraphEdge[] = [];
    for (const { origin, ...edge } of this.#edges.toReversed()) {
      const gradient = flowBack(gradients[edge.to] ?? one, edge.localGradient, this.#nodes[edge.to]?.value ?? one);
      edges.unshift({ ...edge, from: origin.node, gradient });
      const before = gradients[origin.node];
      const arriving = origin.moved === undefined ? gradient : flowBack(gradient, origin.moved, edge.value);
      if (before !== undefined) gradients[origin.node] = before.add(arriving);
    }
    return connected(this.#nodes.map((node, id) => ({ ...node, id, gradient: gradients[id] ?? one })), edges, end.node);
  }
}

const exact = (x: Tensor): Tensor => x.cast("float64");

/** The derivative of a unit with respect to one of its arguments, float64. */
function localGradient(unit: Unit, at: number): Tensor {
  const argument = unit.arguments[at];
  if (argument === undefined) throw new RangeError(`there is no argument ${at}`);
  if (unit.output.size * argument.size > largest) {
    throw new ArgumentError(`explainGraph: the local gradient of ${unit.name} from ${formatShape(argument.shape)} to ${formatShape(unit.output.shape)} has more than ${largest.toLocaleString("en")} numbers; give smaller inputs`);
  }
  return exact(jacobian((x) => unit.repeat(unit.arguments.map((each, index) => (index === at ? x : each))), argument));
}

/** Chains derivatives: `outer` of shape `[…, ...middle.shape]`, `inner` of shape `[...middle.shape, …]`. */
function flowBack(outer: Tensor, inner: Tensor, middle: Tensor): Tensor {
  const [before, after] = [outer.shape.slice(0, outer.shape.length - middle.shape.length), inner.shape.slice(middle.shape.length)];
  return reshape(matmul(reshape(outer, [-1, middle.size]), reshape(inner, [middle.size, -1])), [...before, ...after]);
}

/** Leaves out operations that do not lead to the result, and renumbers the others. */
function connected(nodes: readonly GraphNode[], edges: readonly GraphEdge[], output: number): ComputationalGraph {
  const leading = new Set([output]);
  for (const { from, to } of edges.toReversed()) if (leading.has(to)) leading.add(from);
  const kept = nodes.filter(({ id, kind }) => kind === "input" || leading.has(id));
  const ids = new Map(kept.map((node, id) => [node.id, id]));
  const idOf = (old: number): number => ids.get(old) ?? 0;
  return {
    nodes: kept.map((node) => ({ ...node, id: idOf(node.id) })),
    edges: edges.filter(({ to }) => leading.has(to)).map((edge) => ({ ...edge, from: idOf(edge.from), to: idOf(edge.to) })),
    output: idOf(output),
  };
}
