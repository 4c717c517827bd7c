import { afterAll, describe, expect, test } from "vitest";
import { activations, namesOf } from "../src/tasks/playground/choices.js";
import { programOf } from "../src/tasks/playground/program.js";
import { firstSettings } from "../src/tasks/playground/settings.js";
import { expectSame, removePrograms } from "./playground-programs.js";

afterAll(removePrograms);

describe("an exported program", () => {
  // The others are among the slow tests.
  test("trains the same network", async () => {
    await expectSame(firstSettings, 2);
  });

  test("has the activation that is chosen", () => {
    for (const activation of namesOf(activations)) expect(programOf({ ...firstSettings, activation }, 1)).toContain(`new ${activations[activation].layer}()`);
  });

  test("reads like one that somebody wrote", () => {
    expect(programOf({ ...firstSettings, penalty: "l2", penaltyRate: 0.003 }, 100)).toMatchSnapshot();
  });
});
