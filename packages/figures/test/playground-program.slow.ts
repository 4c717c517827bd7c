import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, expect, test } from "vitest";
import { namesOf, optimizers, schedules } from "../src/tasks/playground/choices.js";
import { programOf } from "../src/tasks/playground/program.js";
import { consistent, firstSettings } from "../src/tasks/playground/settings.js";
import { cases } from "./playground-cases.js";
import { expectSame, removePrograms } from "./playground-programs.js";

const folder = join(import.meta.dirname, `../temp/typed-programs-${process.pid}`);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  removePrograms();
});

test("exported programs pass the type check", () => {
  mkdirSync(folder, { recursive: true });
  const paths = cases.map(([, change], at) => {
    const path = join(folder, `program-${at}.ts`);
    writeFileSync(path, programOf(consistent({ ...firstSettings, ...change }), 1));
    return path;
  });
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(join(import.meta.dirname, "../tsconfig.json"), (path) => ts.sys.readFile(path)).config, ts.sys, join(import.meta.dirname, ".."));
  const program = ts.createProgram(paths, { ...options, noEmit: true });
  const problems = paths.flatMap((path) => {
    const source = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
  });
  expect(problems).toEqual([]);
}, 120_000);

const others = [...namesOf(optimizers).map((optimizer) => ({ optimizer, learningRate: 0.01 })), ...namesOf(schedules).map((schedule) => ({ schedule }))];

test.each(others)("exported programs take the steps of the playground: %o", async (change) => {
  await expectSame({ ...firstSettings, trainShare: 10, ...change }, 1);
});

test.each(cases)("exported programs train the network of the playground: %s", async (_, change) => {
  await expectSame(consistent({ ...firstSettings, ...change }), 2);
});
