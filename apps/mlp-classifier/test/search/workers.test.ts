import { expect, test } from "vitest";
import { addressFor } from "../../src/search/workers.js";

test("the address of a Redis is told without its password", () => {
  expect(addressFor("redis://127.0.0.1:6379")).toBe("redis://127.0.0.1:6379");
  expect(addressFor("rediss://:secret@example.org:6379/1")).toBe("<address>");
});
