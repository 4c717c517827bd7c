import { UsageError } from "@nn/tensor";
import { describeValue, isPlainObject, requireKind } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { givenOptions } from "../options.js";

/** A class of modules, and how the arguments of its constructor follow from a module; made by `moduleClass`. */
export interface ModuleClass {
  /** The class. */
  readonly type: abstract new (...given: never[]) => Module;
  /** The arguments with which the constructor makes a module like the given one. */
  readonly argumentsOf: (module: Module) => readonly unknown[];
  /** A new module of the class. */
  readonly create: (given: readonly unknown[]) => Module;
}

/** Classes of modules, by the names under which files refer to them. */
export type ModuleClasses = Readonly<Record<string, ModuleClass>>;

/**
 * A class of modules that {@link describeModel} writes down and {@link buildModel} makes again. `argumentsOf` returns the arguments of the constructor: numbers, strings, booleans, null,
 * modules, and lists and plain objects of these. What only sets initial values, such as an initializer or a generator, is left out. Without `argumentsOf`, the only argument is the object of options
 * with which the constructor called {@link takeOptions}.
 *
 * @example
 * ```ts
 * import { buildModel, describeModel, layerClasses, Linear, Module, moduleClass } from "@nn/layers";
 * import type { Tensor } from "@nn/tensor";
 *
 * class Scaled extends Module {
 *   readonly linear: Linear;
 *   constructor(readonly features: number, readonly factor = 2) {
 *     super();
 *     this.linear = new Linear(features, features);
 *   }
 *   forward(x: Tensor): Tensor {
 *     return this.linear.forward(x).mul(this.factor);
 *   }
 * }
 *
 * const classes = { ...layerClasses, Scaled: moduleClass(Scaled, (module) => [module.features, module.factor]) };
 * const description = describeModel(new Scaled(3, 5), classes);
 * description.modules; // => [{ class: "Scaled", arguments: [3, 5] }]
 * buildModel(description, classes).toString(); // => "Scaled(\n  features: 3, factor: 5\n  (linear): Linear(inFeatures: 3, outFeatures: 3)\n)"
 * ```
 */
export function moduleClass<Type extends new (...given: never[]) => Module>(type: Type, argumentsOf: (module: InstanceType<Type>) => Readonly<ConstructorParameters<Type>>): ModuleClass;
/** The entry of a class whose constructor takes one object of options and keeps it with {@link takeOptions}. */
export function moduleClass(type: new (options: never) => Module): ModuleClass;
export function moduleClass(type: new (...given: never[]) => Module, argumentsOf: (module: Module) => readonly unknown[] = (module) => [lastingOptions(module)]): ModuleClass {
  requireKind("moduleClass", "argumentsOf", argumentsOf, "function");
  const prototype: unknown = typeof type === "function" ? type.prototype : undefined;
  if (!(prototype instanceof Module)) throw new UsageError(`moduleClass: got ${describeValue(type)}, expected a class that extends Module`);
  return layerFrom(type, argumentsOf);
}

/** A layer whose arguments are public fields, followed by the options that it was given. */
export function layerClass<Made extends Module>(type: new (...given: never[]) => Made, ...fields: readonly (keyof Made)[]): ModuleClass {
  return layerFrom(type, (module) => [...fields.map((field) => module[field]), lastingOptions(module)]);
}

/** A layer whose arguments are computed from it. Empty options at the end are left out. */
export function layerFrom<Made extends Module>(type: new (...given: never[]) => Made, argumentsOf: (module: Made) => readonly unknown[]): ModuleClass {
  return {
    type,
    argumentsOf: (module) => {
      if (!(module instanceof type)) throw new UsageError(`${type.name}: got ${describeValue(module)}, expected a ${type.name}`);
      const given = argumentsOf(module);
      const last = given.at(-1);
      return isPlainObject(last) && Object.keys(last).length === 0 ? given.slice(0, -1) : given;
    },
    create: (given) => Reflect.construct(type, given) as Made,
  };
}

/** Options that only set initial values, or say from where random numbers come. */
const passing: ReadonlySet<string> = new Set(["generator", "initializeWeight", "initializeBias"]);

/** The options that a module was given and that make it what it is, without those that are `omitted`. */
export function lastingOptions(module: Module, ...omitted: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(givenOptions(module)).filter(([name, value]) => value !== undefined && !passing.has(name) && !omitted.includes(name)));
}
