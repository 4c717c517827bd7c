import type { indexing } from "../primitives/indexing.js";
import type { Kernels } from "./kernel.js";

export declare const indexingKernels: Kernels<keyof typeof indexing>;
