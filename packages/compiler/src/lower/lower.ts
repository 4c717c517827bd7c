import type { Shape } from "@nn/tensor";
import { sameShape, sizeOf } from "@nn/tensor/extend";
import { GraphError } from "../errors.js";
import { linearize, scaled, type View } from "../ir/affine.js";
import { at } from "../ir/at.js";
import { isOf, topologicalOrder, type ApplicationNode, type Graph, type Node, type PrimitiveNode } from "../ir/graph.js";
import { isKind } from "../ir/op-kinds.js";
import { phasesOf, reloads } from "../ir/phases.js";
import { loadsOf, type Buffer, type BufferRole, type Kernel, type LibraryKernel, type LibraryPrimitive, type LoopKernel, type Program, type Store } from "../ir/program.js";
import { collapse } from "./collapse.js";
import { Faults } from "./faults.js";
import { Fusion, type FusionGroup } from "./fusion.js";
import { labelOf } from "./label.js";
import { hasShortLines, materialisedNodes, operandsOf, storageNode } from "./materialise.js";
import type { Member } from "./member.js";

/** Turns a graph into kernels over buffers: decides what is written to memory and what is computed together. */
export function lower(graph: Graph): Program {
  return new Lowering(graph).program();
}

const temporary: BufferRole = { kind: "temporary" };

class Lowering {
  readonly #graph: Graph;
  readonly #materialised: ReadonlySet<Node>;
  readonly #buffers: Buffer[] = [];
  readonly #bufferOf = new Map<Node, Buffer>();
  readonly #faults = new Faults();
  readonly #grouping = new Fusion({ bufferOf: (node) => this.#bufferOf.get(node), faults: this.#faults });

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#materialised = materialisedNodes(graph);
  }

  program(): Program {
    for (const node of topologicalOrder(this.#graph)) this.#place(node);
    const outputs = this.#graph.outputs.map((node) => this.#result(node));
    const writes = this.#graph.writes.map(({ variable, value }) => ({ variable, from: this.#result(value) }));
    const checks = this.#graph.checks.map((node) => this.#memory(node));
    const kernels = this.#kernels(new Set([...outputs, ...writes.map(({ from }) => from), ...checks]));
    const hostCallbacks = this.#graph.hostCallbacks.map((node) => this.#memory(node));
    return { kernels, buffers: this.#buffers, hostCallbacks, outputs, writes, faults: this.#faults.all };
  }

  #buffer(shape: Shape, dtype: Buffer["dtype"], role: BufferRole): Buffer {
    const buffer = { id: this.#buffers.length, shape, dtype, role };
    this.#buffers.push(buffer);
    return buffer;
  }

  /** Gives a node a buffer. */
  #give(node: Node, role: BufferRole): Buffer {
    const buffer = this.#buffer(node.type.shape, node.type.dtype, role);
    this.#bufferOf.set(node, buffer);
    return buffer;
  }

  /** Gives a node a buffer if it needs one, and adds the members of loop kernels that fill it. */
  #place(node: Node): void {
    if (node.kind === "input") this.#give(node, { kind: "input", index: node.index });
    else if (node.kind === "constant") this.#give(node, { kind: "constant", data: node.data });
    else if (node.kind === "state") this.#give(node, { kind: "state", variable: node.variable });
    else if (node.primitive === "hostCallback") this.#give(node, { kind: "hostCallback", callback: node.attributes.callback });
    else if (this.#materialised.has(node)) this.#compute(node);
  }

  #compute(node: PrimitiveNode): void {
    for (const member of this.#membersOf(node)) this.#add(member);
  }

  /** Adds a member of a loop kernel, after the nodes that it turns out to need in memory. Kernels before keep computing these where they read them. */
  #add(member: Member): void {
    for (;;) {
      const unmet = this.#grouping.addMember(member);
      if (unmet === undefined) return;
      if (unmet.need !== "materialise" || unmet.node.kind !== "primitive" || this.#bufferOf.has(unmet.node)) throw new GraphError("a member does not fit its own loop nest");
      this.#compute(unmet.node);
    }
  }

  /** Gives a node a buffer, and lists the members of loop kernels that fill it. */
  *#membersOf(node: PrimitiveNode): Iterable<Member> {
    if (sizeOf(node.type.shape) === 0) {
      this.#give(node, temporary);
    } else if (isKind(node, "library")) {
      const inputs = operandsOf(node).map((input) => this.#memory(storageNode(input)));
      this.#grouping.addLibrary(node, this.#give(node, temporary), inputs);
    } else if (node.primitive === "concat") {
      yield* this.#concat(node, this.#give(node, temporary));
    } else if (node.primitive === "pad") {
      yield* this.#pad(node, this.#give(node, temporary));
    } else if (hasShortLines(node)) {
      // A copy: no other member of its loop nest reads it, since that would have its short lines too.
      const buffer = this.#buffer(node.type.shape, node.type.dtype, temporary);
      yield { source: { copyOf: node }, buffer };
      this.#bufferOf.set(node, buffer);
    } else {
      // The buffer becomes known only after the member has been added: the member computes the node and must not load it.
      const buffer = this.#buffer(node.type.shape, node.type.dtype, temporary);
      yield { source: { node }, buffer };
      this.#bufferOf.set(node, buffer);
    }
  }

  /** The buffer of a node that is in memory. */
  #memory(node: Node): Buffer {
    const buffer = this.#bufferOf.get(node);
    if (buffer === undefined) throw new GraphError(`node ${node.id} is not in memory`);
    return buffer;
  }

  /** The buffer of an operand, under the operand's own shape. */
  #operand(node: Node): Buffer {
    const buffer = this.#memory(storageNode(node));
    const { shape, dtype } = node.type;
    return sameShape(shape, buffer.shape) ? buffer : { id: buffer.id, shape, dtype, role: { kind: "view", of: buffer } };
  }

  /** A concatenation: every input is written to its part of the output. */
  *#concat({ inputs, attributes: { axis }, type: { shape } }: ApplicationNode<"concat">, buffer: Buffer): Iterable<Member> {
    let start = 0;
    for (const input of inputs) {
      const shift = start;
      const moved = (view: View): View => view.map((position, each) => (each === axis ? scaled(position, 1, shift) : position));
      if (sizeOf(input.type.shape) > 0) yield { source: { copyOf: input }, buffer, position: (view, loops) => linearize(moved(view), shape, loops) };
      start += at(input.type.shape, axis);
    }
  }

  /** Padding: the output is filled, then the input is written into it. */
  *#pad({ inputs: [input], attributes: { low, interior, value }, type }: ApplicationNode<"pad">, buffer: Buffer): Iterable<Member> {
    yield { source: { fill: value, type }, buffer };
    if (sizeOf(input.type.shape) === 0) return;
    const moved = (view: View): View => view.map((position, axis) => scaled(position, 1 + at(interior, axis), at(low, axis)));
    yield { source: { copyOf: input }, buffer, position: (view, loops) => linearize(moved(view), type.shape, loops), after: [buffer] };
  }

  /** The buffer that holds a result. A result that no kernel computes is copied. */
  #result(node: Node): Buffer {
    const buffer = this.#memory(node);
    if (buffer.role.kind === "temporary") return buffer;
    const copy = this.#buffer(node.type.shape, node.type.dtype, temporary);
    const isEmpty = sizeOf(node.type.shape) === 0;
    if (!isEmpty) this.#add({ source: { copyOf: node }, buffer: copy });
    return copy;
  }

  #kernels(results: ReadonlySet<Buffer>): Kernel[] {
    const groups = this.#grouping.inOrder();
    const needed = new Set(results);
    for (const group of groups) {
      for (const buffer of loadsOf(group.evaluation)) needed.add(buffer);
      if (group.anchor !== undefined) for (const input of operandsOf(group.anchor)) needed.add(this.#memory(storageNode(input)));
    }
    return groups.flatMap((group) => (group.anchor === undefined ? this.#loop(group, needed) : this.#library(group, group.anchor, needed)));
  }

  #loop(group: FusionGroup, needed: ReadonlySet<Buffer>): Kernel[] {
    const kernel = this.#loopKernel(group, needed, []);
    return kernel.stores.length === 0 || kernel.domain.includes(0) ? [] : [kernel];
  }

  #loopKernel(group: FusionGroup, needed: ReadonlySet<Buffer>, more: readonly Store[]): LoopKernel {
    const { domain, reduced, stores } = group.evaluation;
    const again = reloads(group.evaluation, phasesOf(group.evaluation));
    const kept = stores.filter(({ buffer, value }) => needed.has(buffer) || again.has(value));
    const label = labelOf(group.evaluation.members, (node) => this.#bufferOf.get(node), needed);
    const kernel: LoopKernel = { kind: "loop", domain, reduced, stores: [...more, ...kept], label };
    return group.anchor === undefined ? collapse(kernel) : kernel;
  }

  #library(group: FusionGroup, anchor: Node, needed: ReadonlySet<Buffer>): Kernel[] {
    if (!isKind(anchor, "library")) throw new GraphError("the anchor of a group is not a library primitive");
    const output = this.#memory(anchor);
    if (output.shape.includes(0)) return [];
    const position = { offset: 0, coefficients: [sizeOf(output.shape.slice(-1)), 1] };
    const raw: Store[] = needed.has(output) ? [{ buffer: output, at: position, value: { kind: "accumulator", dtype: output.dtype } }] : [];
    const epilogue = group.evaluation.members.length === 0 ? undefined : this.#loopKernel(group, needed, raw);
    const base = {
      kind: "library", primitive: anchor.primitive, attributes: anchor.attributes, inputs: operandsOf(anchor).map((input) => this.#operand(input)), output,
      check: isOf(anchor, "scatterAdd") ? this.#faults.ofIndex(anchor) : undefined, epilogue, label: epilogue === undefined ? anchor.primitive : `${anchor.primitive} + ${epilogue.label}`,
    };
    return [base as LibraryKernel<LibraryPrimitive> as Kernel];
  }
}
