import type { TensorModule } from "@nn/layers";
import type { Tensor } from "@nn/tensor";
import { LayerProblem, type Config } from "./config.js";

/** What is known of a result: its shape in TensorFlow.js without the batch. Images, of rank 3, are `[N, C, H, W]` here. */
export interface Value {
  readonly shape: readonly (number | null)[];
  /** If the features lie in another order than in TensorFlow.js: for each place here, the place there. */
  readonly order?: readonly number[];
}

/** A layer of TensorFlow.js, ready to be converted. */
export interface SourceLayer {
  readonly config: Config;
  readonly inputs: readonly Value[];
  /** One of its weights. @throws LayerProblem if the file does not have it. */
  weight(name: string): Tensor;
  /** Whether everything that follows keeps the order of features, up to layers that can take another one. */
  readonly mayReorder: boolean;
}

/** The layers that compute the same, one after another, and what is known of their result. */
export interface Converted {
  readonly modules: readonly TensorModule[];
  readonly value: Value;
}

/** How a kind of layer is converted. @throws LayerProblem for settings that have no counterpart. */
export type Converter = (layer: SourceLayer) => Converted;

/** The input of a layer that has one. */
export function onlyInput({ inputs }: SourceLayer): Value {
  const [input, ...others] = inputs;
  if (input === undefined || others.length > 0) throw new LayerProblem(`it has ${inputs.length} inputs, expected one`);
  return input;
}

/** The input as an image `[height, width, channels]`. */
export function imageInput(layer: SourceLayer): readonly [height: number | null, width: number | null, channels: number] {
  const { shape } = onlyInput(layer);
  const [height, width, channels] = shape;
  if (shape.length !== 3 || height === undefined || width === undefined || typeof channels !== "number") throw new LayerProblem(`its input is ${describeShape(shape)}, expected [height, width, channels]`);
  layer.config.requireDefault("data_format", "channels_last");
  return [height, width, channels];
}

/** The input as a sequence `[steps, channels]`. */
export function sequenceInput(layer: SourceLayer): readonly [steps: number | null, channels: number] {
  const { shape } = onlyInput(layer);
  const [steps, channels] = shape;
  if (shape.length !== 2 || steps === undefined || typeof channels !== "number") throw new LayerProblem(`its input is ${describeShape(shape)}, expected [steps, channels]`);
  layer.config.requireDefault("data_format", "channels_last");
  return [steps, channels];
}

/** The axis of the channels here: 1 for images, otherwise the last one. */
export const channelAxis = ({ shape }: Value): number => (shape.length === 3 ? 1 : -1);

export const describeShape = (shape: readonly (number | null)[]): string => `[${shape.map((size) => size ?? "?").join(", ")}]`;

/** The number of elements. @throws LayerProblem if a size is not known. */
export function sizeOf(shape: readonly (number | null)[]): number {
  return shape.reduce<number>((product, size) => {
    if (size === null) throw new LayerProblem(`its input is ${describeShape(shape)}, whose sizes must be known; say them with the option inputShape`);
    return product * size;
  }, 1);
}
