import { isTensor, Tensor, UsageError, type DeferredStorage, type Shape, type Variable } from "@nn/tensor";
import { bytesPerElement, describeValue, formatShape, messageOf, requireShape, sizeOf, type GuardedValue } from "@nn/tensor/extend";
import { withInterpreter, type Application, type Interpreter, type Primitive, type TensorType } from "@nn/tensor/interpreter";
import { Module } from "./module.js";
import type { Parameter } from "./parameter.js";

const noValues: DeferredStorage = {
  read: (operation) => { throw new UsageError(`${operation}: a summary follows shapes only, there are no values to read`); },
  readAsync: (operation) => Promise.reject(new UsageError(`${operation}: a summary follows shapes only, there are no values to read`)),
};

function withoutValues({ shape, dtype }: TensorType): Tensor {
  return new Tensor(shape, dtype, noValues);
}

/** Propagates shapes and dtypes through a program. It computes nothing, draws no random numbers and changes no variable. */
class ShapeInterpreter implements Interpreter {
  readonly below = undefined;

  bind<P extends Primitive>({ type }: Application<P>): Tensor {
    return withoutValues(type);
  }

  read(variable: Variable): Tensor {
    return withoutValues(variable);
  }

  write(): void {}

  guard<T extends GuardedValue>(read: () => T): T {
    return read();
  }
}

/**
 * A table of the modules in `root` with their output shapes and parameter counts. Inputs are tensors; float32 inputs may be given
 * as shapes. Nothing is computed, and no state changes.
 */
export function summary(root: Module, ...inputs: readonly (Tensor | Shape)[]): string {
  if (!(root instanceof Module)) throw new UsageError(`summary: got ${describeValue(root)}, expected a module`);
  const modules = root.namedModules();
  const outputs = recordOutputs([...modules.values()], () => {
    const tensors = inputs.map(toTensor) as readonly Tensor[] as never[];
    try {
      inEvaluationMode(root, () => withInterpreter(new ShapeInterpreter(), () => root.forward(...tensors)));
    } catch (cause) {
      throw new UsageError(`summary: ${messageOf(cause)}`, { cause });
    }
  });
  const counted = new Set<Parameter>();
  const rows = [...modules].map(([name, module]) => {
    const inChildren = new Set(module.children().flatMap((child) => child.parameters()));
    const own = module.parameters().filter((parameter) => !inChildren.has(parameter) && !counted.has(parameter));
    own.forEach((parameter) => counted.add(parameter));
    return [titleOf(name, module), describeOutput(outputs.get(module)), own.length === 0 ? "-" : format(elements(own))];
  });
  return [...table(["Module", "Output", "Parameters"], rows), totals(root)].join("\n");
}

function toTensor(input: Tensor | Shape): Tensor {
  if (isTensor(input)) return input;
  requireShape("summary", input);
  return withoutValues({ shape: input, dtype: "float32" });
}

function titleOf(name: string, module: Module): string {
  const depth = name === "" ? 0 : name.split(".").length;
  const title = name === "" ? module.constructor.name : `${name}: ${module.constructor.name}`;
  return "  ".repeat(depth) + title;
}

/** Runs `body` and records the last result of each module's `forward`. */
function recordOutputs(modules: readonly Module[], body: () => void): Map<Module, unknown> {
  const outputs = new Map<Module, unknown>();
  const restore = modules.map((module) => {
    const own = Object.getOwnPropertyDescriptor(module, "forward");
    const forward = module.forward.bind(module);
    const value = (...inputs: never[]): unknown => {
      const output = forward(...inputs);
      outputs.set(module, output);
      return output;
    };
    Object.defineProperty(module, "forward", { value, configurable: true, enumerable: false });
    return () => (own === undefined ? Reflect.deleteProperty(module, "forward") : Object.defineProperty(module, "forward", own));
  });
  try {
    body();
  } finally {
    restore.forEach((undo) => undo());
  }
  return outputs;
}

/** Uses evaluation mode: shapes are the same in both modes, but training mode may refuse a batch of one. */
function inEvaluationMode(root: Module, body: () => void): void {
  const before = root.modules().map((module) => [module, module.training] as const);
  root.eval();
  try {
    body();
  } finally {
    before.forEach(([module, training]) => module.train(training));
  }
}

function describeOutput(output: unknown): string {
  if (isTensor(output)) return formatShape(output.shape);
  if (Array.isArray(output)) return output.map(describeOutput).join(", ");
  if (typeof output === "object" && output !== null) return Object.values(output).map(describeOutput).join(", ");
  return "-";
}

function elements(parameters: readonly Parameter[]): number {
  return parameters.reduce((total, { shape }) => total + sizeOf(shape), 0);
}

function format(count: number): string {
  return count.toLocaleString("en-US");
}

function totals(root: Module): string {
  const all = root.parameters();
  const bytes = all.reduce((total, { shape, dtype }) => total + sizeOf(shape) * bytesPerElement[dtype], 0);
  return `Parameters: ${format(elements(all))} (${format(elements(root.trainableParameters()))} trainable), ${format(bytes)} bytes`;
}

/** Makes each column as wide as its widest cell and aligns the last column to the right. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = header.map((title, column) => Math.max(...[header, ...rows].map((row) => (row[column] ?? title).length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (column === header.length - 1 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join("  ");
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [line(header), rule, ...rows.map(line), rule];
}
