import { requireKind } from "./arguments/kinds.js";
import { requireOptions, type OptionKinds } from "./arguments/options.js";
import { requireSynchronous } from "./arguments/synchronous.js";
import { variableBrand } from "./brand.js";
import { DTypeError, ShapeError } from "./errors.js";
import type { DType } from "./dtype.js";
import { currentInterpreter, eagerInterpreter } from "./interpreter/stack.js";
import { requireTensor } from "./operand.js";
import { ownAccessor } from "./own-accessor.js";
import { formatTensor } from "./print.js";
import { formatShape, sameShape, type Shape } from "./shape.js";
import type { Tensor } from "./tensor.js";

/** Where a variable's value is kept: in a plain field, or in the memory of compiled programs. */
export interface VariableCell {
  /** The current value. */
  read(): Tensor;
  /** Replaces the value by one of the same shape and dtype. */
  write(value: Tensor): void;
}

/** Options of a {@link Variable}. */
export interface VariableOptions {
  /** The name in error messages and listings. */
  readonly name?: string | undefined;
}

const variableOptions: OptionKinds<VariableOptions> = { name: "string" };

/** The current listener of {@link watchVariables}. */
let watch: ((variable: Variable) => void) | undefined;

/**
 * Runs `body` and calls `listener` with every variable whose `value` it reads or assigns, before that happens. An inner call replaces the
 * listener of the outer one until it ends.
 */
export function watchVariables<T>(listener: (variable: Variable) => void, body: () => T): T {
  requireKind("watchVariables", "the listener", listener, "function");
  requireKind("watchVariables", "the body", body, "function");
  const before = watch;
  watch = listener;
  try {
    return requireSynchronous("watchVariables", "the body", body());
  } finally {
    watch = before;
  }
}

/**
 * A mutable cell that holds a tensor of fixed shape and dtype. Tensors never change; variables do. Parameters, running statistics and
 * optimizer state are variables.
 *
 * @example
 * ```ts
 * import { tensor, Variable } from "@nn/tensor";
 * const weight = new Variable(tensor([1, 2]));
 * weight.value = weight.value.mul(10);
 * weight.value.toArray(); // => [10, 20]
 * ```
 */
export class Variable {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly name: string | undefined;
  #cell: VariableCell;

  constructor(initial: Tensor, options: VariableOptions = {}) {
    requireTensor("Variable", initial, "its value");
    requireOptions("Variable", options, variableOptions);
    this.shape = initial.shape;
    this.dtype = initial.dtype;
    this.name = options.name;
    let value = initial;
    this.#cell = { read: () => value, write: (next) => (value = next) };
    ownAccessor(this, "value");
    for (const fixed of ["shape", "dtype", "name"]) Object.defineProperty(this, fixed, { writable: false, configurable: false });
    // Inside a trace the initial value is not known. The tracer has to see that a variable is created, and refuses it.
    const interpreter = currentInterpreter();
    if (interpreter !== eagerInterpreter()) interpreter.write(this, initial);
  }

  /** Marks variables of every copy of the package. */
  get [variableBrand](): true {
    return true;
  }

  /** The value at this point of the program. Assign to replace it. */
  get value(): Tensor {
    watch?.(this);
    return currentInterpreter().read(this);
  }

  set value(next: Tensor) {
    const name = this.name === undefined ? "Variable" : `Variable "${this.name}"`;
    requireTensor(name, next, "its value");
    if (!sameShape(next.shape, this.shape)) {
      throw new ShapeError(`${name}: cannot assign ${formatShape(next.shape)} to a variable of shape ${formatShape(this.shape)}`);
    }
    if (next.dtype !== this.dtype) {
      throw new DTypeError(`${name}: cannot assign ${next.dtype} to a variable of dtype ${this.dtype}; use .cast("${this.dtype}")`);
    }
    watch?.(this);
    currentInterpreter().write(this, next);
  }

  /** Name, dtype, shape and value. */
  toString(): string {
    return `${this.constructor.name}${this.name === undefined ? "" : ` ${JSON.stringify(this.name)}`}: ${formatTensor(this.value)}`;
  }

  /** What Node's `console.log` shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  /** The cell that holds the value, for interpreters only. It may be replaced. Programs use {@link Variable.value}. */
  get cell(): VariableCell {
    return this.#cell;
  }

  set cell(cell: VariableCell) {
    this.#cell = cell;
  }
}
