import { DTypeError, Variable, type Tensor, type VariableOptions } from "@nn/tensor";
import { isFloat, requireOptions, requireTensor, type OptionKinds } from "@nn/tensor/extend";

/** Options of a {@link Parameter}. */
export interface ParameterOptions extends VariableOptions {
  /** Whether training changes it; default true. */
  readonly trainable?: boolean | undefined;
}

const parameterOptions: OptionKinds<ParameterOptions> = { name: "string", trainable: "boolean" };

/**
 * A learned variable. `Module.parameters()` lists it. A plain `Variable` in a module is a buffer, which is saved
 * with the parameters but not learned.
 * @throws DTypeError unless the initial value has a floating-point dtype.
 */
export class Parameter extends Variable {
  /**
   * Whether training changes the parameter. Set it to `false` to freeze the parameter: its gradient is then zeros, optimizers leave it
   * unchanged, and `Module.trainableParameters()` omits it. You may set it at any time, also between calls of a compiled step.
   */
  trainable: boolean;

  constructor(initial: Tensor, options: ParameterOptions = {}) {
    requireTensor("Parameter", initial, "its value");
    requireOptions("Parameter", options, parameterOptions);
    const { trainable = true, ...others } = options;
    if (!isFloat(initial.dtype)) {
      throw new DTypeError(`Parameter: initial value has dtype ${initial.dtype}, expected float32 or float64; for values that are not learned, use a Variable`);
    }
    super(initial, others);
    this.trainable = trainable;
  }
}
