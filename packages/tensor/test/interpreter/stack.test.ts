import { expect, test } from "vitest";
import { guard } from "../../src/extend.js";
import { UsageError } from "../../src/index.js";

test("guard gives the plain value that it reads", () => {
  for (const value of ["on", 2, -0, true, null, undefined]) expect(guard(() => value)).toBe(value);
});

test("guard refuses objects, which may change and stay the same", () => {
  const refused = (value: unknown): unknown => Reflect.apply(guard, undefined, [() => value]);
  expect(() => refused([1])).toThrow("guard: got an array of 1, expected a string, a number, true, false, null or undefined");
  expect(() => refused([1])).toThrow(UsageError);
  expect(() => refused({ rate: 1 })).toThrow("guard: got an object, expected a string");
  expect(() => refused(() => 1)).toThrow("guard: got a function, expected a string");
});
