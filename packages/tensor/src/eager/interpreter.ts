import type { InputsOf, Primitive } from "../primitives/table.js";
import { installBottom, type Application, type Interpreter, type GuardedValue } from "../interpreter/stack.js";
import { bytesPerElement, mostBytes } from "../dtype.js";
import { outOfMemory } from "../out-of-memory.js";
import { sizeOf, tooLarge } from "../shape.js";
import { Tensor } from "../tensor.js";
import { noteWrite } from "../transaction.js";
import type { Variable } from "../variable.js";
import type { NdArray } from "../primitives/definition.js";

/** From this size on, a RangeError means that the memory is exhausted. */
const largeAllocation = 2 ** 24;

/** Computes every primitive at once, with its reference kernel. */
export class EagerInterpreter implements Interpreter {
  readonly below = undefined;

  bind<P extends Primitive>({ definition, inputs, attributes, type }: Application<P>): Tensor {
    const arrays = inputs.map((input) => toArray(definition.name, input)) as readonly NdArray[] as InputsOf<P, NdArray>;
    try {
      return new Tensor(type.shape, type.dtype, definition.kernel(arrays, attributes, type));
    } catch (error) {
      const size = sizeOf(type.shape);
      const ranOutOfMemory = (error instanceof RangeError && size >= largeAllocation) || size * bytesPerElement[type.dtype] > mostBytes;
      throw ranOutOfMemory ? outOfMemory(definition.name, tooLarge(type.shape, type.dtype), error) : error;
    }
  }

  read(variable: Variable): Tensor {
    return variable.cell.read();
  }

  write(variable: Variable, value: Tensor): void {
    noteWrite(variable);
    variable.cell.write(value);
  }

  guard<T extends GuardedValue>(read: () => T): T {
    return read();
  }
}

function toArray(operation: string, input: Tensor): NdArray {
  return { shape: input.shape, dtype: input.dtype, data: input.data(operation) };
}

installBottom(new EagerInterpreter());
