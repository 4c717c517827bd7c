import { Tensor, type DeferredStorage, type Variable } from "@nn/tensor";
import { currentScope, locationOf, type GuardedValue } from "@nn/tensor/extend";
import {
  eagerInterpreter, withInterpreter, type Application, type InputsOf, type Interpreter, type Primitive, type TensorType,
} from "@nn/tensor/interpreter";
import * as primitives from "@nn/tensor/primitives";
import { GraphBuilder } from "../ir/builder.js";
import { TraceError } from "../errors.js";
import { checkOf, mayFail } from "./checks.js";
import { HostCode } from "./host-code.js";
import { isOf, type ApplicationNode, type Graph, type Node } from "../ir/graph.js";

/** Host state that a trace depends on. The program is valid as long as `read()` returns `value`. */
export interface Guard {
  readonly read: () => GuardedValue;
  readonly value: GuardedValue;
}

/** The result of tracing a function. */
export interface Trace<R> {
  readonly graph: Graph;
  readonly guards: readonly Guard[];
  /** What the function returned. Its tensors are traced ones; their nodes are the outputs of the graph. */
  readonly result: R;
}

/** Stands for the elements of a traced tensor, which do not exist. */
class TracedStorage implements DeferredStorage {
  readonly tracer: Tracer;
  readonly node: Node;

  constructor(tracer: Tracer, node: Node) {
    this.tracer = tracer;
    this.node = node;
  }

  read(operation: string): never {
    const what = this.tracer.active
      ? "is not known while compile() traces the function; return the tensor and read it outside"
      : "was only known inside a compiled program; return the tensor from the compiled function instead of keeping it";
    throw new TraceError(`${operation}: the value of a traced tensor ${what}`);
  }

  readAsync(operation: string): Promise<never> {
    return new Promise(() => this.read(operation));
  }
}

/** Records primitives as a graph instead of computing them. */
class Tracer implements Interpreter {
  readonly below = eagerInterpreter();
  readonly builder = new GraphBuilder();
  readonly hostCallbacks: ApplicationNode<"hostCallback">[] = [];
  readonly checks = new Set<Node>();
  readonly guards: Guard[] = [];
  /** The current value of each variable that the function has written. */
  readonly written = new Map<Variable, Tensor>();
  readonly #read = new Map<Variable, Tensor>();
  readonly #host = new HostCode();
  active = true;

  bind<P extends Primitive>({ definition, inputs, attributes, type: { shape, dtype } }: Application<P>): Tensor {
    const nodes = inputs.map((input) => this.nodeOf(definition.name, input)) as readonly Node[] as InputsOf<P, Node>;
    const callback = "callback" in attributes ? { callback: this.#host.callback(attributes.callback) } : undefined;
    const location = mayFail.has(definition.name) ? locationOf(currentScope()) : "";
    const node = this.builder.apply(definition, nodes, { ...attributes, ...callback }, location, { shape, dtype });
    if (isOf(node, "hostCallback")) this.hostCallbacks.push(node);
    const check = checkOf(this.builder, node);
    if (check !== undefined) this.checks.add(check);
    return this.tensorOf(node);
  }

  refuseHostEffect(what: string, fix: string): never {
    throw new TraceError(`${what} while compile() traces the function, which happens once and not at every call; ${fix}`);
  }

  read(variable: Variable): Tensor {
    const known = this.written.get(variable) ?? this.#read.get(variable);
    if (known !== undefined) return known;
    this.#host.noteRead(variable);
    const tensor = this.tensorOf(this.builder.state(variable));
    this.#read.set(variable, tensor);
    return tensor;
  }

  write(variable: Variable, value: Tensor): void {
    const initial = variable.cell.read().storage;
    if (initial === value.storage && initial instanceof TracedStorage) {
      const name = variable.name === undefined ? "a variable" : `the variable "${variable.name}"`;
      throw new TraceError(`compile: ${name} is created while the function is traced, and would be created again at every call; create it before`);
    }
    this.nodeOf("write", value);
    this.#host.noteAssignment(variable);
    this.written.set(variable, value);
  }

  guard<T extends GuardedValue>(read: () => T): T {
    const value = this.#host.guard(read);
    if (!this.guards.some((known) => known.read === read && Object.is(known.value, value))) this.guards.push({ read, value });
    return value;
  }

  tensorOf(node: Node): Tensor {
    return new Tensor(node.type.shape, node.type.dtype, new TracedStorage(this, node));
  }

  /** The node of a traced tensor. A tensor from outside becomes a constant. */
  nodeOf(operation: string, tensor: Tensor): Node {
    const storage = tensor.storage;
    if (!(storage instanceof TracedStorage)) {
      const { shape, dtype } = tensor;
      const data = tensor.data(operation);
      return data.length === 1 ? this.builder.apply(primitives.full, [], { shape, dtype, value: Number(data[0]) }) : this.builder.constant({ shape, dtype }, data);
    }
    if (storage.tracer !== this) {
      throw new TraceError(`${operation}: a tensor was kept from the trace of another compiled function; return it from that function, or hold it in a Variable`);
    }
    return storage.node;
  }
}

/**
 * Runs `fn` once, on tensors that have types but no values, and records its graph. `collect` finds the tensors in what `fn` returns, in
 * the order of the graph's outputs.
 */
export function trace<R>(inputs: readonly TensorType[], fn: (inputs: Tensor[]) => R, collect: (result: R) => readonly Tensor[]): Trace<R> {
  const tracer = new Tracer();
  try {
    const result = withInterpreter(tracer, () => fn(inputs.map((type, index) => tracer.tensorOf(tracer.builder.input(type, index)))));
    const outputs = collect(result).map((tensor) => tracer.nodeOf("compile", tensor));
    const writes = Array.from(tracer.written, ([variable, value]) => ({ variable, value: tracer.nodeOf("compile", value) }));
    return { graph: { outputs, writes, hostCallbacks: tracer.hostCallbacks, checks: [...tracer.checks] }, guards: tracer.guards, result };
  } finally {
    tracer.active = false;
  }
}
