import type { DefinitionOf, Primitive } from "@nn/tensor/interpreter";
import * as primitives from "@nn/tensor/primitives";

const definitions: { readonly [P in Primitive]: DefinitionOf<P> } = primitives;

/** The definition of the primitive of that name. */
export function definitionOf<P extends Primitive>(primitive: P): DefinitionOf<P> {
  return definitions[primitive];
}
