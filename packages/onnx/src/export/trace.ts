import { Tensor, type DeferredStorage, type Variable } from "@nn/tensor";
import { currentScope } from "@nn/tensor/extend";
import { eagerInterpreter, withInterpreter, type Application, type AttributesOf, type DefinitionOf, type Interpreter, type Primitive, type TensorType } from "@nn/tensor/interpreter";
import { OnnxError } from "../onnx-error.js";

/** Where a traced value comes from. */
export type Source =
  | { readonly kind: "input"; readonly name: string }
  | { readonly kind: "constant"; readonly value: Tensor }
  | { readonly kind: "variable"; readonly variable: Variable }
  | TracedApplication;

/** A primitive with the values that it was applied to. */
export interface TracedApplication {
  readonly kind: "primitive";
  readonly definition: DefinitionOf<Primitive>;
  readonly inputs: readonly TracedValue[];
  readonly attributes: AttributesOf<Primitive>;
}

/** A value of a traced function. */
export interface TracedValue {
  /** Values are numbered in the order in which the function made them. */
  readonly id: number;
  readonly type: TensorType;
  /** The path of the module that made it. */
  readonly path: string;
  readonly source: Source;
}

/** What a traced function computes. */
export interface Trace {
  /** All values, in order. */
  readonly values: readonly TracedValue[];
  /** The results by name. */
  readonly outputs: readonly (readonly [name: string, value: TracedValue])[];
  /** The variables that the function assigns, with the paths of the modules. */
  readonly writes: ReadonlyMap<Variable, string>;
}

/** Stands for the elements of a traced tensor, which do not exist. */
class TracedStorage implements DeferredStorage {
  readonly tracer: Tracer;
  readonly value: TracedValue;

  constructor(tracer: Tracer, value: TracedValue) {
    this.tracer = tracer;
    this.value = value;
  }

  read(operation: string): never {
    throw new OnnxError(`${operation}: the elements of a tensor are not known while a function is traced for ONNX; compute with tensors instead of numbers`);
  }

  readAsync(operation: string): Promise<never> {
    return new Promise(() => this.read(operation));
  }
}

/** Records primitives instead of computing them. */
class Tracer implements Interpreter {
  readonly below = eagerInterpreter();
  readonly values: TracedValue[] = [];
  readonly writes = new Map<Variable, string>();
  readonly #variables = new Map<Variable, Tensor>();
  readonly #constants = new Map<unknown, TracedValue>();

  bind<P extends Primitive>({ definition, inputs, attributes, type }: Application<P>): Tensor {
    const values = [...inputs].map((input: Tensor) => this.valueOf(definition.name, input));
    return this.add(type, { kind: "primitive", definition: definition as DefinitionOf<Primitive>, inputs: values, attributes });
  }

  guard: Interpreter["guard"] = (read) => this.below.guard(read);

  read(variable: Variable): Tensor {
    const known = this.#variables.get(variable);
    if (known !== undefined) return known;
    const tensor = this.add({ shape: variable.shape, dtype: variable.dtype }, { kind: "variable", variable });
    this.#variables.set(variable, tensor);
    return tensor;
  }

  write(variable: Variable, value: Tensor): void {
    this.writes.set(variable, currentScope()?.path ?? "");
    this.#variables.set(variable, value);
  }

  refuseHostEffect(what: string): never {
    throw new OnnxError(`${what} while a function is traced for ONNX, which can only compute`);
  }

  add(type: TensorType, source: Source): Tensor {
    return new Tensor(type.shape, type.dtype, new TracedStorage(this, this.#value(type, source)));
  }

  /** The value of a tensor. A tensor from outside becomes a constant. */
  valueOf(operation: string, tensor: Tensor): TracedValue {
    const { storage, shape, dtype } = tensor;
    if (storage instanceof TracedStorage) {
      if (storage.tracer === this) return storage.value;
      throw new OnnxError(`${operation}: a tensor was kept from another trace; return it, or hold it in a Variable`);
    }
    tensor.data(operation);
    const known = this.#constants.get(storage);
    if (known !== undefined && known.type.shape.join() === shape.join()) return known;
    const value = this.#value({ shape, dtype }, { kind: "constant", value: tensor });
    this.#constants.set(storage, value);
    return value;
  }

  #value(type: TensorType, source: Source): TracedValue {
    const value: TracedValue = { id: this.values.length, type, path: currentScope()?.path ?? "", source };
    this.values.push(value);
    return value;
  }
}

/** Runs a function once on tensors without elements and records what it computes. `collect` finds the results in what it returns. */
export function trace(
  inputs: ReadonlyMap<string, TensorType>, run: (inputs: readonly Tensor[]) => unknown, collect: (result: unknown) => readonly (readonly [name: string, value: Tensor])[],
): Trace {
  const tracer = new Tracer();
  const result = withInterpreter(tracer, () => run([...inputs].map(([name, type]) => tracer.add(type, { kind: "input", name }))));
  const outputs = collect(result).map(([name, tensor]) => [name, tracer.valueOf("toOnnx", tensor)] as const);
  return { values: tracer.values, outputs, writes: tracer.writes };
}
