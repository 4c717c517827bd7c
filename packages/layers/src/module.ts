import { UsageError, Variable, type Tensor } from "@nn/tensor";
import { guard, requireKind, requireSynchronous } from "@nn/tensor/extend";
import { onceByName, reachable, requireDepth, search, type Named } from "./collections.js";
import { describeFields } from "./options.js";
import { Parameter } from "./parameter.js";
import { requireHeld, runForward } from "./run-forward.js";
import { assignStateDict, type LoadOptions, type LoadReport, type StateDict } from "./state-dict.js";

/**
 * A layer, a block of layers, or a whole model: an object that holds parameters and has a `forward`.
 *
 * A module finds modules, {@link Parameter}s and buffers (plain `Variable`s) in its public fields, and in arrays, plain records, `Map`s
 * and `Set`s in these fields. It searches on every call, in the order in which the fields were declared.
 *
 * It cannot look into `#private` fields, local variables and objects of other classes. Values kept there are not trained, saved or
 * switched between modes, so `forward` must not use them: a `forward` that reads or assigns such a parameter or buffer, or uses such a
 * module in training mode, throws a UsageError. There are three exceptions: frozen parameters, a module in evaluation mode (a teacher,
 * for example), and inputs of `forward`. The check covers `forward`, but no other methods. A compiled function that
 * `forward` calls is checked while it is traced. An asynchronous `forward` is refused. A `forward` that is a field, such as an arrow
 * function, is checked in the same way as soon as its module is part of a composition or its names have been listed, which optimizers and
 * `eval()` do.
 *
 * An error that arises in the `forward` of an inner module, eagerly, while a function is traced, or in a compiled program, says where:
 * `in blocks.2.self_attention: matmul: …`. It is the same error, with this path before its message. What follows an `await` has no path.
 *
 * A module must not contain itself, and modules and collections may be nested up to 200 deep.
 *
 * Names are those of PyTorch: the path of fields, indices and keys, separated by dots. Field names change from camelCase to snake_case
 * (`blocks.0.selfAttention.weight` is `"blocks.0.self_attention.weight"`). A shared value is listed once, under its first name; only the
 * state dictionary lists it under all its names.
 *
 * @example
 * ```ts
 * import { relu, zeros, type Tensor } from "@nn/tensor";
 * import { Linear, Module } from "@nn/layers";
 *
 * class Classifier extends Module {
 *   readonly hidden = new Linear(784, 128);
 *   readonly output = new Linear(128, 10);
 *   forward(x: Tensor): Tensor {
 *     return this.output.forward(relu(this.hidden.forward(x)));
 *   }
 * }
 *
 * const model = new Classifier();
 * model.forward(zeros([64, 784])).shape; // => [64, 10]
 * [...model.namedParameters().keys()]; // => ["hidden.weight", "hidden.bias", "output.weight", "output.bias"]
 * ```
 */
export abstract class Module {
  #training = true;

  constructor(...none: readonly []) {
    if (none.length > 0) throw new UsageError(`${new.target.name}: it takes no arguments, got ${none.length}`);
    watchForward(new.target.prototype);
    // Tools that compare objects read this property and see the contents of the module. Tools that clone objects fail on the symbol, and their error shows its text.
    Object.defineProperty(this, contents, { enumerable: true, get: () => [noClone, this.#describe(), this.#training, ...this.#held()] });
  }

  /** Applies the module. Each subclass declares its own inputs and output. */
  abstract forward(...inputs: never[]): unknown;

  /**
   * Whether the module is in training mode. Dropout and batch normalisation, for example, depend on it. A compiled function that
   * reads it is compiled once for each mode.
   */
  get training(): boolean {
    if (this.#training) requireHeld(this);
    return guard(() => this.#training);
  }

  /** Switches the module and all modules in it to training mode (default) or evaluation mode. */
  train(training = true): this {
    requireKind("train", "the mode", training, "boolean");
    for (const module of this.modules()) module.#training = training;
    return this;
  }

  /** Switches the module and all modules in it to evaluation mode. */
  eval(): this {
    return this.train(false);
  }

  /** All parameters, each once. */
  parameters(): Parameter[] {
    return [...this.namedParameters().values()];
  }

  /** The parameters that are not frozen. Pass these to an optimizer. */
  trainableParameters(): Parameter[] {
    return this.parameters().filter((parameter) => parameter.trainable);
  }

  /** All parameters by name, each once. */
  namedParameters(): Map<string, Parameter> {
    return this.#find((found) => found instanceof Parameter);
  }

  /** All buffers, each once: variables that are part of the state but not learned, such as running statistics. */
  buffers(): Variable[] {
    return [...this.namedBuffers().values()];
  }

  /** All buffers by name, each once. */
  namedBuffers(): Map<string, Variable> {
    return this.#find((found): found is Variable => found instanceof Variable && !(found instanceof Parameter));
  }

  /** All parameters and buffers by name, a shared one under each of its names: the variables of the state dictionary. */
  namedVariables(): Map<string, Variable> {
    const state = new Map<string, Variable>();
    for (const [name, found] of this.#walk()) {
      if (!(found instanceof Variable)) continue;
      const other = state.get(name);
      if (other !== undefined && other !== found) {
        throw new UsageError(`${this.constructor.name}: two variables have the name "${name}"; rename one of the fields`);
      }
      state.set(name, found);
    }
    return state;
  }

  /** The module itself and all modules in it, each once, outer ones first. */
  modules(): Module[] {
    return [...this.namedModules().values()];
  }

  /** The module itself, under the name `""`, and all modules in it by name, each once, outer ones first. */
  namedModules(): Map<string, Module> {
    return this.#find((found) => found instanceof Module);
  }

  /** The direct child modules. */
  children(): Module[] {
    return [...this.namedChildren().values()];
  }

  /** The direct child modules by name. */
  namedChildren(): Map<string, Module> {
    return onceByName(this.#held(), (found) => found instanceof Module);
  }

  /** Calls `visit` for the module and all modules in it, for example to change their initial values. */
  apply(visit: (module: Module, name: string) => void): this {
    requireKind("apply", "visit", visit, "function");
    for (const [name, module] of this.namedModules()) requireSynchronous<unknown>("apply", "visit", visit(module, name));
    return this;
  }

  /** The values of all parameters and buffers by name, as PyTorch names them. */
  stateDict(): Record<string, Tensor> {
    return Object.fromEntries([...this.namedVariables()].map(([name, variable]) => [name, variable.value]));
  }

  /**
   * Loads the values of a state dictionary into all parameters and buffers. If the dictionary does not fit, nothing changes.
   * With `strict: false` entries may be missing or unknown; the result lists them.
   * @throws UsageError that names every missing or unknown entry and every entry with another shape or dtype.
   */
  loadStateDict(stateDict: StateDict, options: LoadOptions = {}): LoadReport {
    return assignStateDict(this.constructor.name, this.namedVariables(), stateDict, options);
  }

  /** The module as PyTorch prints it: its sizes, the options that were given, and the modules in it. Node's `console.log` prints the same. */
  toString(): string {
    if (printing.has(this) || printing.size === 200) return `${this.constructor.name}(…)`;
    printing.add(this);
    try {
      const children = [...onceByName(this.#held(), (found) => found instanceof Module)].map(([name, child]) => `(${name}): ${child}`);
      const own = this.#describe();
      if (children.length === 0) return `${this.constructor.name}(${own})`;
      return `${this.constructor.name}(${["", ...(own === "" ? [] : [own]), ...children].join("\n").replaceAll("\n", "\n  ")}\n)`;
    } finally {
      printing.delete(this);
    }
  }

  /** What Node's `console.log` prints. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  /**
   * Refuses `JSON.stringify`, since JSON cannot hold the elements of tensors. Test tools call it without a key and get the contents of the module.
   * @throws UsageError for `JSON.stringify`.
   */
  toJSON(key?: string): unknown {
    if (key === undefined) return { ...this };
    throw new UsageError(`${this.constructor.name}: a module cannot be written as JSON; save its stateDict(), for example with writeSafetensors of @nn/io`);
  }

  /** The fields that are searched for modules and variables, by their names in the state dictionary. */
  protected fields(): Iterable<readonly [name: string, value: unknown]> {
    return fieldsOf(this).map(([field, value]) => [toSnakeCase(field), value] as const);
  }

  #describe(): string {
    return describeFields(fieldsOf(this), this);
  }

  /** Modules and variables in the fields of this module, but not those inside its child modules. */
  *#held(): Generator<Named<Module | Variable>> {
    for (const [name, value] of this.fields()) yield* search(this, name, value, isModuleOrVariable);
  }

  /** This module and all modules in it; a shared module appears once for each path to it. */
  *#walk(prefix = "", depth = 0): Generator<Named<Module | Variable>> {
    requireDepth(this, prefix, depth);
    watchOwnForward(this);
    yield [prefix, this];
    for (const [name, found] of this.#held()) {
      const full = prefix === "" ? name : `${prefix}.${name}`;
      if (found instanceof Variable) yield [full, found];
      else yield* found.#walk(full, depth + 1);
    }
  }

  #find<T extends Module | Variable>(wanted: (found: Module | Variable) => found is T): Map<string, T> {
    return onceByName(this.#walk(), wanted);
  }
}

/** A module that maps one tensor to one tensor. */
export interface TensorModule extends Module {
  forward(x: Tensor): Tensor;
}

/** The property through which tools see the contents of a module. */
const contents = "@nn/layers";
const noClone = Symbol("a Module cannot be cloned or posted; send its stateDict()");

/** The modules that are being printed. A module that contains itself is detected here. */
const printing = new Set<Module>();

/** The classes whose `forward` is wrapped. */
const watched = new WeakSet<object>();

/** The wrapped `forward` functions. */
const wrappers = new WeakSet<object>();

/** Wraps the `forward` of a class and of its base classes, so that {@link runForward} runs it. */
function watchForward(prototype: Module): void {
  for (let at: object | null = prototype; at !== null && at !== Module.prototype && !watched.has(at); at = Object.getPrototypeOf(at) as object | null) {
    watched.add(at);
    watchOwnForward(at);
  }
}

/** Wraps the `forward` that a class or a module itself has, once. A module has one if its class declares `forward` as a field. */
export function watchOwnForward(at: object): void {
  const own = Object.getOwnPropertyDescriptor(at, "forward");
  const forward: unknown = own?.value;
  if (typeof forward !== "function" || wrappers.has(forward) || own?.configurable !== true) return;
  const value = function (this: Module, ...inputs: unknown[]): unknown {
    return runForward(this, inputs, () => everythingIn([this, inputs]), () => Reflect.apply(forward, this, inputs) as unknown);
  };
  wrappers.add(value);
  Object.defineProperty(at, "forward", { ...own, value });
}

/** The modules and variables that are reachable from a value, and everything in them. */
function* everythingIn(value: unknown): Generator<Module | Variable> {
  for (const found of reachable(value, isModuleOrVariable)) {
    yield found;
    if (found instanceof Module) yield* [...found.modules(), ...found.parameters(), ...found.buffers()];
  }
}

function isModuleOrVariable(value: unknown): value is Module | Variable {
  return value instanceof Module || value instanceof Variable;
}

/** The enumerable fields, except the one for tools. */
function fieldsOf(module: Module): [name: string, value: unknown][] {
  return Object.keys(module).filter((name) => name !== contents).map((name) => [name, Reflect.get(module, name)]);
}

/** `runningMean` → `running_mean`: the only rule that turns field names into PyTorch's. */
export function toSnakeCase(field: string): string {
  return field.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
}
