import { expect, test } from "vitest";
import { type Expr, type FunctionBuilder, i32, i64, type Label, type Local, ModuleBuilder, type ValueType } from "../../src/index.js";

type Builder = FunctionBuilder<"void">;

/** A value of any type, as JavaScript passes it. */
const wrong = <T>(value: unknown): T => value as T;

const attempts: readonly (readonly [string, (b: Builder, x: Local<"i32">) => unknown, string])[] = [
  ["local of no type", (b) => b.local(wrong<ValueType>("i33")), 'WasmArgumentError: local: expected a type to be i32, i64, f32, f64 or v128, got "i33"'],
  ["local of another type", (b) => b.local("i32", wrong<Expr<"i32">>(i64.const(1n))), "AssemblerError: set: expected a value of type i32, got an expression of type i64"],
  ["let", (b) => b.let(wrong<Expr<"i32">>("x")), 'WasmArgumentError: let: expected the value to be an expression, got "x"'],
  ["set of a name", (b) => b.set(wrong<Local<"i32">>("x"), 1), 'WasmArgumentError: set: expected local to be a local of the function, got "x"'],
  ["set of an expression", (b, x) => b.set(wrong<Local<"i32">>(i32.add(x, 1)), 1), "WasmArgumentError: set: expected local to be a local of the function, got object"],
  ["set to another type", (b, x) => b.set(x, wrong<Expr<"i32">>(i64.const(1n))), "AssemblerError: set: expected a value of type i32, got an expression of type i64"],
  ["drop", (b) => b.drop(wrong<Expr<"i32">>(1)), "WasmArgumentError: drop: expected the value to be an expression, got 1"],
  ["a condition", (b, x) => b.if(wrong<Expr<"i32">>(i64.extend_i32_s(x)), () => undefined), "AssemblerError: if: condition: expected a value of type i32, got an expression of type i64"],
  ["a body of if", (b, x) => b.if(x, wrong<() => void>(undefined)), "WasmArgumentError: FunctionBuilder: expected body to be function, got undefined"],
  ["a body of block", (b) => b.block(wrong<() => void>(1)), "WasmArgumentError: FunctionBuilder: expected body to be function, got 1"],
  ["a body of while", (b, x) => b.while(x, wrong<() => void>(1)), "WasmArgumentError: while: expected body to be function, got 1"],
  ["a body of forRange", (b) => b.forRange(0, 1, 1, wrong<() => void>(1)), "WasmArgumentError: forRange: expected body to be function, got 1"],
  ["a body of scope", (b) => b.scope(wrong<() => void>(null)), "WasmArgumentError: scope: expected body to be function, got null"],
  ["br", (b) => b.br(wrong<Label>("exit")), 'WasmArgumentError: branch: expected label to be a label of an open block, got "exit"'],
  ["brIf", (b, x) => b.brIf(wrong<Label>(0), x), "WasmArgumentError: branch: expected label to be a label of an open block, got 0"],
  ["brTable", (b, x) => b.block((exit) => b.brTable(x, wrong<readonly Label[]>(exit), exit)), "WasmArgumentError: brTable: expected labels to be array, got object"],
  ["a store of another type", (b, x) => b.i32.store(x, wrong<Expr<"i32">>(i64.const(1n))), "AssemblerError: i32.store: expected a value of type i32, got an expression of type i64"],
];

test.each(attempts)("%s is refused by name", (_, attempt, message) => {
  let found = "no error";
  const module = new ModuleBuilder({ memory: {} });
  try {
    module.function({ name: "f", params: { x: "i32" } }, (b, { x }) => {
      attempt(b, x);
    });
  } catch (error) {
    found = String(error);
  }
  expect(found).toBe(message);
});

test("functions of no type, or without a body, are refused by name", () => {
  const module = new ModuleBuilder();
  expect(() => module.function({ name: "f", params: { x: wrong<"i32">("int") } }, () => undefined)).toThrow('function: expected a type to be i32, i64, f32, f64 or v128, got "int"');
  expect(() => module.function({ name: "f", result: wrong<"i32">("int") }, () => 0)).toThrow('function: expected a type to be i32, i64, f32, f64 or v128, got "int"');
  expect(() => module.function({ name: "f" }, wrong<() => void>("x"))).toThrow('function: expected body to be function, got "x"');
});
