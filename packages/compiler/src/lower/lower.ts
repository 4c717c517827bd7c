import { sameShape, sizeOf, type Shape } from "@nn/tensor";
import * as primitives from "@nn/tensor/primitives";
import { GraphError } from "../errors.js";
import { isOf, topologicalOrder, type ApplicationNode, type Graph, type Node, type PrimitiveNode } from "../ir/graph.js";
import { labelOf } from "./label.js";
import { loadsOf, type Buffer, type BufferRole, type Kernel, type LibraryKernel, type LibraryPrimitive, type LoopKernel, type Program, type Store } from "../ir/program.js";
import { isKind } from "../ir/op-kinds.js";
import { flatten, scaled, type Affine, type View } from "../ir/affine.js";
import { collapse } from "./collapse.js";
import { MaterializeRequest } from "./evaluate.js";
import { Faults } from "./faults.js";
import { Grouping, type Group } from "./group.js";
import { Phases, reloads } from "../ir/phases.js";
import { chooseRoots, operandsOf, storedNode } from "./roots.js";

/** Turns a graph into kernels over buffers: decides what is written to memory and what is computed together. */
export function lower(graph: Graph): Program {
  const roots = chooseRoots(graph);
  for (;;) {
    try {
      return new Lowering(graph, roots).program();
    } catch (request) {
      if (!(request instanceof MaterializeRequest) || roots.has(request.node)) throw request;
      roots.add(request.node);
    }
  }
}

class Lowering {
  readonly #graph: Graph;
  readonly #roots: ReadonlySet<Node>;
  readonly #order: readonly Node[];
  readonly #buffers: Buffer[] = [];
  readonly #bufferOf = new Map<Node, Buffer>();
  readonly #faults = new Faults();
  readonly #grouping = new Grouping({ bufferOf: (node) => this.#bufferOf.get(node), faults: this.#faults });

  constructor(graph: Graph, roots: ReadonlySet<Node>) {
    this.#graph = graph;
    this.#roots = roots;
    this.#order = topologicalOrder(graph);
  }

  program(): Program {
    for (const node of this.#order) this.#add(node);
    const outputs = this.#graph.outputs.map((node) => this.#result(node));
    const writes = this.#graph.writes.map(({ variable, value }) => ({ variable, from: this.#result(value) }));
    const checks = this.#graph.checks.map((node) => this.#memory(node));
    const kernels = this.#kernels(new Set([...outputs, ...writes.map(({ from }) => from), ...checks]));
    const hosts = this.#graph.hosts.map((node) => this.#memory(node));
    return { kernels, buffers: this.#buffers, hosts, outputs, writes, faults: this.#faults.all };
  }

  #buffer(shape: Shape, dtype: Buffer["dtype"], role: BufferRole): Buffer {
    const buffer = { id: this.#buffers.length, shape, dtype, role };
    this.#buffers.push(buffer);
    return buffer;
  }

  /** Gives a node that needs one a buffer, and the work that fills it to a group. */
  #add(node: Node): void {
    const { shape, dtype } = node.type;
    const give = (role: BufferRole): Buffer => {
      const buffer = this.#buffer(shape, dtype, role);
      this.#bufferOf.set(node, buffer);
      return buffer;
    };
    if (node.kind === "input") give({ kind: "input", index: node.index });
    else if (node.kind === "constant") give({ kind: "constant", data: node.data });
    else if (node.kind === "state") give({ kind: "state", variable: node.variable });
    else if (node.primitive === "host") give({ kind: "host", callback: node.attributes.callback });
    else if (this.#roots.has(node)) this.#compute(node, give);
  }

  #compute(node: PrimitiveNode, give: (role: BufferRole) => Buffer): void {
    const temporary = { kind: "temporary" } as const;
    if (sizeOf(node.type.shape) === 0) {
      give(temporary);
    } else if (isKind(node, "library")) {
      const inputs = operandsOf(node).map((input) => this.#memory(storedNode(input)));
      this.#grouping.addLibrary(node, give(temporary), inputs);
    } else if (node.primitive === "concat") {
      this.#concat(node, give(temporary));
    } else if (node.primitive === "pad") {
      this.#pad(node, give(temporary));
    } else {
      // The buffer is known only after the member was placed, so that it is computed and not read.
      const buffer = this.#buffer(node.type.shape, node.type.dtype, temporary);
      this.#grouping.addMember({ node, buffer, place: undefined });
      this.#bufferOf.set(node, buffer);
    }
  }

  #memory(node: Node): Buffer {
    const buffer = this.#bufferOf.get(node);
    if (buffer === undefined) throw new MaterializeRequest(node);
    return buffer;
  }

  /** The buffer of an operand, under the operand's own shape. */
  #operand(node: Node): Buffer {
    const buffer = this.#memory(storedNode(node));
    const { shape, dtype } = node.type;
    return sameShape(shape, buffer.shape) ? buffer : { id: buffer.id, shape, dtype, role: { kind: "view", of: buffer } };
  }

  /** Every input is written to its part of the output. */
  #concat(node: ApplicationNode<"concat">, buffer: Buffer): void {
    const { axis } = node.attributes;
    let start = 0;
    for (const input of node.inputs) {
      const shift = start;
      const place = (view: View, axes: number): Affine =>
        flatten(view.map((position, at) => (at === axis ? scaled(position, 1, shift) : position)), node.type.shape, axes);
      this.#piece(input, buffer, place);
      start += input.type.shape[axis] ?? 0;
    }
  }

  /** The output is filled, then the input written to its places. */
  #pad(node: ApplicationNode<"pad">, buffer: Buffer): void {
    const { inputs: [input], attributes: { low, interior, value } } = node;
    const attributes = { ...node.type, value };
    const fill: PrimitiveNode = { kind: "primitive", id: -1, primitive: "full", definition: primitives.full, inputs: [], type: node.type, attributes };
    this.#grouping.addMember({ node: fill, buffer, place: undefined });
    const place = (view: View, axes: number): Affine =>
      flatten(view.map((position, at) => scaled(position, 1 + (interior[at] ?? 0), low[at] ?? 0)), node.type.shape, axes);
    this.#piece(input, buffer, place, [buffer]);
  }

  #piece(input: Node, buffer: Buffer, place: (view: View, axes: number) => Affine, after: readonly Buffer[] = []): void {
    if (sizeOf(input.type.shape) === 0) return;
    this.#grouping.addMember({ node: copyOf(input), buffer, place }, after);
  }

  /** The buffer that holds a result; what is not computed by this program is copied. */
  #result(node: Node): Buffer {
    const buffer = this.#memory(node);
    if (buffer.role.kind === "temporary") return buffer;
    const copy = this.#buffer(node.type.shape, node.type.dtype, { kind: "temporary" });
    if (sizeOf(node.type.shape) > 0) this.#grouping.addMember({ node: copyOf(node), buffer: copy, place: undefined });
    return copy;
  }

  #kernels(results: ReadonlySet<Buffer>): Kernel[] {
    const groups = this.#grouping.inOrder();
    const needed = new Set(results);
    for (const group of groups) {
      for (const buffer of loadsOf(group.evaluation)) needed.add(buffer);
      if (group.anchor !== undefined) for (const input of operandsOf(group.anchor)) needed.add(this.#memory(storedNode(input)));
    }
    return groups.flatMap((group) => (group.anchor === undefined ? this.#loop(group, needed) : this.#library(group, group.anchor, needed)));
  }

  #loop(group: Group, needed: ReadonlySet<Buffer>): Kernel[] {
    const kernel = this.#loopKernel(group, needed, []);
    return kernel.stores.length === 0 || kernel.domain.includes(0) ? [] : [kernel];
  }

  #loopKernel(group: Group, needed: ReadonlySet<Buffer>, more: readonly Store[]): LoopKernel {
    const { domain, reduced, stores } = group.evaluation;
    const again = reloads({ reduced, stores }, new Phases({ reduced, stores }));
    const kept = stores.filter(({ buffer, value }) => needed.has(buffer) || again.has(value));
    const label = labelOf(group.members, (node) => this.#bufferOf.get(node), needed);
    const kernel: LoopKernel = { kind: "loop", domain, reduced, stores: [...more, ...kept], label };
    return group.anchor === undefined ? collapse(kernel) : kernel;
  }

  #library(group: Group, anchor: Node, needed: ReadonlySet<Buffer>): Kernel[] {
    if (!isKind(anchor, "library")) throw new GraphError("a library kernel is of a primitive");
    const output = this.#memory(anchor);
    if (output.shape.includes(0)) return [];
    const at = { offset: 0, coefficients: [output.shape.at(-1) ?? 1, 1] };
    const raw: Store[] = needed.has(output) ? [{ buffer: output, at, value: { kind: "accumulator", dtype: output.dtype } }] : [];
    const epilogue = group.members.length === 0 ? undefined : this.#loopKernel(group, needed, raw);
    const base = {
      kind: "library", primitive: anchor.primitive, attributes: anchor.attributes, inputs: operandsOf(anchor).map((input) => this.#operand(input)), output,
      check: isOf(anchor, "scatterAdd") ? this.#faults.ofIndex(anchor) : undefined, epilogue, label: epilogue === undefined ? anchor.primitive : `${anchor.primitive} + ${epilogue.label}`,
    };
    return [base as LibraryKernel<LibraryPrimitive> as Kernel];
  }
}

/** A node that has the elements of `node` and is none of the members: so a member can copy what has a buffer. */
function copyOf(node: Node): Node {
  const { shape } = node.type;
  return { kind: "primitive", id: -2 - node.id, primitive: "reshape", definition: primitives.reshape, inputs: [node], type: node.type, attributes: { shape } };
}
