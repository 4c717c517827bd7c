import type { TypedArray } from "@nn/tensor";
import { allocate } from "@nn/tensor/extend";
import * as primitives from "@nn/tensor/primitives";
import type { Affine } from "../src/ir/affine.js";
import { at } from "../src/ir/at.js";
import type { Buffer, LoopKernel, Value } from "../src/ir/program.js";

/** The elements of the buffers that a program uses. */
export type Memory = Map<Buffer, TypedArray>;

const definitions = { ...primitives };

/** All iterations over loops of sizes `domain`. */
export function iterations(domain: readonly number[]): readonly (readonly number[])[] {
  return domain.reduce<readonly (readonly number[])[]>((lists, size) => lists.flatMap((list) => Array.from({ length: size }, (_, index) => [...list, index])), [[]]);
}

const combine = {
  sum: (a: number, b: number): number => a + b,
  prod: (a: number, b: number): number => a * b,
  max: (a: number, b: number): number => Math.max(a, b),
  min: (a: number, b: number): number => Math.min(a, b),
};

/** Executes a loop kernel in plain loops over plain numbers, as slowly as its definition reads. */
export function interpret({ domain, reduced, stores }: Pick<LoopKernel, "domain" | "reduced" | "stores">, memory: Memory): void {
  const inner = iterations(domain.map((size, loop) => (reduced[loop] === true ? size : 1)));
  for (const iteration of iterations(domain)) {
    const results = stores.map(({ value }) => compute(value, iteration));
    stores.forEach(({ buffer, at: target }, index) => {
      const data = memory.get(buffer) ?? allocate(buffer.dtype, buffer.shape.reduce((product, size) => product * size, 1));
      memory.set(buffer, data);
      data[position(target, iteration)] = at(results, index);
    });
  }

  function compute(value: Value, iteration: readonly number[]): number {
    switch (value.kind) {
      case "constant": return value.value;
      case "position": return position(value.at, iteration);
      case "load": return read(value.buffer, position(value.at, iteration));
      case "checked": return compute(value.index, iteration);
      case "gather": return read(value.buffer, position(value.at, iteration) + value.stride * compute(value.index, iteration));
      case "apply": return applied(value, value.inputs.map((input) => compute(input, iteration)));
      case "reduce": {
        const elements = inner.map((each) => compute(value.input, iteration.map((index, loop) => (reduced[loop] === true ? at(each, loop) : index))));
        return elements.reduce(combine[value.reduction]);
      }
      case "accumulator": throw new Error("a loop kernel has no accumulator");
    }
  }

  function read(buffer: Buffer, index: number): number {
    const data = memory.get(buffer);
    if (data === undefined) throw new Error(`buffer ${buffer.id} is read before it is written`);
    return at([...data], index);
  }
}

function position({ offset, coefficients }: Affine, iteration: readonly number[]): number {
  return coefficients.reduce((sum, coefficient, loop) => sum + coefficient * at(iteration, loop), offset);
}

/** An elementwise primitive on numbers, by its reference kernel. */
function applied({ primitive, dtype, inputs }: Value & { readonly kind: "apply" }, operands: readonly number[]): number {
  const { kernel } = definitions[primitive];
  const arrays = operands.map((operand, index) => {
    const data = allocate(at(inputs, index).dtype, 1);
    data[0] = operand;
    return { shape: [], dtype: at(inputs, index).dtype, data };
  });
  return at([...kernel(arrays as never, { dtype } as never, { shape: [], dtype })], 0);
}
