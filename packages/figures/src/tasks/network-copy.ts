import type { Module } from "@nn/layers";
import { tensor } from "@nn/tensor";

/** What a worker reports of a network that a page runs too. */
export interface Trained<Settings> {
  /** What the network was made with. */
  readonly settings: Settings;
  /** The values of all parameters. */
  readonly parameters: readonly (readonly number[])[];
}

/** The values of all parameters of a network. */
export const parametersOf = (model: Module): readonly (readonly number[])[] => model.parameters().map(({ value }) => [...value.toTypedArray()].map(Number));

/** The network that a worker trains, in the page. It is small enough to run without the compiler, which only the worker loads. */
export class NetworkCopy<Settings, Model extends Module> {
  readonly #make: (settings: Settings) => Model;
  #made: { readonly key: string; readonly model: Model } | undefined;

  constructor(make: (settings: Settings) => Model) {
    this.#make = make;
  }

  /** The network as the worker reported it. */
  of({ settings, parameters }: Trained<Settings>): Model {
    const key = JSON.stringify(settings);
    this.#made = this.#made?.key === key ? this.#made : { key, model: this.#make(settings) };
    const { model } = this.#made;
    model.parameters().forEach((parameter, at) => {
      parameter.value = tensor([...(parameters[at] ?? [])]).reshape(parameter.value.shape);
    });
    return model;
  }
}
