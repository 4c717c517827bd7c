import { describe, expect, it } from "vitest";
import { inScope, locate, unlocatedMessage } from "../src/extend.js";

const failing = (error: unknown) => (): never => {
  throw error;
};

describe("the message of an error without its location", () => {
  it("is what it was", () => {
    const error = new Error("matmul: shapes do not fit");
    expect(() => inScope({ path: "blocks.2" }, failing(error))).toThrow("in blocks.2: matmul: shapes do not fit");
    expect(unlocatedMessage(error)).toBe("matmul: shapes do not fit");
  });

  it("lacks one location, as an error has only one", () => {
    const error = new Error("too small");
    locate(locate(error, "augment"), "step 3");
    expect([error.message, unlocatedMessage(error)]).toEqual(["in augment: too small", "too small"]);
  });

  it("is the whole message where there is no location, or the message was replaced", () => {
    const error = new Error("in the plugin: I say so myself");
    expect(unlocatedMessage(error)).toBe("in the plugin: I say so myself");
    locate(error, "here");
    error.message = "another one";
    expect(unlocatedMessage(error)).toBe("another one");
    expect(unlocatedMessage(locate(Object.freeze(new Error("frozen")), "here"))).toBe("frozen");
  });

  it("is in words for what is no error", () => {
    expect([unlocatedMessage("a text"), unlocatedMessage(undefined)]).toEqual(["a text", "undefined"]);
  });
});
