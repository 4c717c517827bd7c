import { locate } from "@nn/tensor/extend";
import { indexFault, type Primitive } from "@nn/tensor/interpreter";
import { GraphError } from "../errors.js";
import { at } from "../ir/at.js";
import type { ApplicationNode } from "../ir/graph.js";
import { elementsOf, isWithin, type Indexing } from "../ir/indices.js";
import type { Fault, IndexCheck } from "../ir/program.js";

/** The ways in which a program can fail. Faults with the same errors are one. */
export class Faults {
  readonly all: Fault[] = [];
  readonly #known = new Map<string, Fault>();

  /** The check of the index of a gather or a scatter. */
  ofIndex({ primitive, inputs: [x, index], attributes, location: where }: Indexing): IndexCheck {
    const size = at(x.type.shape, attributes.axis);
    const key = JSON.stringify([primitive, attributes, index.type.shape, size]);
    const error = (value: number, position: number): Error => indexFault(primitive, attributes, index.type.shape, size, value, position < 0 ? undefined : position);
    return { fault: this.#fault(key, where, error), size, of: isWithin(index, size) ? undefined : elementsOf(index) };
  }

  /** The fault of an elementwise primitive on whole numbers that has no result for some operands: the error of its reference kernel. */
  ofOperands({ primitive, definition, attributes, inputs, type: { dtype }, location }: ApplicationNode<Primitive>): Fault | undefined {
    if ((primitive !== "remainder" && primitive !== "pow") || dtype !== "int32") return undefined;
    return this.#fault(primitive + JSON.stringify(attributes), location, (...operands) => {
      const arrays = inputs.map((_, index) => ({ shape: [], dtype, data: Int32Array.of(at(operands, index)) }));
      try {
        definition.kernel(arrays as never, attributes, { shape: [], dtype });
      } catch (error) {
        if (error instanceof Error) return error;
      }
      return new GraphError(`${primitive} of ${operands.join(" and ")} was refused`);
    });
  }

  #fault(cause: string, location: string, error: Fault["error"]): Fault {
    const key = `${location} ${cause}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const fault: Fault = {
      id: this.all.length,
      error: (x, y) => {
        const made = error(x, y);
        locate(made, location);
        return made;
      },
    };
    this.all.push(fault);
    this.#known.set(key, fault);
    return fault;
  }
}
