import type { sources } from "../primitives/source.js";
import type { Kernels } from "./kernel.js";

export declare const sourceKernels: Kernels<keyof typeof sources>;
