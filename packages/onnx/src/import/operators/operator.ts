import type { Tensor } from "@nn/tensor";
import type { Call } from "../call.js";

/** What is known about an operator of ONNX, and how it runs. */
export interface Operator {
  /** The least and the largest number of inputs. */
  readonly inputs: readonly [least: number, most: number];
  /** The largest number of outputs. */
  readonly outputs: number;
  /** The attributes that it may have; others are refused. */
  readonly attributes: readonly string[];
  /** The inputs that decide about shapes: they must be known while the graph runs, so they are no weights. */
  readonly shapes: readonly number[];
  /** The inputs that are statistics: part of the state, but not learned. */
  readonly statistics: readonly number[];
  /** Whether the result depends on nothing but the shapes of the inputs. */
  readonly isOfShapes: boolean;
  readonly run: (call: Call) => Tensor | readonly Tensor[];
}

/** An operator. By default it has one output, no inputs that decide about shapes and no statistics. */
export function operator(inputs: number | readonly [number, number], attributes: string, run: Operator["run"], more: Partial<Operator> = {}): Operator {
  return {
    inputs: typeof inputs === "number" ? [inputs, inputs] : inputs, attributes: attributes === "" ? [] : attributes.split(" "), run, outputs: 1, shapes: [], statistics: [], isOfShapes: false, ...more,
  };
}

/** Operators by name. */
export type Operators = Readonly<Record<string, Operator>>;
