import { UsageError, Variable, type Tensor } from "@nn/tensor";
import { guard, requireKind } from "@nn/tensor/extend";
import { onceByName, reachable, requireDepth, search, type Named } from "./collections.js";
import { describeFields } from "./options.js";
import { Parameter } from "./parameter.js";
import { requireHeld, runForward } from "./run-forward.js";
import { assignStateDict, type LoadOptions, type LoadReport, type StateDict } from "./state-dict.js";

/**
 * A layer, a block of layers, or a whole model: an object that holds parameters and has a `forward`.
 *
 * A module finds modules, {@link Parameter}s and buffers (plain `Variable`s) in its public fields, and in arrays, plain records, `Map`s
 * and `Set`s there. It looks when it is asked, in the order in which the fields were declared.
 *
 * It cannot look into `#private` fields, local variables and objects of other classes. What is kept there is not trained, saved or
 * switched, so `forward` must not use it: a `forward` that reads or assigns such a parameter or buffer, or uses such a module in training
 * mode, throws a UsageError. Three things may be kept there: frozen parameters, a module in evaluation mode (a teacher, for example),
 * and what `forward` was given as an input. The guard watches `forward`, not other methods, and not what follows an `await` in it. A compiled
 * function that `forward` calls is watched while it is traced.
 *
 * A module must not contain itself, and modules and collections may be nested up to 200 deep.
 *
 * Names are those of PyTorch: the path of fields, places and keys with dots between. Field names change from camelCase to snake_case
 * (`blocks.0.selfAttention.weight` is `"blocks.0.self_attention.weight"`). What is held at two places is listed once, under the first
 * name; only the state dictionary has it under both.
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
    // Tools that compare objects read this property and see the contents of the module. Tools that clone objects fail at the symbol, with its text.
    Object.defineProperty(this, contents, { enumerable: true, get: () => [noClone, this.#describe(), this.#training, ...this.#held()] });
  }

  /** Applies the module. Subclasses give it the inputs and the output that they need. */
  abstract forward(...inputs: never[]): unknown;

  /**
   * Whether the module is in training mode, which decides what dropout and batch normalisation do. A compiled function that
   * depends on it is compiled once for each mode.
   */
  get training(): boolean {
    if (this.#training) requireHeld(this);
    return guard(() => this.#training);
  }

  /** Puts the module and all modules in it into training mode (default) or evaluation mode. */
  train(training = true): this {
    requireKind("train", "the mode", training, "boolean");
    for (const module of this.modules()) module.#training = training;
    return this;
  }

  /** Puts the module and all modules in it into evaluation mode. */
  eval(): this {
    return this.train(false);
  }

  /** All parameters, each once. */
  parameters(): Parameter[] {
    return [...this.namedParameters().values()];
  }

  /** The parameters that are not frozen: those to hand to an optimizer. */
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

  /** The module itself and all modules in it, each once, outer ones first. */
  modules(): Module[] {
    return [...this.namedModules().values()];
  }

  /** The module itself, under the name `""`, and all modules in it by name, each once, outer ones first. */
  namedModules(): Map<string, Module> {
    return this.#find((found) => found instanceof Module);
  }

  /** The modules directly in this one. */
  children(): Module[] {
    return [...this.namedChildren().values()];
  }

  /** The modules directly in this one, by name. */
  namedChildren(): Map<string, Module> {
    return onceByName(this.#held(), (found) => found instanceof Module);
  }

  /** Calls `visit` for the module and all modules in it, for example to give them other initial values. */
  apply(visit: (module: Module, name: string) => void): this {
    requireKind("apply", "visit", visit, "function");
    for (const [name, module] of this.namedModules()) visit(module, name);
    return this;
  }

  /** The values of all parameters and buffers by name, as PyTorch names them. */
  stateDict(): Record<string, Tensor> {
    return Object.fromEntries([...this.#state()].map(([name, variable]) => [name, variable.value]));
  }

  /**
   * Gives all parameters and buffers the values of a state dictionary, or none of them if it does not fit.
   * @throws UsageError that names every missing entry and every entry that is not known or has another shape or dtype.
   * With `strict: false` entries may be missing or unknown; the result says which.
   */
  loadStateDict(stateDict: StateDict, options: LoadOptions = {}): LoadReport {
    return assignStateDict(this.constructor.name, this.#state(), stateDict, options);
  }

  /** The module as PyTorch prints it: its sizes, the options that were given, and the modules in it. Node's `console.log` shows it too. */
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

  /** What Node's `console.log` shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  /**
   * Refuses to be written as JSON, which has no place for elements; without a key, as test tools call it, what is in the module.
   * @throws UsageError for `JSON.stringify`.
   */
  toJSON(key?: string): unknown {
    if (key === undefined) return { ...this };
    throw new UsageError(`${this.constructor.name}: a module cannot be written as JSON; save its stateDict(), for example with writeSafetensors of @nn/io`);
  }

  /** The fields in which modules and variables are looked for, by the names that they have in the state dictionary. */
  protected fields(): Iterable<readonly [name: string, value: unknown]> {
    return fieldsOf(this).map(([field, value]) => [toSnakeCase(field), value] as const);
  }

  #describe(): string {
    return describeFields(fieldsOf(this), this);
  }

  /** Modules and variables in the fields of this module, not looking into the modules. */
  *#held(): Generator<Named<Module | Variable>> {
    for (const [name, value] of this.fields()) yield* search(this, name, value, isModuleOrVariable);
  }

  /** This module and all in it, as often as they are held. */
  *#walk(prefix = "", depth = 0): Generator<Named<Module | Variable>> {
    requireDepth(this, prefix, depth);
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

  /** Every variable under each of its names. */
  #state(): Map<string, Variable> {
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
}

/** A module that takes one tensor to one tensor. */
export interface TensorModule extends Module {
  forward(x: Tensor): Tensor;
}

/** The property by which tools see what is in a module. */
const contents = "@nn/layers";
const noClone = Symbol("a Module cannot be cloned or posted; send its stateDict()");

/** The modules that are being printed, so that a circle ends. */
const printing = new Set<Module>();

const watched = new WeakSet<object>();

/** Wraps the `forward` of a class, and of those that it extends, so that the guard knows when it runs. */
function watchForward(prototype: Module): void {
  for (let at: object | null = prototype; at !== null && at !== Module.prototype && !watched.has(at); at = Object.getPrototypeOf(at) as object | null) {
    watched.add(at);
    const own = Object.getOwnPropertyDescriptor(at, "forward");
    const forward: unknown = own?.value;
    if (typeof forward !== "function") continue;
    const value = function (this: Module, ...inputs: unknown[]): unknown {
      return runForward(this, () => everythingIn([this, inputs]), () => Reflect.apply(forward, this, inputs) as unknown);
    };
    Object.defineProperty(at, "forward", { ...own, value });
  }
}

/** The modules and variables that can be reached from a value, and all in them. */
function* everythingIn(value: unknown): Generator<Module | Variable> {
  for (const found of reachable(value, isModuleOrVariable)) {
    yield found;
    if (found instanceof Module) yield* [...found.modules(), ...found.parameters(), ...found.buffers()];
  }
}

function isModuleOrVariable(value: unknown): value is Module | Variable {
  return value instanceof Module || value instanceof Variable;
}

/** The enumerable fields, without the one for tools. */
function fieldsOf(module: Module): [name: string, value: unknown][] {
  return Object.keys(module).filter((name) => name !== contents).map((name) => [name, Reflect.get(module, name)]);
}

/** `runningMean` → `running_mean`: the one rule by which fields get the names of PyTorch. */
function toSnakeCase(field: string): string {
  return field.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
}
