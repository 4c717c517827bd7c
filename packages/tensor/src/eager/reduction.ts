import type { reductions } from "../primitives/reduction.js";
import type { Kernels } from "./kernel.js";

export declare const reductionKernels: Kernels<keyof typeof reductions>;
