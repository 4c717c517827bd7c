import { UsageError, type Tensor, type Variable } from "@nn/tensor";
import { apply } from "@nn/tensor/extend";
import { currentInterpreter, withInterpreter, type Application, type Interpreter, type Primitive } from "@nn/tensor/interpreter";
import { decompositionOf } from "./decompositions.js";

/** An application of a primitive that ran. */
export interface Step {
  /** The name of the primitive. */
  readonly name: string;
  readonly inputs: readonly Tensor[];
  readonly output: Tensor;
  /** The composed operation that it belongs to; `undefined` if it belongs to none. */
  readonly composed: ComposedCall | undefined;
  /** Applies the primitive to other inputs of the same types. */
  readonly repeat: (inputs: readonly Tensor[]) => Tensor;
}

/** One call of a function that was given a name with `composed`. */
export interface ComposedCall {
  readonly name: string;
}

/** Records all applications of primitives, and lets the interpreter below compute them. Variables are read as float64. */
export class Recorder implements Interpreter {
  readonly below: Interpreter = currentInterpreter();
  readonly steps: Step[] = [];
  /** The variables that were read, with their values. */
  readonly variables = new Map<Variable, Tensor>();
  readonly #takesApart: boolean;
  readonly #outputs = new Set<Tensor>();
  #composed: ComposedCall | undefined;

  constructor(takesApart: boolean) {
    this.#takesApart = takesApart;
  }

  guard: Interpreter["guard"] = (read) => this.below.guard(read);

  bind<P extends Primitive>(application: Application<P>): Tensor {
    const { definition, inputs, attributes } = application;
    const decomposition = this.#takesApart ? decompositionOf(definition.name) : undefined;
    const [x] = inputs;
    if (decomposition !== undefined && x !== undefined) return withInterpreter(this, () => decomposition(x));
    const bound = this.below.bind(application);
    // Values are told apart by identity, and an interpreter may return one that exists.
    const output = this.#outputs.has(bound) || [...inputs].includes(bound) ? bound.detach() : bound;
    this.#outputs.add(output);
    this.steps.push({
      name: definition.name, inputs, output, composed: this.#composed,
      repeat: (others) => apply<P>(definition, others as typeof inputs, attributes),
    });
    return output;
  }

  read(variable: Variable): Tensor {
    const known = this.variables.get(variable);
    if (known !== undefined) return known;
    const value = this.below.read(variable).cast("float64").detach();
    this.variables.set(variable, value);
    return value;
  }

  write(variable: Variable): never {
    const name = variable.name === undefined ? "a variable" : `the variable "${variable.name}"`;
    throw new UsageError(`explainGraph: the function writes ${name}; it runs twice, so it may only read variables`);
  }

  /** Runs a composed operation. Unless such operations are taken apart, its steps belong to the outermost one. */
  compose<T>(name: string, run: () => T): T {
    if (this.#takesApart || this.#composed !== undefined) return run();
    this.#composed = { name };
    try {
      return run();
    } finally {
      this.#composed = undefined;
    }
  }
}

/** The recorder on the stack of interpreters, if there is one. */
export function currentRecorder(): Recorder | undefined {
  for (let at: Interpreter | undefined = currentInterpreter(); at !== undefined; at = at.below) if (at instanceof Recorder) return at;
  return undefined;
}
