import { ArgumentError } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import type { Module } from "../module.js";
import { Parameter } from "../parameter.js";
import { DerivedParameter, requireModule } from "./derived-parameter.js";

/**
 * Undoes `weightNorm` or `spectralNorm`: the field holds an ordinary parameter again, with the value that it has at present.
 * Optimizers have to be made anew. Gives back the module.
 * @throws ArgumentError if the field holds no such parameter.
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
