import { expect, test } from "vitest";
import { capturedTerminal } from "../captured-terminal.js";
import { addressFor, connectionNotes } from "../../src/search/workers.js";

test("the address of a Redis is told without its password", () => {
  expect(addressFor("redis://127.0.0.1:6379")).toBe("redis://127.0.0.1:6379");
  expect(addressFor("rediss://:secret@example.org:6379/1")).toBe("<address>");
});

test("a lost connection is told once, not at every attempt to connect again", () => {
  const { terminal, notes } = capturedTerminal();
  const tell = connectionNotes(terminal, "redis://:secret@example.org:6380/1", "the worker");
  for (let attempt = 0; attempt < 3; attempt++) tell(new Error("it does not answer"));
  expect(notes()).toBe("The connection to Redis at example.org:6380 is lost: it does not answer. It is made again as soon as the server is back; Ctrl-C ends the worker.\n");
});
