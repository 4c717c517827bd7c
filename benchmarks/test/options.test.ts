import { expect, test } from "vitest";
import { thorough } from "../src/measure/settings.js";
import { OptionError, parseOptions } from "../src/options.js";

test("without options everything is measured thoroughly", () => {
  expect(parseOptions([])).toMatchObject({ settings: thorough, complete: true, install: true });
  expect(parseOptions(["--max-wait", "0"])).toMatchObject({ complete: true, settings: { maxWait: 0 } });
});

test("workloads, peers and rounds may be chosen", () => {
  const options = parseOptions(["--workloads", "matmul,epoch", "--peers", "torch, jax", "--rounds", "5", "--quick"]);
  expect(options?.workloads.map(({ name }) => name)).toEqual(["matmul", "epoch"]);
  expect(options).toMatchObject({ peers: ["torch", "jax"], settings: { rounds: 5, maxWait: 0 }, complete: false });
  expect(parseOptions(["--peers", "none"])?.peers).toEqual([]);
});

test("unknown names are refused, with the known ones", () => {
  expect(() => parseOptions(["--workloads", "matmull"])).toThrow(OptionError);
  expect(() => parseOptions(["--workloads", "matmull"])).toThrow("--workloads: there is no matmull; there are roofline, mlp-step");
  expect(() => parseOptions(["--rounds", "many"])).toThrow("--rounds: expected a number above 0, got many");
  expect(() => parseOptions(["--fast"])).toThrow(OptionError);
  expect(parseOptions(["--help"])).toBeUndefined();
});
