import type { TensorModule } from "@nn/layers";
import type { FloatDType } from "@nn/tensor";
import type { Arguments } from "./arguments.js";

/** Our module for a PyTorch class, given its arguments and the dtype of its parameters. */
export type ModuleFactory = (args: Arguments, dtype: FloatDType) => TensorModule;
