import { Module, type Parameter } from "@nn/layers";
import { linear, type Tensor } from "@nn/tensor";

/**
 * Affine map of the last axis, `y = x Wᵀ + b`, whose parameters belong to another module as well (Press and Wolf 2017): the logits of a language model compare features
 * with the embeddings of all tokens.
 *
 * Shapes: input `[…, inFeatures]`, output `[…, outFeatures]`; `weight` `[outFeatures, inFeatures]`, `bias` `[outFeatures]`.
 */
export class TiedLinear extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;

  constructor(weight: Parameter, bias?: Parameter) {
    super();
    this.weight = weight;
    this.bias = bias;
  }

  forward(x: Tensor): Tensor {
    return linear(x, this.weight.value, this.bias?.value);
  }
}
