import { Tensor } from "@nn/tensor";
import { eagerInterpreter, withInterpreter, type DeferredStorage, type Interpreter } from "@nn/tensor/interpreter";

const refused = (operation: string): never => {
  throw new TypeError(`${operation}: the tensor has a shape, but no elements`);
};

const none: DeferredStorage = { read: refused, readAsync: refused };

/** Knows shapes and dtypes only. */
const withoutComputing: Interpreter = {
  below: undefined,
  bind: ({ type }) => new Tensor(type.shape, type.dtype, none),
  read: (variable) => eagerInterpreter().read(variable),
  write: (variable, value) => eagerInterpreter().write(variable, value),
  guard: (read) => read(),
};

/** Runs `make` without drawing or computing any elements: a model of any size is made at once, and takes no memory. */
export function withoutElements<T>(make: () => T): T {
  return withInterpreter(withoutComputing, make);
}
