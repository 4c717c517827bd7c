import type { DType, Tensor } from "@nn/tensor";
import { allocate } from "@nn/tensor/extend";
import { dataTypes, type NodeDraft, type TensorDraft } from "../proto/onnx.js";
import { int64Draft, tensorDraft } from "../proto/tensor-bytes.js";
import { int, tensorValue, type Attribute } from "./attributes.js";
import type { BatchSize, Size } from "./size.js";

/** The input and the axis that tell the size of the batch. */
export interface BatchSource {
  readonly input: string;
  readonly axis: number;
}

/** Collects the nodes and initializers of an ONNX graph. Values are called by their names. */
export class GraphWriter {
  readonly nodes: NodeDraft[] = [];
  readonly initializers: TensorDraft[] = [];
  /** What cannot be exported, with the reason, each once. */
  readonly refused = new Set<string>();
  /** The path of the module whose operations are written now. */
  path = "";
  readonly #names = new Set<string>();
  readonly #counts = new Map<string, number>();
  /** The names of values that several nodes may use, by what they are. */
  readonly #shared = new Map<string, string>();
  readonly #batch: BatchSource | undefined;

  constructor(batch: BatchSource | undefined) {
    this.#batch = batch;
  }

  /** Takes a name that nothing else has: `wanted`, or `wanted_1`, `wanted_2`, … */
  take(wanted: string): string {
    let name = wanted;
    for (let count = this.#counts.get(wanted) ?? 0; this.#names.has(name); ) {
      name = `${wanted}_${++count}`;
      this.#counts.set(wanted, count);
    }
    this.#names.add(name);
    return name;
  }

  /** Adds a node with one output, and returns the output's name. */
  op(opType: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    return this.#add(opType, inputs, attributes, [""])[0] ?? "";
  }

  /** Adds a node with outputs that have these endings. */
  ops(opType: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>>, endings: readonly string[]): readonly string[] {
    return this.#add(opType, inputs, attributes, endings);
  }

  #add(opType: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>>, endings: readonly string[]): readonly string[] {
    const name = this.take(this.path === "" ? opType : `${this.path}/${opType}`);
    const output = endings.map((ending) => (ending === "" ? name : this.take(`${name}.${ending}`)));
    const attribute = Object.entries(attributes).map(([key, value]) => ({ name: key, ...value }));
    this.nodes.push({ name, opType, input: inputs, output, attribute });
    return output;
  }

  /** Adds an initializer under this name. */
  initializer(name: string, value: Tensor): string {
    const taken = this.take(name);
    this.initializers.push(tensorDraft(taken, value.shape, value.dtype, value.data("toOnnx")));
    return taken;
  }

  /** A constant tensor. */
  constant(value: Tensor): string {
    return value.size === 1 ? this.number(Number(value.data("toOnnx")[0]), value.dtype, value.shape) : this.initializer(this.#local("constant"), value);
  }

  /** A constant with one element. Equal ones are the same initializer. */
  number(value: number, dtype: DType, shape: readonly number[] = []): string {
    return this.#share(`${dtype} ${shape.join()} ${Object.is(value, -0) ? "-0" : value}`, () => {
      const data = allocate(dtype, 1);
      data[0] = value;
      const name = this.take(`${dtype}_${value}`);
      this.initializers.push(tensorDraft(name, shape, dtype, data));
      return name;
    });
  }

  /** A list of whole numbers, as int64. */
  int64s(values: readonly number[]): string {
    return this.#share(`int64 ${values.join()}`, () => {
      const name = this.take(`int64_${values.slice(0, 8).join("_")}`);
      this.initializers.push(int64Draft(name, [values.length], values));
      return name;
    });
  }

  /** One whole number, as an int64 without axes. */
  int64(value: number): string {
    return this.#share(`int64 scalar ${value}`, () => {
      const name = this.take(`int64_${value}`);
      this.initializers.push(int64Draft(name, [], [value]));
      return name;
    });
  }

  /** A list of sizes, as int64: a constant, or computed from the size of the batch. */
  sizes(sizes: readonly Size[]): string {
    if (sizes.every((size) => typeof size === "number")) return this.int64s(sizes);
    const runs = sizes.map((size) => (typeof size === "number" ? this.int64s([size]) : this.#multiple(size)));
    return runs.length === 1 ? (runs[0] ?? "") : this.#share(`sizes ${runs.join()}`, () => this.#outside(() => this.op("Concat", runs, { axis: int(0) })));
  }

  /** A size as an int64 without axes. */
  size(size: Size): string {
    return typeof size === "number" ? this.int64(size) : this.#share(`scalar ${this.#multiple(size)}`, () => this.#outside(() => this.op("Squeeze", [this.#multiple(size), this.int64s([0])])));
  }

  /** Numbers that must not depend on the size of the batch. */
  fixed(what: string, sizes: readonly Size[]): readonly number[] {
    return sizes.map((size) => {
      if (typeof size === "number") return size;
      this.refuse(`${what} grows with the batch`);
      return 1;
    });
  }

  cast(value: string, to: keyof typeof dataTypes): string {
    return this.op("Cast", [value], { to: int(dataTypes[to]) });
  }

  /** A tensor filled with one number. */
  filled(shape: readonly Size[], value: number, dtype: DType): string {
    if (shape.every((size) => size === 1)) return this.number(value, dtype, shape.map(() => 1));
    const data = allocate(dtype, 1);
    data[0] = value;
    return this.op("ConstantOfShape", [this.sizes(shape)], { value: tensorValue(tensorDraft("", [1], dtype, data)) });
  }

  /** Gives values other names. */
  rename(names: ReadonlyMap<string, string>): void {
    const renamed = (values: readonly string[] = []): string[] => values.map((value) => names.get(value) ?? value);
    this.nodes.forEach((node, at) => (this.nodes[at] = { ...node, input: renamed(node.input), output: renamed(node.output) }));
  }

  /** Adds a node that gives a value another name. */
  copy(from: string, to: string): void {
    this.nodes.push({ name: this.take("Identity"), opType: "Identity", input: [from], output: [to] });
  }

  /** Notes that something cannot be exported. The export fails in the end, with everything that was noted. */
  refuse(reason: string): string {
    this.refused.add(this.path === "" ? reason : `in ${this.path}: ${reason}`);
    return "";
  }

  /** `perBatch · batch + offset` as a list of one int64. */
  #multiple({ perBatch, offset }: BatchSize): string {
    return this.#share(`batch ${perBatch} ${offset}`, () => this.#outside(() => {
      const { input, axis } = this.#batch ?? { input: "", axis: 0 };
      const batch = this.#share("batch", () => this.op("Gather", [this.op("Shape", [input]), this.int64s([axis])], { axis: int(0) }));
      const multiple = perBatch === 1 ? batch : this.op("Mul", [batch, this.int64s([perBatch])]);
      return offset === 0 ? multiple : this.op("Add", [multiple, this.int64s([offset])]);
    }));
  }

  #share(key: string, make: () => string): string {
    const name = this.#shared.get(key) ?? make();
    this.#shared.set(key, name);
    return name;
  }

  /** Writes nodes that belong to no module. */
  #outside<T>(write: () => T): T {
    const before = this.path;
    this.path = "batch";
    try {
      return write();
    } finally {
      this.path = before;
    }
  }

  #local(name: string): string {
    return this.path === "" ? name : `${this.path}/${name}`;
  }
}
