import { afterAll, describe, expect, test } from "vitest";
import { activations, namesOf } from "../src/tasks/playground/choices.js";
import { programOf } from "../src/tasks/playground/program.js";
import { consistent, firstSettings } from "../src/tasks/playground/settings.js";
import { cases } from "./playground-cases.js";
import { printed, removePrograms, trainedFor } from "./playground-programs.js";

afterAll(removePrograms);

describe("an exported program", () => {
  test.each(cases)("trains the same network: %s", async (_, change) => {
    const settings = consistent({ ...firstSettings, ...change });
    const results = await printed(programOf(settings, 2));
    const { test: expected } = trainedFor(settings, 2);
    expect(results["test loss"]).toBeCloseTo(expected.loss, 5);
    expect(Number(results["test accuracy"] ?? -1)).toBeCloseTo(expected.accuracy ?? -1, 6);
  });

  test("has the activation that is chosen", () => {
    for (const activation of namesOf(activations)) expect(programOf({ ...firstSettings, activation }, 1)).toContain(`new ${activations[activation].layer}()`);
  });

  test("reads like one that somebody wrote", () => {
    expect(programOf({ ...firstSettings, penalty: "l2", penaltyRate: 0.003 }, 100)).toMatchSnapshot();
  });
});
