import { importedFunctions, type ImportedFunctions } from "../emit/imported.js";
import type { Lanes } from "../emit/lanes.js";
import { scalarLanes } from "../emit/scalar.js";
import type { Kernel } from "../ir/program.js";

/** How a compiler computes one element at a time what has no vector form. */
export interface OneByOne {
  readonly lanes: Lanes;
  /** The functions of JavaScript that kernels call, if there are some. */
  importedFunctions(kernels: readonly Kernel[]): ImportedFunctions | undefined;
}

/** Elements one by one, in float64 and whole numbers, with the elementary functions of JavaScript. */
export const oneByOne: OneByOne = { lanes: scalarLanes, importedFunctions };
