import { test } from "vitest";
import { characterGpt } from "../src/tasks/character-gpt.js";
import { contrastive } from "../src/tasks/contrastive.js";
import { residual } from "../src/tasks/residual.js";
import type { Task } from "../src/tasks/task.js";
import { toyTexts } from "../src/tasks/toy-texts.js";
import { expectUnchangedByPreparing } from "./prepared.js";

test.each<readonly [name: string, make: () => Task<unknown>]>([
  ["a small GPT", () => characterGpt({ text: toyTexts.en })], ["contrastive learning", () => contrastive({ augmentation: "all", temperature: 0.5 })], ["networks of convolutions", () => residual({ depth: 5 })],
])("%s learns the same after it was prepared", (_, make) => expectUnchangedByPreparing(make));
