import { Linear, Sequential, Tanh } from "@nn/layers";
import { Generator, sigmoid, tensor } from "@nn/tensor";
import { numbersOf } from "./digit-network.js";
import { digitPixels } from "./small-digits.js";

/** A point of the plane of codes. */
export type Code = readonly [x: number, y: number];

/** From a code of two numbers to the logits of 196 pixels. */
export const createDecoder = (generator: Generator) => new Sequential(new Linear(2, 64, { generator }), new Tanh(), new Linear(64, 64, { generator }), new Tanh(), new Linear(64, digitPixels, { generator }));

/** The decoder that a worker trains, in the page. It is small enough to run without the compiler, which only the worker loads. */
export class Decoder {
  readonly #model = createDecoder(new Generator(1));

  /** The images of some codes, with the values of all parameters. */
  decode(codes: readonly Code[], parameters: readonly (readonly number[])[]): readonly (readonly number[])[] {
    this.#model.parameters().forEach((parameter, at) => {
      parameter.value = tensor([...(parameters[at] ?? [])]).reshape(parameter.value.shape);
    });
    const pixels = numbersOf(sigmoid(this.#model.forward(tensor(codes.map((code) => [...code])))));
    return codes.map((_, at) => pixels.slice(at * digitPixels, (at + 1) * digitPixels));
  }
}
