import { Module } from "@nn/layers";
import { UsageError } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";

/** A module that maps an input to an output. */
export type Model<Input, Output> = Module & {
  /** Applies the model. */
  forward(input: Input): Output;
};

/** @throws UsageError unless the value is a module. */
export function requireModel(operation: string, model: unknown): asserts model is Module {
  if (!(model instanceof Module)) throw new UsageError(`${operation}: the model is ${describeValue(model)}, expected a Module of @nn/layers`);
}

/** Records the mode of every module in a model. The returned function restores the modes. */
export function keepModes(model: Module): () => void {
  // Outer modules come first, and set the mode of those in them.
  const modes = model.modules().map((module) => [module, module.training] as const);
  return () => {
    for (const [module, training] of modes) module.train(training);
  };
}
