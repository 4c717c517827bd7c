import { describe, expect, it } from "vitest";
import { add, gather, narrow, permute, relu, softmax, tensor, type Tensor } from "@nn/tensor";
import { apply } from "@nn/tensor/extend";
import type { TensorType } from "@nn/tensor/interpreter";
import * as primitives from "@nn/tensor/primitives";
import { at } from "../../src/ir/at.js";
import type { Graph, Node } from "../../src/ir/graph.js";
import type { Buffer } from "../../src/ir/program.js";
import { evaluate, type Evaluation, type LoopSpace } from "../../src/lower/evaluate.js";
import { Faults } from "../../src/lower/faults.js";
import type { Member } from "../../src/lower/member.js";
import { trace } from "../../src/trace/trace.js";
import { interpret, type Memory } from "../interpret.js";

const f32 = (...shape: number[]): TensorType => ({ shape, dtype: "float32" });
const space = (domain: readonly number[], ...reducedLoops: number[]): LoopSpace => ({ domain, reduced: domain.map((_, loop) => reducedLoops.includes(loop)) });
const graphOf = (types: readonly TensorType[], fn: (...inputs: Tensor[]) => readonly Tensor[]): Graph => trace(types, (inputs) => fn(...inputs), (result) => result).graph;

/** Buffers for the inputs of a graph, and for nodes that are given one. */
function buffersOf(graph: Graph, more: readonly Node[] = []): ReadonlyMap<Node, Buffer> {
  const inputs = new Set<Node>();
  const visit = (node: Node): void => (node.kind === "input" ? void inputs.add(node) : node.inputs.forEach(visit));
  graph.outputs.forEach(visit);
  return new Map([...inputs, ...more].map((node, id): [Node, Buffer] => [node, { id, ...node.type, role: { kind: "temporary" } }]));
}

const member = (node: Node, id = 100): Member & { readonly buffer: Buffer } => ({ source: { node }, buffer: { id, ...node.type, role: { kind: "temporary" } } });

const evaluated = (loops: LoopSpace, members: readonly Member[], buffers: ReadonlyMap<Node, Buffer>): ReturnType<typeof evaluate> =>
  evaluate(loops, members, { bufferOf: (node) => buffers.get(node), faults: new Faults() });

function fits(result: ReturnType<typeof evaluate>): Evaluation {
  if ("need" in result) throw new Error(`needs: ${result.need}`);
  return result;
}

/** The elements of a node, computed by the loop nest. */
function computed(loops: LoopSpace, fn: (...inputs: Tensor[]) => Tensor, ...inputs: Tensor[]): { readonly found: readonly number[]; readonly evaluation: Evaluation } {
  const graph = graphOf(inputs, (...traced) => [fn(...traced)]);
  const buffers = buffersOf(graph);
  const memory: Memory = new Map([...buffers].map(([node, buffer]) => [buffer, at(inputs, node.kind === "input" ? node.index : -1).toTypedArray()]));
  const result = member(at(graph.outputs, 0));
  const evaluation = fits(evaluated(loops, [result], buffers));
  interpret(evaluation, memory);
  return { found: [...(memory.get(result.buffer) ?? [])], evaluation };
}

const x = tensor(Array.from({ length: 24 }, (_, index) => Math.sin(index)), { shape: [2, 3, 4] });
const expectClose = (found: readonly number[], expected: Tensor): void => {
  const elements = expected.toTypedArray();
  expect(found).toHaveLength(elements.length);
  found.forEach((value, index) => expect(value).toBeCloseTo(at([...elements], index), 6));
};

describe("movements become positions that a loop reads", () => {
  const cases: Readonly<Record<string, [LoopSpace, (x: Tensor) => Tensor]>> = {
    "elements in their order": [space([2, 3, 4]), (a) => a.mul(2)],
    "a permutation": [space([4, 2, 3]), (a) => permute(a, [2, 0, 1]).neg()],
    "a slice with steps": [space([2, 2, 2]), (a) => a.slice([null, { start: 1, stop: 3 }, { step: 2 }]).add(1)],
    "a flip": [space([2, 3, 4]), (a) => a.flip([0, 2]).add(a)],
    "an expansion": [space([5, 2, 3, 4]), (a) => a.expand([5, 2, 3, 4]).mul(3)],
    "broadcasting": [space([2, 3, 4]), (a) => a.sub(narrow(a, 1, 0, 1))],
    "axes of size 1, which are no loops": [space([2, 3, 4]), (a) => a.reshape([2, 1, 3, 4]).abs()],
    "a reshape after a movement": [space([6, 4]), (a) => permute(a, [1, 0, 2]).reshape([6, 4]).add(1)],
    "a reduction": [space([2, 3, 4], 1), (a) => a.sum(1)],
    "a reduction of a permutation": [space([4, 2, 3], 2), (a) => permute(a, [2, 0, 1]).max(2)],
    "what depends on a reduction": [space([2, 3, 4], 2), (a) => softmax(a, 2)],
  };
  it.each(Object.entries(cases))("%s", (_, [loops, fn]) => {
    expectClose(computed(loops, fn, x).found, fn(x));
  });

  it("a gather, with its index checked", () => {
    const index = tensor([2, 0, 1, 2], { dtype: "int32", shape: [1, 4, 1] });
    const fn = (a: Tensor, positions: Tensor): Tensor => gather(a, positions.expand([2, 4, 4]), 1).mul(2);
    const { found, evaluation } = computed(space([2, 4, 4]), fn, x, index);
    expectClose(found, fn(x, index));
    expect(evaluation.stores).toMatchObject([{ value: { inputs: [{ kind: "gather", stride: 4, index: { kind: "checked", check: { size: 3 } } }, {}] } }]);
  });

  it("a count along an axis, as the position itself", () => {
    const { found, evaluation } = computed(space([6]), (a) => add(a, apply(primitives.iota, [], { length: 6, dtype: "float32" })), tensor([6, 5, 4, 3, 2, 1]));
    expect(found).toEqual([6, 6, 6, 6, 6, 6]);
    expect(evaluation.stores).toMatchObject([{ value: { inputs: [{ kind: "load" }, { kind: "position", at: { offset: 0, coefficients: [1] } }] } }]);
  });
});

describe("a loop nest", () => {
  it("is refined if a reshape needs it", () => {
    const { found, evaluation } = computed(space([24]), (a) => permute(a, [1, 0, 2]).reshape([24]).neg(), x);
    expect(evaluation.domain).toEqual([3, 2, 4]);
    expectClose(found, permute(x, [1, 0, 2]).neg());
  });

  it("is refined in its reduced loops too, which stay reduced", () => {
    const { found, evaluation } = computed(space([2, 12], 1), (a) => permute(a.reshape([2, 4, 3]), [0, 2, 1]).reshape([2, 12]).sum(1), x);
    expect(evaluation).toMatchObject({ domain: [2, 3, 4], reduced: [false, true, true] });
    expectClose(found, x.sum([1, 2]));
  });
});

describe("several members", () => {
  it("share common parts", () => {
    const graph = graphOf([f32(2, 3)], (a) => [a.exp(), a.exp().add(1)]);
    const [first, second] = [member(at(graph.outputs, 0)), member(at(graph.outputs, 1), 101)];
    const { stores } = fits(evaluated(space([2, 3]), [first, second], buffersOf(graph)));
    expect(stores).toMatchObject([{ value: { primitive: "exp" } }, { value: { primitive: "add" } }]);
    const sum = at(stores, 1).value;
    expect(sum.kind === "apply" && sum.inputs[0]).toBe(at(stores, 0).value);
  });

  it("are separate kernels if one reads another at a different position", () => {
    const graph = graphOf([f32(3, 3)], (a) => [a.exp(), a.exp().transpose().add(1)]);
    const members = [member(at(graph.outputs, 0)), member(at(graph.outputs, 1), 101)];
    expect(evaluated(space([3, 3]), members, buffersOf(graph))).toEqual({ need: "separate kernels" });
  });

  it("are separate kernels if they differ in their number of elements", () => {
    const graph = graphOf([f32(3, 4)], (a) => [a.sum(1)]);
    expect(evaluated(space([3, 4]), [member(at(graph.outputs, 0))], buffersOf(graph))).toEqual({ need: "separate kernels" });
  });
});

describe("a value that has to be in memory first", () => {
  it("is the input of a reshape that no view expresses", () => {
    const graph = graphOf([f32(4, 27)], (a) => [relu(a.transpose()).reshape([6, 18]).neg()]);
    const result = at(graph.outputs, 0);
    const reshape = at(result.inputs, 0);
    const activation = at(reshape.inputs, 0);
    expect(evaluated(space([6, 18]), [member(result)], buffersOf(graph))).toEqual({ need: "materialise", node: activation });
    expect(fits(evaluated(space([6, 18]), [member(result)], buffersOf(graph, [activation]))).domain).toEqual([6, 18]);
  });

  it("is what a gather reads", () => {
    const graph = graphOf([f32(3, 4), { shape: [2, 4], dtype: "int32" }], (a, index) => [gather(a.exp(), index, 0)]);
    const result = at(graph.outputs, 0);
    expect(evaluated(space([2, 4]), [member(result)], buffersOf(graph))).toEqual({ need: "materialise", node: at(result.inputs, 0) });
  });
});

describe("members that compute nothing", () => {
  const buffer: Buffer = { id: 9, ...f32(2, 3), role: { kind: "temporary" } };

  it("copy a node, from memory or computed", () => {
    const graph = graphOf([f32(2, 3)], (a) => [a.exp()]);
    const node = at(graph.outputs, 0);
    const buffers = buffersOf(graph);
    expect(fits(evaluated(space([2, 3]), [{ source: { copyOf: at(node.inputs, 0) }, buffer }], buffers)).stores).toMatchObject([{ buffer, value: { kind: "load" } }]);
    expect(fits(evaluated(space([2, 3]), [{ source: { copyOf: node }, buffer }], buffers)).stores).toMatchObject([{ buffer, value: { primitive: "exp" } }]);
  });

  it("fill a buffer", () => {
    const fill = { source: { fill: 7, type: f32(2, 3) }, buffer } as const;
    expect(fits(evaluated(space([2, 3]), [fill], new Map())).stores).toEqual([{ buffer, at: { offset: 0, coefficients: [3, 1] }, value: { kind: "constant", dtype: "float32", value: 7 } }]);
  });
});
