import type { Tensor } from "@nn/tensor";
import type { AttributesOf, DefinitionOf, InputsOf, Primitive } from "@nn/tensor/interpreter";

/** Maps the gradient of an output to the gradient of one input. */
export type InputVjp = (gradient: Tensor) => Tensor;

/** A primitive that was applied. */
export interface Applied<P extends Primitive> {
  /** The definition of the primitive. A rule that applies the primitive again need not import it, so bundles hold only what they use. */
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
 * The derivative of a primitive: for each input, a function from the gradient of the output to that of the input, or
 * `undefined` if no gradient flows to the input. The tape calls only the functions whose gradients are needed. A rule may
 * ignore broadcasting and dtypes: the tape sums each gradient to the shape of its input and casts it.
 */
export type GradientRule<P extends Primitive> = ZeroGradient | ((applied: Applied<P>) => InputsOf<P, InputVjp | undefined>);

/** The rules of one family of primitives. */
export type GradientRules = { readonly [P in Primitive]?: GradientRule<P> };
