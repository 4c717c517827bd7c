import type { contractions } from "../primitives/contraction.js";
import { convolution } from "./contraction/convolution.js";
import { matmul } from "./contraction/matmul.js";
import { windowArgMax, windowSum } from "./contraction/window.js";
import type { Kernels } from "./kernel.js";

export const contractionKernels: Kernels<keyof typeof contractions> = { matmul, convolution, windowSum, windowArgMax };
