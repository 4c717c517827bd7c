import type { elementwise } from "../primitives/elementwise.js";
import type { Kernels } from "./kernel.js";

export declare const elementwiseKernels: Kernels<keyof typeof elementwise>;
