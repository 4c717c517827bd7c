import { ShapeError } from "@nn/tensor";
import { locate } from "@nn/tensor/extend";
import { describe, expect, test } from "vitest";
import { Failure, sentence } from "../src/failure.js";

describe("a sentence", () => {
  test("has neither the place where an error arose nor the name of the function", () => {
    expect(sentence(locate(new Failure("cannot write report.html: the disk is full"), 'the plugin "session" at the event "epoch"'))).toBe("cannot write report.html: the disk is full");
    expect(sentence(locate(new ShapeError("matmul: the shapes do not fit"), "layers.2"))).toBe("the shapes do not fit");
  });

  test("is the name of an error that says nothing", () => {
    expect(sentence(new RangeError(""))).toBe("RangeError");
  });
});
