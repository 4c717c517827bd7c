import { ones, Tensor, UsageError, Variable, zeros, type DeferredStorage } from "@nn/tensor";
import { eagerInterpreter, withInterpreter, type Application, type Interpreter, type Primitive } from "@nn/tensor/interpreter";
import { describe, expect, test } from "vitest";
import { checkpoint, customVjp, grad, hessian, jacobian, valueAndGrad, vjp } from "../src/index.js";
import type { RuleCase } from "./rules/case.js";
import { contractionCases } from "./rules/contraction.js";
import { elementwiseCases } from "./rules/elementwise.js";
import { indexingCases } from "./rules/indexing.js";
import { movementCases } from "./rules/movement.js";
import { reductionCases } from "./rules/reduction.js";
import { sourceCases } from "./rules/source.js";
import { sample } from "./samples.js";

const unknown: DeferredStorage = {
  read: (operation) => {
    throw new UsageError(`${operation} reads a value that is not known yet`);
  },
  readAsync: () => Promise.reject(new UsageError("reads a value that is not known yet")),
};

/** Knows shapes and dtypes only, as a tracer does. */
class ShapesOnly implements Interpreter {
  readonly below = undefined;
  bind<P extends Primitive>({ type }: Application<P>): Tensor {
    return new Tensor(type.shape, type.dtype, { ...unknown });
  }
  read(variable: Variable): Tensor {
    return new Tensor(variable.shape, variable.dtype, unknown);
  }
  write(): void {}
  guard: Interpreter["guard"] = (read) => read();
}

function traced<T>(body: () => T): T {
  return withInterpreter(new ShapesOnly(), body);
}

describe("tracing without reading a value", () => {
  const cases = { ...elementwiseCases, ...reductionCases, ...contractionCases, ...indexingCases, ...movementCases, ...sourceCases };

  test.each(Object.entries<readonly RuleCase[]>(cases))("first and second derivatives of %s", (_, uses) => {
    for (const { apply, inputs } of uses) {
      const shapes = traced(() => {
        const slopes = (...given: Tensor[]): readonly Tensor[] => {
          const { value, pullback } = vjp((...each: Tensor[]) => apply(...each), given);
          return pullback(ones(value.shape, { dtype: value.dtype }));
        };
        const second = vjp(slopes, [...inputs]);
        return second.pullback(second.value).map(({ shape }) => shape);
      });
      expect(shapes).toEqual(inputs.map(({ shape }) => shape));
    }
  });

  test("all other functions", () => {
    const weight = new Variable(sample([3, 3]));
    const square = customVjp((x: Tensor) => x.square(), (gradient, { inputs: [x] }) => [gradient.mul(x).mul(2)]);
    const block = checkpoint((x: Tensor) => square(x.matmul(weight.value)).softmax());
    const loss = (x: Tensor): Tensor => block(block(x)).sum();
    traced(() => {
      expect(valueAndGrad(() => loss(sample([2, 3])), [weight], { strict: true }).gradients[0].shape).toEqual([3, 3]);
      expect(grad((x: Tensor) => grad(loss)(x).square().sum())(sample([2, 3])).shape).toEqual([2, 3]);
      expect(jacobian(block, sample([1, 3])).shape).toEqual([1, 3, 1, 3]);
      expect(hessian(loss, sample([1, 3])).shape).toEqual([1, 3, 1, 3]);
    });
  });
});

test("levels stay apart if an interpreter below returns its input", () => {
  class Simplifying extends ShapesOnly {
    override bind<P extends Primitive>(application: Application<P>): Tensor {
      const [first] = application.inputs;
      return application.definition.name === "reshape" && first !== undefined ? first : eagerInterpreter().bind(application);
    }
  }
  withInterpreter(new Simplifying(), () => {
    const x = zeros([]).add(3);
    expect(grad((a: Tensor) => a.reshape([1]).reshape([]).mul(x))(x).item()).toBe(3);
    expect(grad((a: Tensor) => grad((b: Tensor) => a.mul(b).mul(b))(a).mul(a))(x).item()).toBe(54); // (2a³)' = 6a²
  });
});
