import { test } from "vitest";
import { firstSymbol } from "../src/tasks/first-symbol.js";
import { playground } from "../src/tasks/playground/playground.js";
import { consistent, firstSettings } from "../src/tasks/playground/settings.js";
import { expectUnchangedByPreparing } from "./prepared.js";

test("a network of the playground learns the same after it was prepared", () => {
  expectUnchangedByPreparing(() => playground(consistent({ ...firstSettings, dropout: 0.2, batchNorm: true, optimizer: "adam" })));
});

test("networks that remember a symbol learn the same after they were prepared", () => {
  expectUnchangedByPreparing(() => firstSymbol({ length: 2 }));
});
