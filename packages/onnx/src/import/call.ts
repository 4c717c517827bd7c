import type { Tensor } from "@nn/tensor";
import { normalizeAxis } from "@nn/tensor/extend";
import { OnnxError } from "../onnx-error.js";
import { attributeTypes, type AttributeProto, type TensorProto } from "../proto/onnx.js";
import { wholeNumber } from "./tensors.js";

/** A tensor while a graph runs. Its elements are known if they depend on neither inputs nor weights. */
export interface Value {
  readonly tensor: Tensor;
  readonly isKnown: boolean;
}

/** A node of a graph that can be run. */
export interface GraphNode {
  readonly opType: string;
  /** What errors call it: its name, or the name of its first output. */
  readonly name: string;
  /** The names of its inputs; `""` for one that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, AttributeProto>;
  /** The version of the operators. */
  readonly opset: number;
}

/** One use of an operator: its inputs and attributes, checked when they are asked for. */
export class Call {
  readonly node: GraphNode;
  readonly #inputs: readonly (Value | undefined)[];

  constructor(node: GraphNode, inputs: readonly (Value | undefined)[]) {
    this.node = node;
    this.#inputs = inputs;
  }

  /** All inputs, none of which may be left out. */
  get all(): readonly Tensor[] {
    return this.#inputs.map((_, at) => this.input(at));
  }

  /** An input that must be there. */
  input(at: number): Tensor {
    return this.optional(at) ?? this.fail(`input ${at} is missing`);
  }

  optional(at: number): Tensor | undefined {
    return this.#inputs[at]?.tensor;
  }

  /** The elements of an input that decides about shapes; `undefined` if it is left out. */
  numbers(at: number, what: string): readonly number[] | undefined {
    const value = this.#inputs[at];
    if (value === undefined) return undefined;
    if (!value.isKnown) return this.fail(`${what} depends on elements of the inputs; shapes may depend only on shapes here`);
    return Array.from(value.tensor.data(this.node.opType), Number);
  }

  /** The one element of an input that decides about shapes. */
  number(at: number, what: string): number | undefined {
    const values = this.numbers(at, what);
    if (values !== undefined && values.length !== 1) return this.fail(`${what} has ${values.length} elements, expected one`);
    return values?.[0];
  }

  int(name: string, fallback: number): number;
  int(name: string): number | undefined;
  int(name: string, fallback?: number): number | undefined {
    const attribute = this.#attribute(name, attributeTypes.i);
    return attribute === undefined ? fallback : wholeNumber(`${this.#where}: the attribute ${name}`, attribute.i ?? 0n);
  }

  float(name: string, fallback: number): number {
    const attribute = this.#attribute(name, attributeTypes.f);
    return attribute === undefined ? fallback : (attribute.f ?? 0);
  }

  text(name: string, fallback: string): string {
    const attribute = this.#attribute(name, attributeTypes.s);
    return attribute === undefined ? fallback : new TextDecoder().decode(attribute.s);
  }

  ints(name: string): readonly number[] | undefined {
    return this.#attribute(name, attributeTypes.ints)?.ints.map((value) => wholeNumber(`${this.#where}: the attribute ${name}`, value));
  }

  floats(name: string): readonly number[] | undefined {
    return this.#attribute(name, attributeTypes.floats)?.floats;
  }

  texts(name: string): readonly string[] | undefined {
    return this.#attribute(name, attributeTypes.strings)?.strings.map((value) => new TextDecoder().decode(value));
  }

  tensor(name: string): TensorProto | undefined {
    return this.#attribute(name, attributeTypes.t)?.t;
  }

  /** Refuses an attribute with another value than the one that is supported. */
  requireAttribute(name: string, supported: number | string): void {
    const value = typeof supported === "number" ? this.int(name, supported) : this.text(name, supported);
    if (value !== supported) this.fail(`${name} is ${JSON.stringify(value)}, only ${JSON.stringify(supported)} is supported`);
  }

  /** An axis of an input, counted from the front. */
  axis(rank: number, fallback: number): number {
    return normalizeAxis(this.node.opType, this.int("axis", fallback), rank);
  }

  fail(problem: string): never {
    throw new OnnxError(`${this.#where}: ${problem}`);
  }

  get #where(): string {
    return `${this.node.opType} (${this.node.name})`;
  }

  /** An attribute of a type. protobuf leaves out zeros, so a missing value of an attribute that is there is one. */
  #attribute(name: string, type: number): AttributeProto | undefined {
    const attribute = this.node.attributes.get(name);
    if (attribute?.type !== undefined && attribute.type !== 0 && attribute.type !== type) this.fail(`the attribute ${name} has type ${attribute.type}, expected ${type}`);
    return attribute;
  }
}
