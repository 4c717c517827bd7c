import type { contractions } from "../primitives/contraction.js";
import type { Kernels } from "./kernel.js";

export declare const contractionKernels: Kernels<keyof typeof contractions>;
