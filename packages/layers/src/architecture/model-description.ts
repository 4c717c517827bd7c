import type { DescribedValue } from "./values.js";

/** A module by the name of its class and the arguments of its constructor. */
export interface ModuleDescription {
  readonly class: string;
  readonly arguments: readonly DescribedValue[];
}

/** The architecture of a model as plain data, which JSON holds. The values of parameters and buffers are not part of it: they are the state dictionary. */
export interface ModelDescription {
  /** The modules, each after those that are arguments of its constructor; the last one is the model. A module that occurs in several places is listed once. */
  readonly modules: readonly ModuleDescription[];
  /** The names of variables that are one, such as tied weights. */
  readonly shared: readonly (readonly string[])[];
  /** The names of parameters that are frozen. */
  readonly frozen: readonly string[];
  /** The names of modules in evaluation mode; `""` is the model. */
  readonly evaluating: readonly string[];
}
