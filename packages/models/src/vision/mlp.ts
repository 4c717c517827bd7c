import { ELU, GELU, LeakyReLU, Linear, ReLU, SELU, Sequential, Sigmoid, SiLU, Softplus, Tanh, takeOptions, type TensorModule } from "@nn/layers";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { ArgumentError } from "@nn/tensor";
import { requireCounts, requireGiven } from "../blocks/requirements.js";

/** The activations that an {@link MLP} may have. */
export type MLPActivation = "relu" | "tanh" | "sigmoid" | "gelu" | "silu" | "elu" | "selu" | "leakyRelu" | "softplus";

const activations = {
  relu: () => new ReLU(), tanh: () => new Tanh(), sigmoid: () => new Sigmoid(), gelu: () => new GELU(), silu: () => new SiLU(),
  elu: () => new ELU(), selu: () => new SELU(), leakyRelu: () => new LeakyReLU(), softplus: () => new Softplus(),
} as const satisfies Readonly<Record<MLPActivation, () => TensorModule>>;

/** Options of {@link MLP}. */
export interface MLPOptions {
  /** The number of inputs, the sizes of the hidden layers, and the number of outputs. */
  readonly sizes: readonly number[];
  /** The activation between the layers; default `"relu"`. */
  readonly activation?: MLPActivation | undefined;
}

const mlpOptions: OptionKinds<MLPOptions> = { sizes: "list", activation: Object.keys(activations) as MLPActivation[] };

/**
 * A multilayer perceptron (Rumelhart et al. 1986): affine maps with an activation between them. Names count the activations too:
 * `"0.weight"`, `"2.weight"`, as in PyTorch's `Sequential`.
 *
 * Shapes: input `[…, sizes[0]]`, output `[…, sizes.at(-1)]`; Σ (sizesᵢ + 1) · sizesᵢ₊₁ parameters.
 *
 * @example
 * ```ts
 * import { zeros } from "@nn/tensor";
 * import { MLP } from "@nn/models";
 * new MLP({ sizes: [784, 128, 10] }).forward(zeros([32, 784])).shape; // => [32, 10]
 * ```
 * @throws ArgumentError for fewer than two sizes.
 */
export class MLP extends Sequential {
  constructor(options: MLPOptions) {
    requireOptions("MLP", options, mlpOptions);
    requireGiven("MLP", options, ["sizes"]);
    const { sizes, activation = "relu" } = options;
    requireCounts("MLP", "sizes", sizes);
    if (sizes.length < 2) throw new ArgumentError("MLP: sizes has 1 entry, expected the number of inputs, those of hidden layers, and the number of outputs");
    const layers = sizes.slice(1).map((outputs, at) => new Linear(sizes[at] as number, outputs));
    super(...layers.flatMap((layer, at) => (at === 0 ? [layer] : [activations[activation](), layer])));
    takeOptions("MLP", this, options, mlpOptions);
  }
}
