import { defaultGenerator, UsageError, type Variable } from "@nn/tensor";
import { describeValue, formatShape, quote } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";
import { buildModel, requireClasses } from "./build-model.js";
import type { ModelDescription, ModuleDescription } from "./model-description.js";
import type { ModuleClass, ModuleClasses } from "./module-class.js";
import { encodeValue } from "./values.js";

/**
 * Describes the architecture of a model, so that {@link buildModel} makes it again: classes, arguments of constructors, which modules and variables are shared, frozen parameters, and modes.
 * Modules that a constructor makes itself are not described.
 *
 * The description is tried at once: a model is built from it and compared. So what could not be made again is refused here, for example a layer that was exchanged after its owner was made. This takes
 * as much memory again as the model, and draws no random numbers.
 * @throws UsageError that names every class that is not in `classes`, or every difference.
 */
export function describeModel(model: Module, classes: ModuleClasses): ModelDescription {
  if (!(model instanceof Module)) throw new UsageError(`describeModel: got ${describeValue(model)}, expected a module`);
  requireClasses("describeModel", classes);
  const description: ModelDescription = {
    modules: describeModules(model, classes),
    shared: sharedNames(model.namedVariables()),
    frozen: [...model.namedParameters()].flatMap(([name, parameter]) => (parameter.trainable ? [] : [name])),
    evaluating: [...model.namedModules()].flatMap(([name, module]) => (module.training ? [] : [name])),
  };
  requireSame(model, withoutDraws(() => buildModel(description, classes)), classes);
  return description;
}

/** Calls a function and leaves the default generator as it was. */
function withoutDraws<Result>(make: () => Result): Result {
  const generator = defaultGenerator();
  const state = generator.stateDict();
  try {
    return make();
  } finally {
    generator.loadStateDict(state);
  }
}

/** The entry of `classes` for each class. */
function byType(classes: ModuleClasses): ReadonlyMap<unknown, readonly [name: string, entry: ModuleClass]> {
  return new Map(Object.entries(classes).map(([name, entry]) => [entry.type, [name, entry]]));
}

function describeModules(model: Module, classes: ModuleClasses): readonly ModuleDescription[] {
  const known = byType(classes);
  const unknown = new Set<string>();
  const numbers = new Map<Module, number>();
  const open = new Set<Module>();
  const modules: ModuleDescription[] = [];
  const reference = (module: Module, where: string): number => {
    const number = numbers.get(module);
    if (number !== undefined) return number;
    if (open.has(module)) throw new UsageError(`describeModel: ${where} is a module that contains it`);
    const [name, entry] = known.get(module.constructor) ?? [];
    if (name === undefined || entry === undefined) {
      unknown.add(module.constructor.name);
      return -1;
    }
    open.add(module);
    const given = entry.argumentsOf(module).map((value, at) => encodeValue(value, `argument ${at} of ${name}`, reference));
    open.delete(module);
    modules.push({ class: name, arguments: given });
    numbers.set(module, modules.length - 1);
    return modules.length - 1;
  };
  reference(model, "the model");
  if (unknown.size === 0) return modules;
  throw new UsageError(`describeModel: no entry for ${[...unknown].toSorted().map((name) => quote(name)).join(", ")}; add classes that modules are made from, such as { Block: moduleClass(Block, (block) => [block.features]) }`);
}

/** The names that lead to one variable, where there are several. */
function sharedNames(variables: ReadonlyMap<string, Variable>): string[][] {
  const names = new Map<Variable, string[]>();
  for (const [name, variable] of variables) names.set(variable, [...(names.get(variable) ?? []), name]);
  return [...names.values()].filter(({ length }) => length > 1);
}

/** @throws UsageError that lists how a model differs from the one made from its description. */
function requireSame(model: Module, again: Module, classes: ModuleClasses): void {
  const [own, made] = [traits(model, classes), traits(again, classes)];
  const differences = [...new Set([...own.keys(), ...made.keys()])].flatMap((name) => {
    const [here, there] = [own.get(name) ?? "nothing", made.get(name) ?? "nothing"];
    return here === there ? [] : [`${name}: ${here}, but its constructors make ${there}`];
  });
  if (differences.length === 0) return;
  const rest = differences.length > 10 ? [`… ${differences.length} differences in all`] : [];
  throw new UsageError(`describeModel: the arguments of its constructors do not make this ${model.constructor.name} again; was a part exchanged, or reparametrized?\n  ${[...differences.slice(0, 10), ...rest].join("\n  ")}`);
}

/** What must be equal in two models, by name: class and arguments of modules; kind, dtype and shape of variables. */
function traits(model: Module, classes: ModuleClasses): Map<string, string> {
  const known = byType(classes);
  const result = new Map<string, string>();
  for (const [name, module] of model.namedModules()) {
    const [, entry] = known.get(module.constructor) ?? [];
    const given = entry?.argumentsOf(module).map((value, at) => encodeValue(value, `argument ${at} of ${module.constructor.name}`, () => 0));
    result.set(name === "" ? "the model" : name, `${module.constructor.name}${given === undefined ? "" : `(${given.map((each) => JSON.stringify(each)).join(", ")})`}`);
  }
  for (const [name, variable] of model.namedVariables()) {
    result.set(name, `${variable instanceof Parameter ? "parameter" : "buffer"} ${variable.dtype} ${formatShape(variable.shape)}`);
  }
  for (const names of sharedNames(model.namedVariables())) for (const name of names) result.set(`${name} (shared)`, names.join(" = "));
  return result;
}
