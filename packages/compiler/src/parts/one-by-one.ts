import { importedFunctions, type ImportedFunctions } from "../emit/imported.js";
import type { Lanes } from "../emit/lanes.js";
import { scalarLanes } from "../emit/scalar.js";
import type { Kernel } from "../program.js";

/** How a compiler computes one element at a time what has no vector form. */
export interface OneByOne {
  readonly lanes: Lanes;
  importedFunctions(kernels: readonly Kernel[]): ImportedFunctions | undefined;
}

export const oneByOne: OneByOne = { lanes: scalarLanes, importedFunctions };
