import type { Tensor } from "@nn/tensor";
import type { AttributesOf, DefinitionOf, InputsOf, Primitive } from "@nn/tensor/interpreter";

/** From the gradient of an output to the gradient of one input. */
export type InputVjp = (gradient: Tensor) => Tensor;

/** A primitive that was applied. */
export interface Applied<P extends Primitive> {
  /** The primitive itself: a rule that applies it again names no definition, so that bundles without it hold none. */
  readonly definition: DefinitionOf<P>;
  readonly inputs: InputsOf<P, Tensor>;
  readonly attributes: AttributesOf<P>;
  readonly output: Tensor;
}

/**
 * Why a primitive passes no gradient on: it has no inputs, it is constant between its jumps (and its derivative is taken as 0
 * at them), or its output is an index, a truth value or a random draw.
 */
export type ZeroGradient = "no inputs" | "locally constant" | "not differentiable";

/**
 * The derivative of a primitive: for each input a function from the gradient of the output to that of the input, or
 * `undefined` where no gradient flows. A rule computes nothing itself, so that only the gradients that are needed are
 * computed. It may leave broadcasting and dtypes to the driver, which sums a gradient to its input's shape and casts it.
 */
export type GradientRule<P extends Primitive> = ZeroGradient | ((applied: Applied<P>) => InputsOf<P, InputVjp | undefined>);

/** Rules for some of the primitives: a family. */
export type GradientRules = { readonly [P in Primitive]?: GradientRule<P> };
