import {
  BatchNorm1d, CELU, Dropout, ELU, GELU, Hardsigmoid, Hardswish, Hardtanh, Identity, LeakyReLU, Linear, Mish, PReLU, ReLU, ReLU6, SELU, Sequential, Sigmoid, SiLU, Softplus, Softsign, Tanh,
  type TensorModule,
} from "@nn/layers";
import type { Generator } from "@nn/tensor";
import { activations, type ActivationLayer } from "./choices.js";
import { featureCount, outputCount, type PlaygroundSettings } from "./settings.js";

const activationLayers: { readonly [Name in ActivationLayer]: new () => TensorModule } = {
  ReLU, Tanh, Sigmoid, Identity, LeakyReLU, PReLU, ReLU6, ELU, CELU, SELU, GELU, SiLU, Mish, Softplus, Softsign, Hardtanh, Hardsigmoid, Hardswish,
};

/** A network, and its parts. */
export interface Network {
  readonly model: Sequential;
  /** The hidden layers, each with its activation. */
  readonly hidden: readonly TensorModule[];
  /** The linear maps of the hidden layers and of the output. */
  readonly linear: readonly Linear[];
}

/** A network with the layers of some settings. Weights are drawn from the generator, and so is what dropout leaves out. */
export function networkOf(settings: PlaygroundSettings, generator: Generator): Network {
  const { layers, activation, batchNorm, dropout } = settings;
  const widths = [featureCount(settings), ...layers, outputCount(settings)];
  const linear: Linear[] = [];
  const hidden: TensorModule[] = [];
  for (const [at, units] of widths.slice(1).entries()) {
    linear.push(new Linear(widths[at] ?? 0, units, { generator }));
    const last = linear.at(-1);
    if (at === layers.length || last === undefined) break;
    const bend = new activationLayers[activations[activation].layer]();
    hidden.push(new Sequential(last, ...(batchNorm ? [new BatchNorm1d(units)] : []), bend, ...(dropout > 0 ? [new Dropout(dropout, { generator })] : [])));
  }
  const output = linear.at(-1);
  return { model: new Sequential(...hidden, ...(output === undefined ? [] : [output])), hidden, linear };
}
