import type { movement } from "../primitives/movement.js";
import type { Kernels } from "./kernel.js";

export declare const movementKernels: Kernels<keyof typeof movement>;
