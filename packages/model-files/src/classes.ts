import { layerClasses, type ModuleClasses } from "@nn/layers";
import { ArgumentError } from "@nn/tensor";
import { describeValue, quote } from "@nn/tensor/extend";

/** The layers of `@nn/layers` and the classes of a program. @throws ArgumentError if two have one name. */
export function allClasses(operation: string, own: ModuleClasses): ModuleClasses {
  if (typeof own !== "object" || own === null || Array.isArray(own)) throw new ArgumentError(`${operation}: classes is ${describeValue(own)}, expected an object such as { Block: moduleClass(Block, (block) => [block.features]) }`);
  const taken = Object.entries(own).find(([name, entry]) => Object.hasOwn(layerClasses, name) && layerClasses[name] !== entry);
  if (taken !== undefined) throw new ArgumentError(`${operation}: classes has ${quote(taken[0])}, which is the name of a layer of @nn/layers; give the class another name`);
  return { ...layerClasses, ...own };
}
