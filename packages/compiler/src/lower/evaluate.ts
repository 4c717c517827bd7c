import type { Shape } from "@nn/tensor";
import { sizeOf } from "@nn/tensor/extend";
import { GraphError } from "../errors.js";
import type { Node, PrimitiveNode } from "../ir/graph.js";
import type { Buffer, CheckedIndex, Store, Value } from "../ir/program.js";
import { isPlaces } from "../ir/indices.js";
import type { Faults } from "./faults.js";
import { covers, fixed, flatten, samePosition, scaled, SplitRequest, unflatten, type Affine, type View } from "../ir/affine.js";
import { isKind, type PrimitiveOfKind, type OpKind } from "../ir/op-kinds.js";
import { storedNode } from "./roots.js";

type Applied<T extends OpKind> = Extract<PrimitiveNode, { readonly primitive: PrimitiveOfKind<T> }>;

/** The members of a group do not fit one loop nest. */
export class NotPointwise extends Error {}

/** A movement that no loop nest expresses: its input has to be written to memory. */
export class MaterializeRequest extends Error {
  readonly node: Node;

  constructor(node: Node) {
    super(`node ${node.id} has to be written to memory`);
    this.node = node;
  }
}

/** A value that a loop kernel computes, and where it goes. */
export interface Member {
  readonly node: Node;
  readonly buffer: Buffer;
  /** The place in `buffer` of the element at row-major position `flat` of `node`, of which `view` gives the axes. */
  readonly place: ((view: View, axes: number) => Affine) | undefined;
}

/** A loop nest: axes without those of size 1, and which of them reductions run over. */
export interface LoopSpace {
  readonly domain: readonly number[];
  readonly reduced: readonly boolean[];
}

/** What evaluating a group gives. */
export interface Evaluation extends LoopSpace {
  readonly stores: readonly Store[];
}

/** Where nodes that are written to memory are found. */
export type BufferOf = (node: Node) => Buffer | undefined;

/** What evaluating needs to know of the program. */
export interface Context {
  readonly bufferOf: BufferOf;
  readonly faults: Faults;
}

/**
 * The expressions of all members over one loop nest, refined as far as their views need.
 * @throws NotPointwise where a member reads another one at a different place.
 */
export function evaluate(space: LoopSpace, members: readonly Member[], { bufferOf, faults }: Context, accumulator?: Node): Evaluation {
  let { domain, reduced } = space;
  for (let attempt = 0; attempt < 64; attempt++) {
    try {
      const evaluator = new Evaluator({ domain, reduced }, members, { bufferOf, faults }, accumulator);
      return { domain, reduced, stores: evaluator.stores() };
    } catch (request) {
      if (!(request instanceof SplitRequest)) throw request;
      const size = domain[request.axis] ?? 1;
      domain = domain.toSpliced(request.axis, 1, size / request.inner, request.inner);
      reduced = reduced.toSpliced(request.axis, 1, reduced[request.axis] === true, reduced[request.axis] === true);
    }
  }
  throw new GraphError("a loop nest was split more often than its axes allow");
}

class Evaluator {
  readonly #space: LoopSpace;
  readonly #members: readonly Member[];
  readonly #bufferOf: BufferOf;
  readonly #faults: Faults;
  readonly #accumulator: Node | undefined;
  readonly #known = new Map<string, Value>();
  readonly #constants = new Map<string, Value>();

  constructor(space: LoopSpace, members: readonly Member[], { bufferOf, faults }: Context, accumulator: Node | undefined) {
    this.#space = space;
    this.#members = members;
    this.#bufferOf = bufferOf;
    this.#faults = faults;
    this.#accumulator = accumulator;
  }

  stores(): Store[] {
    return this.#members.map(({ node, buffer, place }) => {
      const view = this.#ownView(node);
      const at = place === undefined ? this.#flat(view, node.type.shape) : place(view, this.#axes);
      return { buffer, at, value: this.#compute(node, view) };
    });
  }

  get #axes(): number {
    return this.#space.domain.length;
  }

  #flat(view: View, shape: Shape): Affine {
    return flatten(view, shape, this.#axes);
  }

  /** Row-major position over the loops, all of them or only those that are not reduced. */
  #rowMajor(keptOnly: boolean): Affine {
    const { domain, reduced } = this.#space;
    const coefficients = new Array<number>(domain.length).fill(0);
    let stride = 1;
    for (let axis = domain.length - 1; axis >= 0; axis--) {
      if (keptOnly && reduced[axis] === true) continue;
      coefficients[axis] = stride;
      stride *= domain[axis] ?? 1;
    }
    return { offset: 0, coefficients };
  }

  /** The view of a node of this group in its own loop nest. */
  #ownView(node: Node): View {
    const { domain, reduced } = this.#space;
    const size = sizeOf(node.type.shape);
    const whole = size === sizeOf(domain) && !isKind(node, "reduction");
    const kept = sizeOf(domain.filter((_, axis) => reduced[axis] !== true));
    if (!whole && size !== kept) throw new NotPointwise();
    const view = unflatten(this.#rowMajor(!whole), node.type.shape, domain);
    if (view === undefined) throw new NotPointwise();
    return view;
  }

  /** The value of a node at a view: from memory, from this group, or computed here. */
  #value(node: Node, view: View): Value {
    const flat = this.#flat(view, node.type.shape);
    const { dtype } = node.type;
    if (node === this.#accumulator) {
      if (!samePosition(flat, this.#rowMajor(false), this.#space.domain)) throw new NotPointwise();
      return this.#once("accumulator", () => ({ kind: "accumulator", dtype }));
    }
    const member = this.#members.find((each) => each.node === node);
    if (member !== undefined) {
      const own = this.#ownView(node);
      if (!samePosition(flat, this.#flat(own, node.type.shape), this.#space.domain)) throw new NotPointwise();
      return this.#compute(node, own);
    }
    const buffer = this.#bufferOf(node);
    if (buffer === undefined) return this.#compute(node, view);
    return this.#once(`load ${buffer.id} ${keyOf(flat)}`, () => ({ kind: "load", dtype, buffer, at: flat }));
  }

  #once(key: string, make: () => Value): Value {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const value = make();
    this.#known.set(key, value);
    return value;
  }

  #compute(node: Node, view: View): Value {
    return this.#once(`${node.id} ${view.map(keyOf).join(";")}`, () => this.#expression(node, view));
  }

  #expression(node: Node, view: View): Value {
    if (node.kind !== "primitive") return this.#boundary(node, view);
    const { dtype } = node.type;
    if (isKind(node, "elementwise", "function")) {
      const inputs = node.inputs.map((input) => this.#value(input, aligned(view, input.type.shape, this.#axes)));
      return { kind: "apply", dtype, primitive: node.primitive, inputs, scalarFunction: node.definition.scalarFunction, fault: this.#faults.ofOperands(node) };
    }
    if (isKind(node, "movement")) return this.#moved(node, view);
    if (isKind(node, "reduction")) return this.#reduced(node);
    if (node.primitive === "gather") return this.#gathered(node, view);
    if (node.primitive === "full") {
      const { value } = node.attributes;
      return this.#shared({ kind: "constant", dtype, value });
    }
    if (node.primitive === "iota") return { kind: "position", dtype, at: view[0] ?? fixed(0, this.#axes) };
    throw new GraphError(`${node.primitive} has no place inside a loop`);
  }

  /** A result that is a buffer already: it is copied. */
  #boundary(node: Node, view: View): Value {
    const buffer = this.#bufferOf(node);
    if (buffer === undefined) throw new GraphError(`node ${node.id} has no buffer`);
    return { kind: "load", dtype: node.type.dtype, buffer, at: this.#flat(view, node.type.shape) };
  }

  #shared(value: Value & { kind: "constant" }): Value {
    const key = `${value.dtype} ${Object.is(value.value, -0) ? "-0" : value.value}`;
    const known = this.#constants.get(key) ?? value;
    this.#constants.set(key, known);
    return known;
  }

  #moved(node: Applied<"movement">, view: View): Value {
    const [x] = node.inputs;
    switch (node.primitive) {
      case "reshape": {
        const flat = this.#flat(view, node.type.shape);
        const here = this.#members.some((member) => member.node === x) || x === this.#accumulator;
        const buffer = here ? undefined : this.#bufferOf(x);
        if (buffer !== undefined) return this.#once(`load ${buffer.id} ${keyOf(flat)}`, () => ({ kind: "load", dtype: x.type.dtype, buffer, at: flat }));
        const inner = unflatten(flat, x.type.shape, this.#space.domain);
        if (inner === undefined) throw here ? new NotPointwise() : new MaterializeRequest(x);
        return this.#value(x, inner);
      }
      case "permute": {
        const inner = new Array<Affine>(view.length).fill(fixed(0, this.#axes));
        node.attributes.permutation.forEach((axis, index) => (inner[axis] = view[index] ?? fixed(0, this.#axes)));
        return this.#value(x, inner);
      }
      case "expand": return this.#value(x, aligned(view, x.type.shape, this.#axes));
      case "slice": {
        const { starts, steps } = node.attributes;
        return this.#value(x, view.map((position, axis) => scaled(position, steps[axis] ?? 1, starts[axis] ?? 0)));
      }
      case "flip": {
        const { axes } = node.attributes;
        return this.#value(x, view.map((position, axis) => (axes.includes(axis) ? scaled(position, -1, (x.type.shape[axis] ?? 1) - 1) : position)));
      }
    }
  }

  #gathered(node: Applied<"gather">, view: View): Value {
    const [x, index] = node.inputs;
    const here = aligned(view, index.type.shape, this.#axes);
    const place = this.#flat(here, index.type.shape);
    const whole = covers(place, this.#space.domain, sizeOf(index.type.shape));
    const checked: CheckedIndex = { kind: "checked", dtype: "int32", index: this.#value(index, here), check: this.#faults.ofIndex(node), place, whole };
    if (isPlaces(x, node.attributes.axis)) return checked;
    const stored = storedNode(x);
    if (this.#members.some((member) => member.node === stored)) throw new NotPointwise();
    const buffer = this.#bufferOf(stored);
    if (buffer === undefined) throw new MaterializeRequest(stored);
    const { axis } = node.attributes;
    const elsewhere = view.map((position, at) => (at === axis ? fixed(0, this.#axes) : position));
    const stride = sizeOf(x.type.shape.slice(axis + 1));
    return { kind: "gather", dtype: node.type.dtype, buffer, at: this.#flat(elsewhere, x.type.shape), stride, index: checked };
  }

  /** A reduction of this group: over the whole loop nest. */
  #reduced(node: Applied<"reduction">): Value {
    const [x] = node.inputs;
    const view = unflatten(this.#rowMajor(false), x.type.shape, this.#space.domain);
    if (view === undefined || sizeOf(x.type.shape) !== sizeOf(this.#space.domain)) throw new NotPointwise();
    const input = this.#value(x, view);
    return { kind: "reduce", dtype: node.type.dtype, reduction: node.primitive, input };
  }
}

/** The view of a tensor of `shape` that broadcasts to what `view` is of. */
function aligned(view: View, shape: Shape, axes: number): View {
  const offset = view.length - shape.length;
  return shape.map((length, axis) => (length === 1 ? fixed(0, axes) : (view[axis + offset] ?? fixed(0, axes))));
}

function keyOf({ offset, coefficients }: Affine): string {
  return `${offset}:${coefficients.join()}`;
}
