import { ArgumentError } from "@nn/tensor";
import { requireParameters, type Branches, type ChoiceParameter, type ConditionalParameter, type FloatParameter, type IntParameter, type Parameter, type Space } from "./parameters.js";

/** The value of a parameter in a trial. */
export type ValueOf<P extends Parameter> =
  P extends FloatParameter | IntParameter ? number
  : P extends ChoiceParameter<infer Value> ? Value
  : P extends ConditionalParameter<infer B> ? BranchOf<B>
  : never;

/** The chosen branch of a conditional parameter: its name as `kind`, and its parameters. */
export type BranchOf<B extends Branches> = { readonly [Kind in keyof B]: { readonly kind: Kind } & ParametersOf<B[Kind]> }[keyof B];

/** The parameters of a trial in a space. */
export type ParametersOf<S extends Space> = { readonly [Name in keyof S]: ValueOf<S[Name]> };

/** Refuses values that are not spaces, and spaces without parameters. */
export function requireSpace(operation: string, space: unknown): asserts space is Space {
  requireParameters(operation, "space", space);
  if (Object.keys(space).length === 0) throw new ArgumentError(`${operation}: the space has no parameters, expected at least one`);
}
