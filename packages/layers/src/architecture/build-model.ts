import { UsageError } from "@nn/tensor";
import { describeValue, didYouMean, isPlainObject, messageOf, quote } from "@nn/tensor/extend";
import type { Module } from "../module.js";
import type { ModelDescription } from "./model-description.js";
import type { ModuleClasses } from "./module-class.js";
import { replaceVariable } from "./replace-variable.js";
import { decodeValue } from "./values.js";

/**
 * Makes the model that a description describes, with new initial values. Only constructors in `classes` are called, and they check their arguments; a description from a file may therefore be anything.
 * It can ask for modules as large as memory, as a constructor can.
 * @throws UsageError that names every class that is not in `classes`, or says what describes no model.
 */
export function buildModel(description: ModelDescription, classes: ModuleClasses): Module {
  requireClasses("buildModel", classes);
  const { modules, shared, frozen, evaluating } = checked(description);
  requireKnown(modules.map((each) => each.class), classes);
  const made: Module[] = [];
  for (const { class: name, arguments: given } of modules) {
    const values = given.map((value, at) => decodeValue(value, `argument ${at} of ${name}`, (index) => (typeof index === "number" ? made[index] : undefined)));
    try {
      const module = classes[name]?.create(values);
      if (module !== undefined) made.push(module);
    } catch (cause) {
      throw new UsageError(`buildModel: module ${made.length}, ${name}, cannot be made: ${messageOf(cause)}`, { cause });
    }
  }
  const model = made.at(-1);
  if (model === undefined) throw new UsageError("buildModel: the description has no modules, expected at least one");
  for (const names of shared) share(model, names);
  freeze(model, frozen);
  setModes(model, evaluating);
  return model;
}

/** @throws UsageError unless the value is a table of classes. */
export function requireClasses(operation: string, classes: unknown): asserts classes is ModuleClasses {
  if (!isPlainObject(classes)) throw new UsageError(`${operation}: classes is ${describeValue(classes)}, expected an object such as layerClasses`);
  for (const [name, entry] of Object.entries(classes)) {
    if (isPlainObject(entry) && typeof entry["type"] === "function" && typeof entry["argumentsOf"] === "function" && typeof entry["create"] === "function") continue;
    throw new UsageError(`${operation}: classes.${name} is ${describeValue(entry)}, expected moduleClass(${name}, (module) => [...])`);
  }
}

function requireKnown(names: readonly string[], classes: ModuleClasses): void {
  const unknown = [...new Set(names)].filter((name) => !Object.hasOwn(classes, name)).toSorted();
  if (unknown.length === 0) return;
  const [first = ""] = unknown;
  throw new UsageError(`buildModel: no entry for ${unknown.map((name) => quote(name)).join(", ")} among the classes${unknown.length === 1 ? didYouMean(first, Object.keys(classes)) : ""}`);
}

/** A description from a file, as far as its form goes. */
function checked(description: unknown): ModelDescription {
  const wrong = (what: string): never => { throw new UsageError(`buildModel: ${what}`); };
  if (!isPlainObject(description)) return wrong(`got ${describeValue(description)}, expected a description of a model`);
  const strings = (of: unknown, what: string): readonly string[] => (Array.isArray(of) && of.every((each) => typeof each === "string") ? of : wrong(`${what} is ${describeValue(of)}, expected a list of names`));
  const { modules, shared, frozen, evaluating, ...others } = description;
  const [other] = Object.keys(others);
  if (other !== undefined) return wrong(`the description has ${quote(other)}, expected modules, shared, frozen and evaluating`);
  if (!Array.isArray(modules)) return wrong(`modules is ${describeValue(modules)}, expected a list`);
  if (!Array.isArray(shared)) return wrong(`shared is ${describeValue(shared)}, expected a list`);
  return {
    modules: modules.map((module: unknown, at) => {
      if (isPlainObject(module) && typeof module["class"] === "string" && Array.isArray(module["arguments"])) return { class: module["class"], arguments: module["arguments"] };
      return wrong(`module ${at} is ${describeValue(module)}, expected { class, arguments }`);
    }),
    shared: shared.map((names: unknown, at) => strings(names, `shared[${at}]`)),
    frozen: strings(frozen, "frozen"),
    evaluating: strings(evaluating, "evaluating"),
  };
}

/** Makes the variables of several names one: the first. */
function share(model: Module, [first = "", ...others]: readonly string[]): void {
  const variable = model.namedVariables().get(first);
  if (variable === undefined) throw new UsageError(`buildModel: ${quote(first)} is to be shared, but the model has no such parameter or buffer`);
  for (const name of others) {
    if (model.namedVariables().get(name) === variable) continue;
    const replaced = replaceVariable(model, name, variable);
    if (replaced && model.namedVariables().get(name) === variable) continue;
    throw new UsageError(`buildModel: ${quote(name)} is to be the same as ${quote(first)}, but the model keeps it where it cannot be replaced; share it in the constructor`);
  }
}

function freeze(model: Module, names: readonly string[]): void {
  const parameters = model.namedParameters();
  for (const name of names) {
    const parameter = parameters.get(name);
    if (parameter === undefined) throw new UsageError(`buildModel: ${quote(name)} is to be frozen, but the model has no such parameter`);
    parameter.trainable = false;
  }
}

/** Every module gets its own mode. Setting one sets those in it too, so modules that contain more come first. */
function setModes(model: Module, evaluating: readonly string[]): void {
  const modules = model.namedModules();
  const missing = evaluating.find((name) => !modules.has(name));
  if (missing !== undefined) throw new UsageError(`buildModel: ${quote(missing)} is to be in evaluation mode, but the model has no such module`);
  const named = new Set(evaluating);
  const byContent = [...modules].map(([name, module]) => ({ name, module, content: module.modules().length })).toSorted((one, other) => other.content - one.content);
  for (const { name, module } of byContent) module.train(!named.has(name));
}
