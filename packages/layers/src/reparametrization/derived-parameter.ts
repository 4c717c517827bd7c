import { ArgumentError, Tensor, UsageError, type DeferredStorage } from "@nn/tensor";
import { describeValue, requireKind } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";

const noElements: DeferredStorage = {
  read: (operation) => { throw new UsageError(`${operation}: a derived parameter has no elements of its own; read its value`); },
  readAsync: (operation) => Promise.reject(new UsageError(`${operation}: a derived parameter has no elements of its own; read its value`)),
};

/** How a parameter is computed from others. */
export interface Derivation {
  /** The value. */
  readonly compute: () => Tensor;
  /** Changes the fields that the value is computed from, so that the value becomes `next`. */
  readonly assign: (next: Tensor) => void;
  /** The fields of the module that the value is computed from. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Replaces the parameter in a field and computes its value on every read. Modules do not list it; they list the parameters that it is computed from. */
export class DerivedParameter extends Parameter {
  readonly derivation: Derivation;

  constructor(original: Parameter, derivation: Derivation) {
    super(new Tensor(original.shape, original.dtype, noElements), original.name === undefined ? {} : { name: original.name });
    this.derivation = derivation;
  }

  override get value(): Tensor {
    return this.derivation.compute();
  }

  override set value(next: Tensor) {
    this.derivation.assign(next);
  }
}

/** Checks that a value is a module. */
function requireModule(operation: string, module: unknown): asserts module is Module {
  if (!(module instanceof Module)) throw new UsageError(`${operation}: got ${describeValue(module)}, expected a module`);
}

/** The parameter in a field, which must not be derived already. */
export function parameterIn(operation: string, module: Module, field: string): Parameter {
  requireModule(operation, module);
  requireKind(operation, "field", field, "string");
  const found: unknown = Reflect.get(module, field);
  if (!(found instanceof Parameter)) throw new ArgumentError(`${operation}: ${module.constructor.name} has no parameter in the field "${field}"`);
  if (found instanceof DerivedParameter) {
    throw new UsageError(`${operation}: "${field}" of ${module.constructor.name} is computed from others already; call removeReparametrization first`);
  }
  return found;
}

/** Replaces the parameter in a field by a derived parameter. */
export function derive(module: Module, field: string, original: Parameter, derivation: Derivation): void {
  const derived = new DerivedParameter(original, derivation);
  // Not enumerable: modules list and save the fields that it is computed from instead.
  Object.defineProperty(module, field, { value: derived, enumerable: false, configurable: true, writable: true });
  for (const [name, value] of Object.entries(derivation.fields)) Object.defineProperty(module, name, { value, enumerable: true, configurable: true, writable: true });
}

/**
 * Undoes `weightNorm` or `spectralNorm`: the field holds an ordinary parameter again, with its current value. Returns
 * the module. Create optimizers after this call.
 * @throws ArgumentError if the field holds no derived parameter.
 */
export function removeReparametrization<M extends Module>(module: M, field = "weight"): M {
  requireModule("removeReparametrization", module);
  requireKind("removeReparametrization", "field", field, "string");
  const found: unknown = Reflect.get(module, field);
  if (!(found instanceof DerivedParameter)) {
    throw new ArgumentError(`removeReparametrization: "${field}" of ${module.constructor.name} is not computed from other parameters`);
  }
  for (const name of Object.keys(found.derivation.fields)) Reflect.deleteProperty(module, name);
  const value = new Parameter(found.value, found.name === undefined ? {} : { name: found.name });
  Object.defineProperty(module, field, { value, enumerable: true, configurable: true, writable: true });
  return module;
}
