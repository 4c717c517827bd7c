import type { Primitive } from "@nn/tensor/interpreter";
import { describe, test } from "vitest";
import { checkGradients } from "../../src/index.js";
import type { RuleCase } from "./case.js";
import { contractionCases } from "./contraction.js";
import { elementwiseCases } from "./elementwise.js";
import { indexingCases } from "./indexing.js";
import { movementCases } from "./movement.js";
import { reductionCases } from "./reduction.js";
import { sourceCases } from "./source.js";

/** Cases of every primitive; one without does not compile. */
const cases: { readonly [P in Primitive]: readonly [RuleCase, ...RuleCase[]] } = {
  ...elementwiseCases, ...reductionCases, ...contractionCases, ...indexingCases, ...movementCases, ...sourceCases,
};

describe.each(Object.entries(cases))("the derivative of %s", (_, uses) => {
  test.each(uses.map((use) => ({ ...use, shapes: use.inputs.map((input) => `[${input.shape.join(", ")}]`).join(" ") })))(
    "agrees with central differences in first and second order: $shapes", ({ apply, inputs }) => {
      // The weights of the check make the function linear in the result; squaring it lets each rule see a gradient that varies.
      checkGradients(apply, inputs, { order: 2 });
      checkGradients((...given) => apply(...given).square(), inputs, { order: 2, tolerance: 1e-5 });
    },
  );
});
