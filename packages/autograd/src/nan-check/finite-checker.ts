import type { Tensor, Variable } from "@nn/tensor";
import { currentScope, formatShape, isFloat, stridesOf } from "@nn/tensor/extend";
import { currentInterpreter, type Application, type Interpreter, type Primitive } from "@nn/tensor/interpreter";
import { NonFiniteError, type NonFiniteOrigin } from "./non-finite-error.js";
import { captureStack, userLine } from "./user-line.js";

/** The stack of an operation, which a tape keeps in order to name the line while the gradient is computed. */
class Site {
  readonly stack = captureStack();
}

/**
 * Computes like the interpreter below, and records where numbers that are not finite first appear. It follows them to the results and the new values
 * of variables, which it refuses. A number that is not used further, such as the infinity of a masked logarithm, is no error.
 */
export class FiniteChecker implements Interpreter {
  readonly below: Interpreter = currentInterpreter();
  readonly #origins = new WeakMap<Tensor, NonFiniteOrigin>();

  bind<P extends Primitive>(application: Application<P>): Tensor {
    const output = this.below.bind(application);
    const found = firstNonFinite(output);
    if (found !== undefined) this.#origins.set(output, this.#originOf(application, output, found));
    return output;
  }

  read(variable: Variable): Tensor {
    const value = this.below.read(variable);
    this.noteGiven(value, variable.name === undefined ? "a variable" : `the variable "${variable.name}"`);
    return value;
  }

  write(variable: Variable, value: Tensor): void {
    this.require(value, variable.name === undefined ? "the new value of a variable" : `the new value of the variable "${variable.name}"`);
    this.below.write(variable, value);
  }

  guard: Interpreter["guard"] = (read) => this.below.guard(read);

  origin(): unknown {
    return new Site();
  }

  /** Records that a tensor came from outside. */
  noteGiven(tensor: Tensor, what: string): void {
    if (this.#origins.has(tensor)) return;
    const found = firstNonFinite(tensor);
    if (found === undefined) return;
    const description = `${what} holds ${found.value}${placeIn(tensor, found.at)} from the start`;
    this.#origins.set(tensor, { operation: undefined, module: "", gradientOf: undefined, value: found.value, line: undefined, cause: undefined, description });
  }

  /** @throws NonFiniteError if a tensor is not finite. */
  require(tensor: Tensor, where: string): void {
    if (firstNonFinite(tensor) === undefined) return;
    this.noteGiven(tensor, "a tensor from outside");
    const origin = this.#origins.get(tensor);
    if (origin !== undefined) throw new NonFiniteError(where, origin);
  }

  #originOf({ definition, inputs, attributes }: Application<Primitive>, output: Tensor, { value, at }: Found): NonFiniteOrigin {
    const given: readonly Tensor[] = inputs;
    const before = given.flatMap((input) => {
      if (firstNonFinite(input) === undefined) return [];
      this.noteGiven(input, "a tensor from outside");
      return this.#origins.get(input) ?? [];
    });
    const inherited = before.find((origin) => Number.isNaN(origin.value) || !Number.isNaN(value));
    if (inherited !== undefined) return inherited;
    const scope = currentScope();
    const stack = scope?.origin instanceof Site ? scope.origin.stack : captureStack();
    const [operation, module, gradientOf, line] = [definition.name, scope?.path ?? "", scope?.gradientOf, userLine(stack)];
    const literal = Object.values(attributes).includes(value) ? ", as the program says" : "";
    const of = given.length === 0 ? "" : ` of ${given.map(formatInput).join(" and ")}`;
    const description = `${operation} gives ${value}${placeIn(output, at)}${literal}${of}${formatPlace(module, gradientOf)}${line === undefined ? "" : `, at ${line}`}`;
    return { operation, module, gradientOf, value, line, cause: before[0], description };
  }
}

interface Found {
  readonly value: number;
  readonly at: number;
}

/** The first NaN of a tensor, or else its first infinity. */
function firstNonFinite(tensor: Tensor): Found | undefined {
  if (!isFloat(tensor.dtype)) return undefined;
  const data = tensor.data("withNaNCheck");
  let found: Found | undefined;
  for (let at = 0; at < data.length; at++) {
    const value = data[at] as number;
    if (Number.isNaN(value)) return { value, at };
    if (found === undefined && !Number.isFinite(value)) found = { value, at };
  }
  return found;
}

/** ` at [1, 2]`, the index of an element; nothing for one number. */
function placeIn({ shape }: Tensor, at: number): string {
  if (shape.length === 0) return "";
  const strides = stridesOf(shape);
  return ` at ${formatShape(shape.map((size, axis) => Math.floor(at / (strides[axis] as number)) % size))} of ${formatShape(shape)}`;
}

/** An input with the range of its numbers. */
function formatInput(input: Tensor): string {
  const data = input.data("withNaNCheck");
  let [low, high] = [Infinity, -Infinity];
  for (let at = 0; at < data.length; at++) {
    low = Math.min(low, Number(data[at]));
    high = Math.max(high, Number(data[at]));
  }
  const shown = (value: number): string => String(Number(value.toPrecision(4)));
  const range = data.length === 0 ? "" : low === high || Number.isNaN(low) ? ` (${shown(low)})` : ` (${shown(low)} to ${shown(high)})`;
  return `${input.dtype} ${formatShape(input.shape)}${range}`;
}

function formatPlace(module: string, gradientOf: string | undefined): string {
  const gradient = gradientOf === undefined ? "" : `, in the gradient of ${gradientOf}`;
  return `${gradient}${module === "" ? "" : `, in the module ${module}`}`;
}
