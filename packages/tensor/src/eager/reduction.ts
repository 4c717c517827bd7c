import type { reductions } from "../primitives/reduction.js";
import type { Kernels } from "./kernel.js";
import { argKernel, firstLargest, firstSmallest } from "./reduction/arg.js";
import { foldKernel, max, min, prodFloat, prodInt32, sumFloat, sumInt32 } from "./reduction/fold.js";
import { cumprodFloat, cumprodInt32, cumsumFloat, cumsumInt32, scanKernel } from "./reduction/scan.js";
import { argSort } from "./reduction/sort.js";

export const reductionKernels: Kernels<keyof typeof reductions> = {
  sum: foldKernel((dtype) => (dtype === "int32" ? sumInt32 : sumFloat), true),
  prod: foldKernel((dtype) => (dtype === "int32" ? prodInt32 : prodFloat), true),
  max: foldKernel((dtype) => max[dtype], false),
  min: foldKernel((dtype) => min[dtype], false),
  argMax: argKernel(firstLargest),
  argMin: argKernel(firstSmallest),
  cumsum: scanKernel(cumsumFloat, cumsumInt32),
  cumprod: scanKernel(cumprodFloat, cumprodInt32),
  argSort,
};
