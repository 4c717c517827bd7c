import { checkpoint, customVjp, grad, NonFiniteError, valueAndGrad, withNaNCheck } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { Linear, Module, MultiheadAttention, Sequential } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { SGD } from "@nn/optim";
import { div, exp, full, log, normal, ones, sqrt, sub, tensor, Variable, where, zeros, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";

function errorOf(body: () => unknown): NonFiniteError {
  try {
    body();
  } catch (error) {
    if (error instanceof NonFiniteError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

/** Notes the line that this is called on, as an error names it: file and line. Returns the tensor, so that an operation on the same line can take it. */
function here(note: { line: string }, x: Tensor): Tensor {
  const [, caller = ""] = new Error("here").stack?.split("\n").filter((frame) => frame.includes("nan-check.test.ts")) ?? [];
  note.line = /\/([^/]+\.ts)(?:\?.*)?(:\d+):\d+\)?$/.exec(caller)?.slice(1).join("") ?? "";
  return x;
}

class LogLayer extends Module {
  line = "";
  forward(x: Tensor): Tensor {
    return log(here(this, x));
  }
}

test("a function whose values are finite gives the same results", () => {
  const add = withNaNCheck((x: Tensor, y: Tensor) => ({ sum: x.add(y), list: [x.mul(y)] }));
  const { sum, list } = add(tensor([1, 2]), tensor([3, 4]));
  expect([sum.toArray(), list[0]?.toArray()]).toEqual([[4, 6], [3, 8]]);
  const receiver = { factor: 3, times: withNaNCheck(function (this: { factor: number }, x: Tensor) { return x.mul(this.factor); }) };
  expect(receiver.times(tensor(2)).item()).toBe(6);
});

test("forward: names the operation, the module, the position, the inputs and the line", () => {
  const layer = new LogLayer();
  const linear = new Linear(2, 2);
  const model = new Sequential(linear, new Sequential(layer));
  linear.loadStateDict({ weight: tensor([[1, 0], [0, 1]]), bias: zeros([2]) });
  const error = errorOf(() => withNaNCheck((x: Tensor) => model.forward(x).mul(2))(tensor([[1, 2], [3, 0]])));
  expect(error).toMatchObject({ operation: "log", module: "1.0", gradientOf: undefined, value: -Infinity });
  expect(layer.line).toMatch(/^nan-check\.test\.ts:\d+$/);
  expect(error.line).toContain(layer.line);
  expect(error.message).toContain("withNaNCheck: the result is not finite: log gives -Infinity at [1, 1] of [2, 2] of float32 [2, 2] (0 to 3), in the module 1.0, at ");
});

test("backward: names the operation whose gradient it is, its module and its line", () => {
  const note = { line: "" };
  const root = (x: Tensor): Tensor => sqrt(here(note, x));
  class Root extends Module {
    forward(x: Tensor): Tensor {
      return root(x);
    }
  }
  const linear = new Linear(1, 2);
  const model = new Sequential(linear, new Root());
  linear.loadStateDict({ weight: zeros([2, 1]), bias: tensor([4, 0]) });
  const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
  const step = (x: Tensor): Tensor => {
    const { value, gradients } = valueAndGrad(() => model.forward(x).sum(), model.parameters());
    optimizer.step(gradients);
    return value;
  };
  for (const each of [step, compile(step)]) {
    const error = errorOf(() => withNaNCheck(each)(ones([1, 1])));
    expect(error).toMatchObject({ module: "1", gradientOf: "sqrt", value: Infinity });
    expect(error.line).toContain(note.line);
    expect(error.message).toMatch(/the new value of the variable "Linear\.(weight|bias)" is not finite/);
    // Nothing has changed.
    expect(linear.bias?.value.toArray()).toEqual([4, 0]);
  }
});

test("NaN of infinities names the cause of the infinity too", () => {
  const overflow = (x: Tensor): Tensor => exp(x);
  const error = errorOf(() => withNaNCheck((x: Tensor) => sub(overflow(x), overflow(x)))(tensor([1000])));
  expect(error).toMatchObject({ operation: "sub", value: Number.NaN, cause: { operation: "exp", value: Infinity } });
  expect(error.message).toMatch(/sub gives NaN at \[0\] of \[1\] of float32 \[1\] \(Infinity\) and .*; before, exp gives Infinity at \[0\]/);
  expect(errorOf(() => withNaNCheck((x: Tensor) => div(x, x))(tensor([0, 1]))).operation).toBe("div");
});

test("accepts masked values: attention masks, safe logarithms", () => {
  const safe = withNaNCheck((x: Tensor) => where(x.greater(0), log(x), 0));
  expect(safe(tensor([0, 1])).toArray()).toEqual([0, 0]);
  const scores = withNaNCheck((x: Tensor) => where(tensor([[0, 1, 0, 0], [1, 0, 0, 1]]).equal(1), full([2, 4], -Infinity), x).max(1));
  expect(scores(ones([2, 4])).toArray()).toEqual([1, 1]);
  const attention = new MultiheadAttention(4, 2, { batchFirst: true });
  const x = normal([1, 3, 4]);
  expect(() => withNaNCheck(() => valueAndGrad(() => attention.forward(x, x, x, { causal: true }).output.sum(), attention.parameters()))()).not.toThrow();
  expect(() => withNaNCheck(() => crossEntropy(tensor([[1000, -1000]]), tensor([0], { dtype: "int32" })))()).not.toThrow();
});

test("reports values that were not finite before: arguments, variables, outer tensors", () => {
  expect(errorOf(() => withNaNCheck(({ x }: { x: Tensor }) => x.mul(2))({ x: tensor([1, Number.NaN]) })).message).toBe(
    "withNaNCheck: the result is not finite: the argument 0.x holds NaN at [1] of [2] from the start",
  );
  const weight = new Variable(tensor([Infinity]), { name: "weight" });
  expect(errorOf(() => withNaNCheck(() => [weight.value.add(1)])()).message).toBe(
    "withNaNCheck: the result 0 is not finite: the variable \"weight\" holds Infinity at [0] of [1] from the start",
  );
  const outside = tensor(Number.NaN);
  expect(errorOf(() => withNaNCheck(() => outside.add(1))()).description).toBe("a tensor from outside holds NaN from the start");
});

test("works inside checkpoints, custom gradients and second derivatives", () => {
  const note = { line: "" };
  const block = checkpoint((x: Tensor) => sqrt(here(note, x)));
  const layer = new (class extends Module {
    forward(x: Tensor): Tensor {
      return block(x);
    }
  })();
  const model = new Sequential(layer);
  const first = errorOf(() => withNaNCheck(grad((x: Tensor) => model.forward(x).sum()))(tensor([0])));
  expect(first).toMatchObject({ module: "0", gradientOf: "sqrt" });
  expect(note.line).not.toBe("");

  const custom = customVjp((x: Tensor) => x.mul(2), (gradient, { inputs: [x] }) => [gradient.div(x)]);
  expect(errorOf(() => withNaNCheck(grad((x: Tensor) => custom(x).sum()))(tensor([0])))).toMatchObject({ operation: "div", gradientOf: "customVjp" });

  const cube = (x: Tensor): Tensor => x.pow(1.5).sum();
  expect(grad(cube)(tensor([0])).toArray()).toEqual([0]);
  expect(() => withNaNCheck(grad(cube))(tensor([0]))).not.toThrow();
  expect(errorOf(() => withNaNCheck(grad((x: Tensor) => grad(cube)(x).sum()))(tensor([0]))).value).toBe(Infinity);
});

test("is refused if values are not known, and for values that are not functions", () => {
  expect(() => compile((x: Tensor) => withNaNCheck((y: Tensor) => y.mul(2))(x))(tensor(1))).toThrowErrorMatchingInlineSnapshot(`[TraceError: withNaNCheck: numbers would be checked while compile() traces the function, which happens once and not at every call; check the compiled function instead: withNaNCheck(compile(fn))]`);
  expect(() => withNaNCheck(3 as never)).toThrowErrorMatchingInlineSnapshot(`[UsageError: withNaNCheck: got 3, expected a function, as in withNaNCheck((x, y) => step(x, y))]`);
  expect(() => withNaNCheck(async () => tensor(1))()).toThrow("withNaNCheck: the function is asynchronous, expected a synchronous one");
});
