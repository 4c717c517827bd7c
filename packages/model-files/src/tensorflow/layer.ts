import { Sequential, type Module, type TensorModule } from "@nn/layers";
import type { Tensor } from "@nn/tensor";
import { LayerProblem, type Config, type Json } from "./config.js";

/** What is known of a result: its shape in TensorFlow.js without the batch. Images and volumes, of rank 3 and more, have their channels first here: `[N, C, H, W]`. */
export interface Value {
  readonly shape: readonly (number | null)[];
  /** If the features lie in another order than in TensorFlow.js: for each place here, the place there. */
  readonly order?: readonly number[];
}

/** A layer of TensorFlow.js, ready to be converted. */
export interface SourceLayer {
  readonly config: Config;
  readonly inputs: readonly Value[];
  /** Whether a mask of the steps of its input goes with it. */
  readonly masked: boolean;
  /** Whether layers anywhere in the model mask steps. */
  readonly masksExist: boolean;
  /** One of its weights. @throws LayerProblem if the file does not have it. */
  weight(name: string): Tensor;
  /** Whether everything that follows keeps the order of features, up to layers that can take another one. */
  readonly mayReorder: boolean;
  /** The layer that this one wraps. @throws LayerProblem if there is none. */
  inner(): InnerLayer;
}

/** A layer that another one wraps. */
export interface InnerLayer {
  readonly name: string;
  readonly config: Config;
  /** Converts it. */
  convert(inputs: readonly Value[], options: InnerOptions): Converted;
}

/** How a layer that another one wraps is converted. */
export interface InnerOptions {
  /** What stands before the names of its weights, after the name of the wrapper; default nothing. */
  readonly scope?: string;
  /** Whether it takes the mask of the wrapper; default false. */
  readonly masked?: boolean;
  /** Settings in place of its own. */
  readonly changes?: Json;
}

/** The layers that compute the same, one after another, and what is known of their result. One with several inputs or results is alone. */
export interface Converted {
  readonly modules: readonly Module[];
  readonly value: Value;
  /** What is known of further results. */
  readonly others?: readonly Value[];
  /** What computes the mask of the result from the input, for layers that make masks. */
  readonly mask?: Module;
  /** Whether the only module takes the mask after the first input. */
  readonly takesMask?: boolean;
  /** For recurrent layers: how many of the results, from the first on, have all steps and thus the mask of the input. Parts of the state have none. */
  readonly maskedResults?: number;
}

/** Layers one after another, each with one input and one result. */
export const inSequence = (modules: readonly Module[]): Sequential => new Sequential(...(modules as readonly TensorModule[]));

/** How a kind of layer is converted. @throws LayerProblem for settings that have no counterpart. */
export type Converter = (layer: SourceLayer) => Converted;

/** The input of a layer that has one. */
export function onlyInput({ inputs }: SourceLayer): Value {
  const [input, ...others] = inputs;
  if (input === undefined || others.length > 0) throw new LayerProblem(`it has ${inputs.length} inputs, expected one`);
  return input;
}

/** The input of a layer for sequences, images or volumes: the sizes of its one, two or three axes, and its channels. */
export function spatialInput(layer: SourceLayer, axes: number): { readonly sizes: readonly (number | null)[]; readonly channels: number } {
  const { shape } = onlyInput(layer);
  const channels = shape.at(-1);
  if (shape.length !== axes + 1 || typeof channels !== "number") throw new LayerProblem(`its input is ${describeShape(shape)}, expected [${(layouts[axes - 1] ?? []).join(", ")}, channels]`);
  layer.config.requireDefault("data_format", "channels_last");
  return { sizes: shape.slice(0, -1), channels };
}

const layouts: readonly (readonly string[])[] = [["steps"], ["height", "width"], ["depth", "height", "width"]];

/** The axis here, with the batch, for an axis of TensorFlow.js, where the batch is 0 and channels are last. */
export function axisHere({ shape }: Value, axis: number): number {
  const rank = shape.length + 1;
  const there = axis < 0 ? axis + rank : axis;
  if (rank < 4 || there === 0) return there;
  return there === rank - 1 ? 1 : there + 1;
}

/** The axis of the channels here: 1 for images and volumes, otherwise the last one. */
export const channelAxis = ({ shape }: Value): number => (shape.length >= 3 ? 1 : -1);

export const describeShape = (shape: readonly (number | null)[]): string => `[${shape.map((size) => size ?? "?").join(", ")}]`;

/** The number of elements. @throws LayerProblem if a size is not known. */
export function sizeOf(shape: readonly (number | null)[]): number {
  return shape.reduce<number>((product, size) => {
    if (size === null) throw new LayerProblem(`its input is ${describeShape(shape)}, whose sizes must be known; say them with the option inputShape`);
    return product * size;
  }, 1);
}
