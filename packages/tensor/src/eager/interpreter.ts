import type { InputsOf, Primitive } from "../primitives/table.js";
import { installBottom, type Application, type Interpreter, type Observable } from "../interpreter.js";
import { Tensor } from "../tensor.js";
import type { Variable } from "../variable.js";
import type { NdArray } from "./kernel.js";

/** Computes at once, with the reference kernels. */
export class EagerInterpreter implements Interpreter {
  readonly below = undefined;

  bind<P extends Primitive>({ definition, inputs, attributes, type }: Application<P>): Tensor {
    const arrays = inputs.map((input) => toArray(definition.name, input)) as readonly NdArray[] as InputsOf<P, NdArray>;
    return new Tensor(type.shape, type.dtype, definition.kernel(arrays, attributes, type));
  }

  read(variable: Variable): Tensor {
    return variable.cell.read();
  }

  write(variable: Variable, value: Tensor): void {
    variable.cell.write(value);
  }

  observe<T extends Observable>(read: () => T): T {
    return read();
  }
}

function toArray(operation: string, input: Tensor): NdArray {
  return { shape: input.shape, dtype: input.dtype, data: input.data(operation) };
}

installBottom(new EagerInterpreter());
