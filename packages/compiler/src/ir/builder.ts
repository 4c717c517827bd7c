import type { TypedArray, Variable } from "@nn/tensor";
import type { AttributesOf, DefinitionOf, InputsOf, Primitive, TensorType } from "@nn/tensor/interpreter";
import type { ApplicationNode, ConstantNode, InputNode, Node, PrimitiveNode, StateNode } from "./graph.js";

/** Makes the nodes of one graph; equal applications of primitives become one node. */
export class GraphBuilder {
  #count = 0;
  readonly #known = new Map<string, Node>();
  readonly #constants = new Map<TypedArray, ConstantNode[]>();
  readonly #states = new Map<Variable, StateNode>();

  input(type: TensorType, index: number): InputNode {
    return { kind: "input", id: this.#count++, type, inputs: [], index };
  }

  /** The constant that holds `data`; one node for one array and type. */
  constant(type: TensorType, data: TypedArray): ConstantNode {
    const same = this.#constants.get(data) ?? [];
    const known = same.find((node) => node.type.shape.join() === type.shape.join());
    if (known !== undefined) return known;
    const node: ConstantNode = { kind: "constant", id: this.#count++, type, inputs: [], data };
    this.#constants.set(data, [...same, node]);
    return node;
  }

  /** The value of `variable` at the start. */
  state(variable: Variable): StateNode {
    const known = this.#states.get(variable);
    if (known !== undefined) return known;
    const type = { shape: variable.shape, dtype: variable.dtype };
    const node: StateNode = { kind: "state", id: this.#count++, type, inputs: [], variable };
    this.#states.set(variable, node);
    return node;
  }

  /**
   * A primitive applied to `inputs`: the existing node for an equal application, or a new one. `knownType` is what the primitive's rule gives for these
   * inputs, if that is known.
   */
  apply<P extends Primitive>(definition: DefinitionOf<P>, inputs: InputsOf<P, Node>, attributes: AttributesOf<P>, location = "", knownType?: TensorType): Node {
    const { name: primitive } = definition;
    const nodes: readonly Node[] = inputs;
    const key = primitive === "hostCallback" || isBarrier(attributes) ? undefined : `${primitive}(${nodes.map((node) => node.id).join()})${keyOf(attributes)}`;
    const known = key === undefined ? undefined : this.#known.get(key);
    if (known !== undefined) return known;
    const type = knownType ?? definition.type(nodes.map((node) => node.type) as readonly TensorType[] as InputsOf<P, TensorType>, attributes);
    const application: ApplicationNode<P> = { kind: "primitive", id: this.#count++, type, primitive, definition, inputs, attributes, location };
    const node = application as ApplicationNode<Primitive> as PrimitiveNode;
    if (key !== undefined) this.#known.set(key, node);
    return node;
  }
}

/** Whether a reshape is an optimization barrier: what follows it is not merged with an equal computation. */
function isBarrier(attributes: object): boolean {
  return "barrier" in attributes && attributes.barrier === true;
}

/** Text that is equal for equal attributes. It distinguishes −0 from 0, and ignores how errors are worded. */
function keyOf(attributes: object): string {
  let key = "";
  for (const [name, value] of Object.entries(attributes)) if (name !== "report" && value !== undefined) key += ` ${name} ${textOf(value)}`;
  return key;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join()}]`;
  return Object.is(value, -0) ? "-0" : String(value);
}
