import type { Shape } from "@nn/tensor";
import { sizeOf } from "@nn/tensor/extend";
import { covers, delinearize, fixed, linearize, samePosition, sameView, scaled, type Affine, type Split, type View } from "../ir/affine.js";
import { at } from "../ir/at.js";
import { GraphError } from "../errors.js";
import type { Node, PrimitiveNode } from "../ir/graph.js";
import { isIota } from "../ir/indices.js";
import { isKind, type OpKind, type PrimitiveOfKind } from "../ir/op-kinds.js";
import type { Buffer, Store, Value } from "../ir/program.js";
import type { Faults } from "./faults.js";
import { storageNode } from "./materialise.js";
import { typeOf, type Member } from "./member.js";

type Applied<K extends OpKind> = Extract<PrimitiveNode, { readonly primitive: PrimitiveOfKind<K> }>;

/** The loops of a nest, without loops of size 1. Reductions run over the loops marked in `reduced`. */
export interface LoopSpace {
  readonly domain: readonly number[];
  readonly reduced: readonly boolean[];
}

/** The buffers of nodes that are written to memory. */
export type BufferOf = (node: Node) => Buffer | undefined;

/** What evaluation needs to know of the program. */
export interface Context {
  readonly bufferOf: BufferOf;
  readonly faults: Faults;
}

/** What has to change before a node can be evaluated. */
type Need =
  /** The loop nest has to be refined. */
  | { readonly need: "split"; readonly split: Split }
  | Unmet;

/** Why members cannot be evaluated over one loop nest, however it is refined. */
export type Unmet =
  /** No view expresses how this node is read: it has to be written to memory. */
  | { readonly need: "materialise"; readonly node: Node }
  /** An iteration of the loop nest would need different elements of the same value for different members: they need separate kernels. */
  | { readonly need: "separate kernels" };

export const separateKernels: Unmet = { need: "separate kernels" };

function isNeed(result: object): result is Need {
  return "need" in result;
}

/** The first need among results, or the results without needs. */
function settled<T extends object>(results: readonly (T | Need)[]): readonly T[] | Need {
  const need = results.find(isNeed);
  return need ?? results.filter((result): result is T => !isNeed(result));
}

/** More splits than any loop nest takes. */
const mostSplits = 64;

/** Members as expressions over one loop nest. */
export class Evaluation implements LoopSpace {
  readonly members: readonly Member[];
  readonly stores: readonly Store[];
  readonly #nest: Nest;

  constructor(nest: Nest, members: readonly Member[], stores: readonly Store[]) {
    this.#nest = nest;
    this.members = members;
    this.stores = stores;
  }

  get domain(): readonly number[] {
    return this.#nest.space.domain;
  }

  get reduced(): readonly boolean[] {
    return this.#nest.space.reduced;
  }

  /** The same with one more member. Only a refinement of the loop nest evaluates the others again. */
  with(member: Member): Evaluation | Unmet {
    const { space, context, accumulator } = this.#nest;
    const members = [...this.members, member];
    const store = this.#nest.store(member);
    if (!isNeed(store)) return new Evaluation(this.#nest, members, [...this.stores, store]);
    return store.need === "split" ? evaluate(refined(space, store.split), members, context, accumulator) : store;
  }
}

/** Evaluates all members over one loop nest, which is refined as far as their views need. If that is not possible, the result says why. */
export function evaluate(space: LoopSpace, members: readonly Member[], context: Context, accumulator?: Node): Evaluation | Unmet {
  let loops = space;
  for (let splits = 0; splits < mostSplits; splits++) {
    const nest = new Nest(loops, context, accumulator);
    const stores = nest.stores(members);
    if (!isNeed(stores)) return new Evaluation(nest, members, stores);
    if (stores.need !== "split") return stores;
    loops = refined(loops, stores.split);
  }
  throw new GraphError("a loop nest was split more often than its loops allow");
}

function refined({ domain, reduced }: LoopSpace, { loop, inner }: Split): LoopSpace {
  return {
    domain: domain.toSpliced(loop, 1, at(domain, loop) / inner, inner),
    reduced: reduced.toSpliced(loop, 1, at(reduced, loop), at(reduced, loop)),
  };
}

/** The values that one loop nest computes. Each is made once for each place that it is read from. */
class Nest {
  readonly space: LoopSpace;
  readonly context: Context;
  readonly accumulator: Node | undefined;
  /** The nodes of its members. */
  readonly #own = new Set<Node>();
  readonly #computedValues = new ValueTable<Node>();
  readonly #loads = new ValueTable<Buffer>();
  readonly #others = new Map<string, Value>();
  readonly #rowMajorAll: Affine;
  readonly #rowMajorKept: Affine;
  readonly #origin: Affine;

  constructor(space: LoopSpace, context: Context, accumulator: Node | undefined) {
    this.space = space;
    this.context = context;
    this.accumulator = accumulator;
    this.#rowMajorAll = rowMajor(space, () => true);
    this.#rowMajorKept = rowMajor(space, (loop) => !at(space.reduced, loop));
    this.#origin = fixed(0, space.domain.length);
  }

  /** The stores of all members together. */
  stores(members: readonly Member[]): readonly Store[] | Need {
    for (const { source } of members) if ("node" in source) this.#own.add(source.node);
    return settled(members.map((member) => this.#store(member)));
  }

  /** The store of one more member. If the nest cannot compute it, nothing changes. */
  store(member: Member): Store | Need {
    const { source } = member;
    if ("node" in source) this.#own.add(source.node);
    const store = this.#store(member);
    if (isNeed(store) && "node" in source) this.#own.delete(source.node);
    return store;
  }

  #store({ source, buffer, position }: Member): Store | Need {
    const { shape, dtype } = typeOf(source);
    const own = this.#ownView(shape, "node" in source && isKind(source.node, "reduction"));
    if (isNeed(own)) return own;
    const { view } = own;
    const value = "node" in source ? this.#computed(source.node, view) : "copyOf" in source ? this.#value(source.copyOf, view) : this.#constant(dtype, source.fill);
    if (isNeed(value)) return value;
    return { buffer, at: position === undefined ? this.#linear(view, shape) : position(view, this.#loops), value };
  }

  get #loops(): number {
    return this.space.domain.length;
  }

  #linear(view: View, shape: Shape): Affine {
    return linearize(view, shape, this.#loops);
  }

  /** The view of a tensor of `shape` at a row-major position, or `otherwise` if there is none. */
  #viewAt(linear: Affine, shape: Shape, otherwise: Need): { readonly view: View } | Need {
    const found = delinearize(linear, shape, this.space.domain);
    if (found === undefined) return otherwise;
    return "view" in found ? found : { need: "split", split: found.split };
  }

  /** The view of a member's elements in the loop nest that computes them. */
  #ownView(shape: Shape, isReduction: boolean): { readonly view: View } | Need {
    const { domain, reduced } = this.space;
    const size = sizeOf(shape);
    if (size === sizeOf(domain) && !isReduction) return this.#viewAt(this.#rowMajorAll, shape, separateKernels);
    if (size === sizeOf(domain.filter((_, loop) => !at(reduced, loop)))) return this.#viewAt(this.#rowMajorKept, shape, separateKernels);
    return separateKernels;
  }

  /** The value of a node at a view: from memory, from this loop nest, or computed where it is read. */
  #value(node: Node, view: View): Value | Need {
    const { shape } = node.type;
    if (node === this.accumulator) {
      if (!samePosition(this.#linear(view, shape), this.#rowMajorAll, this.space.domain)) return separateKernels;
      return this.#once("accumulator", () => ({ kind: "accumulator", dtype: node.type.dtype }));
    }
    if (this.#own.has(node)) {
      const own = this.#ownView(shape, isKind(node, "reduction"));
      if (isNeed(own)) return own;
      return samePosition(this.#linear(view, shape), this.#linear(own.view, shape), this.space.domain) ? this.#computed(node, own.view) : separateKernels;
    }
    const buffer = this.context.bufferOf(node);
    return buffer === undefined ? this.#computed(node, view) : this.#load(buffer, this.#linear(view, shape));
  }

  #load(buffer: Buffer, linear: Affine): Value {
    const view = [linear];
    return this.#loads.find(buffer, view) ?? this.#loads.add(buffer, view, { kind: "load", dtype: buffer.dtype, buffer, at: linear });
  }

  #constant(dtype: Value["dtype"], value: number): Value {
    return this.#once(`${dtype} ${Object.is(value, -0) ? "-0" : value}`, () => ({ kind: "constant", dtype, value }));
  }

  /** The value with a name, made once. */
  #once(name: string, make: () => Value): Value {
    const known = this.#others.get(name) ?? make();
    this.#others.set(name, known);
    return known;
  }

  #computed(node: Node, view: View): Value | Need {
    const known = this.#computedValues.find(node, view);
    if (known !== undefined) return known;
    const value = this.#expression(node, view);
    return isNeed(value) ? value : this.#computedValues.add(node, view, value);
  }

  #expression(node: Node, view: View): Value | Need {
    if (node.kind !== "primitive") throw new GraphError(`node ${node.id}, which no kernel computes, has no buffer`);
    const { dtype } = node.type;
    if (isKind(node, "elementwise", "function")) {
      const inputs = settled(node.inputs.map((input) => this.#value(input, this.#aligned(view, input.type.shape))));
      if (isNeed(inputs)) return inputs;
      return { kind: "apply", dtype, primitive: node.primitive, inputs, scalarFunction: node.definition.scalarFunction, fault: this.context.faults.ofOperands(node) };
    }
    if (isKind(node, "movement")) return this.#moved(node, view);
    if (isKind(node, "reduction")) return this.#reduced(node);
    if (node.primitive === "gather") return this.#gathered(node, view);
    if (node.primitive === "full") return this.#constant(dtype, node.attributes.value);
    if (node.primitive === "iota") return { kind: "position", dtype, at: at(view, 0) };
    throw new GraphError(`${node.primitive} cannot be computed inside a loop`);
  }

  #moved(node: Applied<"movement">, view: View): Value | Need {
    const [x] = node.inputs;
    switch (node.primitive) {
      case "reshape": return this.#reshaped(x, this.#linear(view, node.type.shape));
      case "permute": {
        const { permutation } = node.attributes;
        return this.#value(x, view.map((_, axis) => at(view, permutation.indexOf(axis))));
      }
      case "expand": return this.#value(x, this.#aligned(view, x.type.shape));
      case "slice": {
        const { starts, steps } = node.attributes;
        return this.#value(x, view.map((position, axis) => scaled(position, at(steps, axis), at(starts, axis))));
      }
      case "flip": {
        const { axes } = node.attributes;
        return this.#value(x, view.map((position, axis) => (axes.includes(axis) ? scaled(position, -1, at(x.type.shape, axis) - 1) : position)));
      }
    }
  }

  /** A reshape keeps row-major positions, so a buffer is read where it is. */
  #reshaped(x: Node, linear: Affine): Value | Need {
    const isHere = this.#own.has(x) || x === this.accumulator;
    const buffer = isHere ? undefined : this.context.bufferOf(x);
    if (buffer !== undefined) return this.#load(buffer, linear);
    const inner = this.#viewAt(linear, x.type.shape, isHere ? separateKernels : { need: "materialise", node: x });
    return isNeed(inner) ? inner : this.#value(x, inner.view);
  }

  #gathered(node: Applied<"gather">, view: View): Value | Need {
    const [x, index] = node.inputs;
    const { axis } = node.attributes;
    const here = this.#aligned(view, index.type.shape);
    const chosen = this.#value(index, here);
    if (isNeed(chosen)) return chosen;
    const position = this.#linear(here, index.type.shape);
    const whole = covers(position, this.space.domain, sizeOf(index.type.shape));
    const checked = { kind: "checked", dtype: "int32", index: chosen, check: this.context.faults.ofIndex(node), position, whole } as const;
    if (isIota(x, axis)) return checked;
    const stored = storageNode(x);
    if (this.#own.has(stored)) return separateKernels;
    const buffer = this.context.bufferOf(stored);
    if (buffer === undefined) return { need: "materialise", node: stored };
    const start = view.map((position, other) => (other === axis ? this.#origin : position));
    const stride = sizeOf(x.type.shape.slice(axis + 1));
    return { kind: "gather", dtype: node.type.dtype, buffer, at: this.#linear(start, x.type.shape), stride, index: checked };
  }

  /** A reduction of this loop nest runs over all of it. */
  #reduced(node: Applied<"reduction">): Value | Need {
    const [x] = node.inputs;
    if (sizeOf(x.type.shape) !== sizeOf(this.space.domain)) return separateKernels;
    const own = this.#viewAt(this.#rowMajorAll, x.type.shape, separateKernels);
    if (isNeed(own)) return own;
    const input = this.#value(x, own.view);
    return isNeed(input) ? input : { kind: "reduce", dtype: node.type.dtype, reduction: node.primitive, input };
  }

  /** The view of a tensor of `shape` that broadcasts to the tensor that `view` is of. */
  #aligned(view: View, shape: Shape): View {
    const offset = view.length - shape.length;
    return shape.map((length, axis) => (length === 1 ? this.#origin : at(view, axis + offset)));
  }
}

/** The row-major position over some of the loops. */
function rowMajor({ domain }: LoopSpace, counts: (loop: number) => boolean): Affine {
  const coefficients = new Array<number>(domain.length).fill(0);
  let stride = 1;
  for (let loop = domain.length - 1; loop >= 0; loop--) {
    if (!counts(loop)) continue;
    coefficients[loop] = stride;
    stride *= at(domain, loop);
  }
  return { offset: 0, coefficients };
}

/** A value that is read at a view. */
interface Entry {
  readonly view: View;
  readonly value: Value;
  readonly next: Entry | undefined;
}

/** Values by what they are read from and at which view. Few views of one thing occur in a loop nest, so they are compared one by one. */
class ValueTable<K> {
  readonly #entries = new Map<K, Entry>();

  find(key: K, view: View): Value | undefined {
    let entry = this.#entries.get(key);
    while (entry !== undefined && !sameView(entry.view, view)) entry = entry.next;
    return entry?.value;
  }

  add(key: K, view: View, value: Value): Value {
    this.#entries.set(key, { view, value, next: this.#entries.get(key) });
    return value;
  }
}
