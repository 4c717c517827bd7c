import { expect, it } from "vitest";
import { messageOf } from "../../src/extend.js";

it("messageOf says what was thrown, whatever it is", () => {
  expect(messageOf(new RangeError("too large"))).toBe("too large");
  expect(messageOf(new RangeError(""))).toBe("RangeError");
  expect(messageOf(new DOMException("gone", "AbortError"))).toBe("gone");
  expect(messageOf({ message: "of another realm" })).toBe("of another realm");
  expect(messageOf("stop")).toBe("stop");
  expect(messageOf("")).toBe('the string ""');
  expect(messageOf(undefined)).toBe("undefined");
  expect(messageOf(null)).toBe("null");
  expect(messageOf(Object.create(null))).toBe("an object");
  expect(messageOf(Symbol("x"))).toBe("a symbol");
  expect(messageOf({ message: 3 })).toBe("an object");
});

it("messageOf never throws", () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  expect(messageOf(proxy)).toBe("an object");
  expect(messageOf({ get message() { throw new Error("no"); } })).toBe("an object");
  expect(messageOf(Object.assign(new Error(""), { name: 3 }))).toBe("a value of class Error");
});
