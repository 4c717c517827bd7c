import { importedFunctions } from "../emit/imported.js";
import type { ScalarCode } from "../emit/lanes.js";
import type { Feature } from "./feature.js";
import { scalarLanes } from "../emit/scalar.js";

/** Elements one at a time, for float64 and what has no vector form, with the elementary functions of JavaScript. */
export const scalar: ScalarCode & Feature<"scalar"> = { feature: "scalar", lanes: scalarLanes, importedFunctions };
