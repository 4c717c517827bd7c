import { Variable } from "@nn/tensor";
import { isPlainObject } from "@nn/tensor/extend";
import { Module, toSnakeCase } from "../module.js";

/** Puts a variable in the public field that has a name, so that modules share it. Returns whether there is such a field. */
export function replaceVariable(owner: Module, name: string, variable: Variable): boolean {
  if (replaceIn(owner, Object.keys(owner), toSnakeCase, name, variable)) return true;
  return [...owner.namedChildren()].some(([child, module]) => name.startsWith(`${child}.`) && replaceVariable(module, name.slice(child.length + 1), variable));
}

function replaceIn(holder: object, keys: readonly string[], nameOf: (key: string) => string, name: string, variable: Variable): boolean {
  return keys.some((key) => {
    const own = nameOf(key);
    if (name !== own && !name.startsWith(`${own}.`)) return false;
    const held: unknown = Reflect.get(holder, key);
    if (name === own) return held instanceof Variable && Reflect.set(holder, key, variable);
    const rest = name.slice(own.length + 1);
    if (held instanceof Module) return replaceVariable(held, rest, variable);
    return (Array.isArray(held) || isPlainObject(held)) && replaceIn(held, Object.keys(held), (each) => each, rest, variable);
  });
}
