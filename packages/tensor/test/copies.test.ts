import assert from "node:assert";
import { inspect } from "node:util";
import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { Generator, HostState, tensor, Variable, type Tensor, type TensorRecord, type TypedArray } from "../src/index.js";
import { deferred } from "./deferred.js";
import { messageOf, messagesOf } from "./message.js";

/** What arrives where a value is posted to. */
function posted<T>(value: T): T {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(value);
  const received = receiveMessageOnPort(port2) as { readonly message: T };
  port1.close();
  return received.message;
}

const alike = (x: unknown, y: unknown): readonly boolean[] => [
  succeeds(() => expect(x).toEqual(y)),
  succeeds(() => expect(x).toStrictEqual(y)),
  succeeds(() => assert.deepStrictEqual(x, y)),
  succeeds(() => assert.deepEqual(x, y)),
];

function succeeds(check: () => void): boolean {
  return messageOf(check) === "no error";
}

const pairs: readonly [string, (values: TypedArray) => unknown][] = [
  ["tensors", (values) => tensor(values)],
  ["variables", (values) => new Variable(tensor(values), { name: "weight" })],
  ["state dictionaries", (values) => ({ "0.weight": tensor(values), "0.bias": tensor([1]) })],
  ["maps", (values) => new Map([["weight", tensor(values)]])],
  ["what holds variables", (values) => ({ layers: [{ weight: new Variable(tensor(values)) }] })],
];

describe.each(pairs)("%s are compared by test tools", (_, make) => {
  test("by their elements", () => {
    expect(alike(make(Float32Array.of(1, 2)), make(Float32Array.of(1, 2)))).toEqual([true, true, true, true]);
    expect(alike(make(Float32Array.of(1, 2)), make(Float32Array.of(5, 9)))).toEqual([false, false, false, false]);
    // Node's loose comparison holds NaN for unequal to itself.
    expect(alike(make(Float32Array.of(1, NaN)), make(Float32Array.of(1, NaN)))).toEqual([true, true, true, false]);
  });

  test("by shape and dtype", () => {
    expect(alike(make(Float32Array.of(1, 2)), make(Float32Array.of(1, 2, 0)))).toEqual([false, false, false, false]);
    expect(alike(make(Float32Array.of(1, 2)), make(Int32Array.of(1, 2)))).toEqual([false, false, false, false]);
  });
});

test("variables are compared by name and current value", () => {
  const [a, b] = [new Variable(tensor([1]), { name: "a" }), new Variable(tensor([1]), { name: "b" })];
  expect(alike(a, b)).toEqual([false, false, false, false]);
  const c = new Variable(tensor([2]), { name: "a" });
  expect(alike(a, c)).toEqual([false, false, false, false]);
  c.value = tensor([1]);
  expect(alike(a, c)).toEqual([true, true, true, true]);
});

const copies: readonly [string, <T>(value: T) => unknown][] = [
  ["structuredClone", structuredClone],
  ["postMessage", posted],
  ["JSON", (value) => JSON.parse(JSON.stringify(value))],
];

describe.each(copies)("copied by %s", (_, copy) => {
  const originals = [
    tensor([[1, 2.5], [-3, 0.1]]), tensor(7), tensor([], { shape: [0, 3] }), tensor([true, false]), tensor([1, -2], { dtype: "int32" }), tensor([0.1, 1e300], { dtype: "float64" }),
  ];

  test.each(originals.map((each) => [each.dtype, each.shape, each] as const))("a %s tensor %j has its elements", (__, ___, original) => {
    const revived = tensor(copy(original) as TensorRecord);
    expect(revived).toStrictEqual(original);
  });

  test("a state dictionary has its elements", () => {
    const state = { "0.weight": originals[0] as Tensor, "0.bias": originals[5] as Tensor };
    const revived = Object.entries(copy(state) as Record<string, TensorRecord>).map(([name, each]) => [name, tensor(each)]);
    expect(Object.fromEntries(revived)).toStrictEqual(state);
  });

  test("a variable has name and value", () => {
    const original = new Variable(tensor([1, 2]), { name: "bias" });
    original.value = tensor([3, 4]);
    const copied = copy(original) as { readonly name: string; readonly value: TensorRecord };
    expect(new Variable(tensor(copied.value), { name: copied.name })).toStrictEqual(original);
  });
});

test("a copy may be given another dtype", () => {
  expect(tensor(structuredClone(tensor([1.5])), { dtype: "float64" })).toStrictEqual(tensor([1.5], { dtype: "float64" }));
});

test("refuses values that cannot be copied", () => {
  const wrong = (value: unknown): never => value as never;
  expect(messagesOf({
    "NaN": () => JSON.stringify({ loss: tensor([1, NaN]) }),
    "infinity": () => JSON.stringify(new Variable(tensor([[-Infinity]]))),
    "traced JSON": () => JSON.stringify(deferred([2])),
    "no dtype": () => tensor(wrong({ shape: [1], dtype: "float", storage: [1] })),
    "no storage": () => tensor(wrong({ shape: [1], dtype: "float32", storage: {} })),
    "no shape": () => tensor(wrong({ dtype: "float32", storage: [1] })),
    "another shape": () => tensor(wrong({ shape: [3], dtype: "float32", storage: [1] })),
    "a copy as an operand": () => structuredClone(tensor([1])) instanceof Object && tensor(1).add(structuredClone(tensor([1]))),
  })).toMatchInlineSnapshot(`
    {
      "NaN": "UsageError: toJSON: element 1 of a tensor [2] is NaN, which JSON cannot hold; save tensors as safetensors, or use toTypedArray",
      "a copy as an operand": "UsageError: add: input is an object, expected a Tensor; make it one with tensor(...)",
      "another shape": "ShapeError: tensor: 1 values do not fill the shape [3], which has 3 elements",
      "infinity": "UsageError: toJSON: element 0 of a tensor [1, 1] is -Infinity, which JSON cannot hold; save tensors as safetensors, or use toTypedArray",
      "no dtype": "DTypeError: tensor: dtype is the string "float", expected "bool", "int32", "float32", "float64"; did you mean "float32"?",
      "no shape": "ShapeError: tensor: the shape is undefined, expected an array of sizes such as [2, 3]",
      "no storage": "DTypeError: tensor: the storage is an object, expected the elements",
      "traced JSON": "UsageError: toJSON: the values of a traced tensor are not known yet",
    }
  `);
});

test("refuses to clone a tensor without elements", () => {
  expect(() => structuredClone(deferred([2]))).toThrow("could not be cloned");
  expect(() => posted({ x: deferred([2]) })).toThrow("could not be cloned");
});

test("variables are printed with name, dtype, shape and value", () => {
  const weight = new Variable(tensor([[1, 2], [3, 4]]), { name: "weight" });
  expect(inspect(weight)).toMatchInlineSnapshot(`
    "Variable "weight": Tensor float32 [2, 2]
    [[1, 2],
     [3, 4]]"
  `);
  expect(`${String(new Variable(tensor(0.5)))}`).toBe("Variable: Tensor float32 [] 0.5000");
  expect(inspect({ layers: [weight] })).toContain(String(weight).split("\n")[0]);
});

test("generators and host state are compared, copied and printed with their position", () => {
  const [a, b] = [new Generator(1), new Generator(1)];
  expect(alike(a, b)).toEqual([true, true, true, true]);
  a.randomBits([5], 24);
  expect(alike(a, b)).toEqual([false, false, false, false]);
  expect(structuredClone(a)).toEqual({ seed: 1, counter: 2 });
  expect(inspect(a)).toBe("Generator { seed: 1, counter: 2 }");
  expect(alike(new HostState(1), new HostState(2))).toEqual([false, false, false, false]);
  expect(structuredClone(new HostState(3))).toEqual({ value: 3 });
});
