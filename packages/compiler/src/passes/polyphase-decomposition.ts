import { sameShape, sizeOf } from "@nn/tensor/extend";
import * as primitives from "@nn/tensor/primitives";
import { at } from "../ir/at.js";
import type { GraphBuilder } from "../ir/builder.js";
import { isOf, topologicalOrder, type ApplicationNode, type Graph, type Node, type PrimitiveNode } from "../ir/graph.js";
import { rewriteGraph } from "./rewrite.js";

/** With more phases, the kernels cost more than they save. */
const mostPhases = 16;

/**
 * Writes a convolution of a dilated image, such as the gradient of a strided convolution, as several smaller convolutions. The original
 * multiplies mostly by the zeros between the elements. All windows of one phase (every second window, say) use the same part of the weights
 * on elements that are not zero. So each phase is a convolution of the image itself with that part; the outputs of the phases are interleaved.
 * These phases have nothing to do with the passes over a loop nest (`ir/phases.ts`).
 */
export function polyphaseDecomposition(graph: Graph): Graph {
  if (!topologicalOrder(graph).some(isDilated)) return graph;
  return rewriteGraph(graph, (builder, node, [x, weight]) => (isDilated(node) && x !== undefined && weight !== undefined ? interleaved(builder, x, weight, node) : undefined));
}

type Convolution = ApplicationNode<"convolution">;

/** Whether a node is a convolution of a dilated image that can be divided into phases. */
function isDilated(node: Node): node is Extract<PrimitiveNode, Convolution> {
  if (!isOf(node, "convolution")) return false;
  const { strides, inputDilation, kernelDilation } = node.attributes;
  const phases = sizeOf(inputDilation);
  const simple = inputDilation.every((step, axis) => step === 1 || (strides[axis] === 1 && kernelDilation[axis] === 1));
  return phases !== 1 && phases <= mostPhases && simple && sizeOf(node.type.shape) > 0 && sizeOf(node.inputs[0].type.shape) > 0;
}

/** The outputs of all phases, interleaved along one axis after the other, the last one first. Each concatenation writes its parts where they belong, so that the result is read as whole lines. */
function interleaved(builder: GraphBuilder, x: Node, weight: Node, node: Convolution): Node {
  const { attributes: { inputDilation }, type: { shape } } = node;
  const windows = shape.slice(2);
  const counts = windows.map((count, axis) => Math.ceil(count / at(inputDilation, axis)));
  const joined = (phase: readonly number[]): Node => {
    if (phase.length === windows.length) return onePhase(builder, x, weight, node, phase, counts);
    const axis = phase.length + 2;
    const parts = Array.from({ length: at(inputDilation, phase.length) }, (_, each) => joined([...phase, each]));
    return joinedAlong(builder, parts, axis);
  };
  const merged = joined([]);
  if (sameShape(merged.type.shape, shape)) return merged;
  return builder.apply(primitives.slice, [merged], { starts: shape.map(() => 0), stops: shape, steps: shape.map(() => 1) });
}

/** Tensors of one shape, interleaved along an axis: the first elements of all, then the second ones, and so on. */
function joinedAlong(builder: GraphBuilder, parts: readonly Node[], axis: number): Node {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const stacked = parts.map((part) => builder.apply(primitives.reshape, [part], { shape: part.type.shape.toSpliced(axis + 1, 0, 1) }));
  const all = builder.apply(primitives.concat, stacked, { axis: axis + 1 });
  return builder.apply(primitives.reshape, [all], { shape: all.type.shape.toSpliced(axis, 2, at(all.type.shape, axis) * parts.length) });
}

/** The windows `phase`, `phase + step`, … along each axis, `counts` of them. */
function onePhase(builder: GraphBuilder, x: Node, weight: Node, { definition, attributes }: Convolution, phase: readonly number[], counts: readonly number[]): Node {
  const { inputDilation, padding } = attributes;
  const axes = inputDilation.map((step, axis) => {
    const [low, high] = at(padding, axis);
    const size = at(weight.type.shape, axis + 2);
    if (step === 1) return { start: 0, size, taps: size, step, padding: [low, high] as const };
    const behind = low - at(phase, axis);
    const start = ((behind % step) + step) % step;
    const taps = Math.max(0, Math.ceil((size - start) / step));
    const before = (behind - start) / step;
    return { start, size, taps, step, padding: [before, at(counts, axis) - at(x.type.shape, axis + 2) - before + taps - 1] as const };
  });
  const { dtype, shape } = x.type;
  if (axes.some(({ taps }) => taps === 0)) return builder.apply(primitives.full, [], { dtype, shape: [at(shape, 0), at(weight.type.shape, 0), ...counts], value: 0 });
  const part = builder.apply(primitives.slice, [weight], {
    starts: [0, 0, ...axes.map(({ start }) => start)], stops: weight.type.shape, steps: [1, 1, ...axes.map(({ step }) => step)],
  });
  return builder.apply(definition, [x, part], { ...attributes, padding: axes.map((axis) => axis.padding), inputDilation: inputDilation.map(() => 1) });
}
