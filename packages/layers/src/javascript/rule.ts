import type { Tensor } from "@nn/tensor";
import type { Module } from "../module.js";
import type { moduleFunctions } from "./module-functions.js";

/** A function that several layers need. */
export type FunctionName = keyof typeof moduleFunctions;

/** A layer in JavaScript, for one row of numbers. */
export interface LayerCode {
  /** An expression of `x`, an array of numbers, and of the constants by their names, with `$` before them. `x` itself changes nothing. */
  readonly result: string;
  /** Their values in JavaScript, or matrices, for which the module has a form. */
  readonly constants?: Readonly<Record<string, string | Tensor>>;
  readonly functions?: readonly FunctionName[];
  /** How many numbers the layer takes; any number if it is left out. */
  readonly inputs?: number;
  /** How many numbers it gives; as many as it takes if it is left out. */
  readonly outputs?: number;
}

/** How layers of one class are written: nothing for another class, and for a layer with settings that have no form here. `width` is how many numbers come. */
export type LayerRule = (layer: Module, width: number) => LayerCode | undefined;

/** The rule of a class. A class derived from it may compute something else, and has none. */
export function rule<Layer extends Module>(type: new (...args: never[]) => Layer, write: (layer: Layer, width: number) => LayerCode | undefined): LayerRule {
  return (layer, width) => (layer.constructor === type && layer instanceof type ? write(layer, width) : undefined);
}

/** Applies an expression of `v` to each number. */
export const elementwise = (expression: string, functions: readonly FunctionName[] = []): LayerCode => ({ result: `x.map((v) => ${expression})`, functions });

/** A layer that changes nothing in evaluation mode. */
export const unchanged: LayerCode = { result: "x" };
