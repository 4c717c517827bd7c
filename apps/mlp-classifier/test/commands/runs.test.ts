import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { processIdentity } from "@nn/files";
import { Recorder, type RunState } from "@nn/records";
import { openRecordFile } from "@nn/records/node";
import { expect, test } from "vitest";
import { runProgram } from "../../src/cli/run-program.js";
import { letterOf } from "../../src/run/comparison.js";
import { foldersOfRuns, keptValue, readRun } from "../../src/run/recorded-run.js";
import { age, describeComparison, describeRuns } from "../../src/terminal/runs-text.js";
import { columnsOf, plain } from "../../src/terminal/style.js";
import { capturedTerminal } from "../captured-terminal.js";
import { temporaryFolder } from "../temporary-folder.js";

const root = temporaryFolder();

interface Told {
  readonly learningRate?: number;
  readonly accuracies: readonly number[];
  readonly test?: number;
  readonly state?: RunState;
  readonly time: number;
  readonly keep?: "best" | "last";
  readonly patience?: number;
  /** Milliseconds from record to record. */
  readonly pace?: number;
}

/** Records a run: an accuracy for each epoch. */
async function record(name: string, { learningRate = 0.01, accuracies, test: tested, state = "running", keep = "best", patience = 0, time, pace = 0 }: Told): Promise<string> {
  const folder = join(root, name);
  const recorder = new Recorder([await openRecordFile(folder)], { clock: () => (time += pace) });
  recorder.settings(0, { epochs: 4, learningRate, hidden: [8, 4], data: "moons", keep, patience });
  recorder.status(0, "running");
  for (const [at, accuracy] of accuracies.entries()) {
    recorder.scalars(at + 1, { epoch: at + 1, seconds: 2, learningRate, "training.loss": 1 - accuracy, "training.accuracy": accuracy, "validation.loss": 1.1 - accuracy, "validation.accuracy": accuracy });
  }
  if (tested !== undefined) recorder.scalars(accuracies.length, { "test.loss": 1 - tested, "test.accuracy": tested });
  recorder.status(accuracies.length, state);
  recorder.close();
  return folder;
}

async function call(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly notes: string }> {
  const { terminal, out, notes } = capturedTerminal();
  const code = await runProgram(args, terminal, new AbortController().signal);
  return { code, out: out().replaceAll(root, "…"), notes: notes().replaceAll(root, "…") };
}

test("runs are listed, the latest first, and one that ended without saying so is killed", async () => {
  await record("list/first", { accuracies: [0.5, 0.75, 0.7, 0.6], test: 0.7, state: "completed", time: 1000 });
  await record("list/deeper/second", { accuracies: [0.25], time: 3000 });
  const third = await record("list/third", { accuracies: [], time: 2000 });
  await writeFile(join(third, ".lock"), processIdentity("test"));
  await mkdir(join(root, "list", "damaged"));
  await writeFile(join(root, "list", "damaged", "records.jsonl"), "{}\n");
  const { code, out } = await call("runs", join(root, "list"));
  expect(code).toBe(0);
  expect(out.replaceAll(/ +\d+ d\b/g, "  <age>")).toMatchInlineSnapshot(`
    "Run            State       Epochs  Val. acc.  Test acc.      Age
    deeper/second  killed         1/4     25.00%          –  <age>
    third          running        0/4          –          –  <age>
    first          completed      4/4     75.00%     70.00%  <age>
    damaged        unreadable       0          –          –        –
    "
  `);
  const events = (await call("runs", join(root, "list"), "--json")).out.trimEnd().split("\n").map((line) => JSON.parse(line) as unknown);
  expect(events[2]).toEqual({
    event: "run", path: "…/list/first", state: "completed", epochs: 4, keptEpoch: 2, validationAccuracy: 0.75, validationLoss: 1.1 - 0.75,
    testAccuracy: 0.7, testLoss: 1 - 0.7, updated: "1970-01-01T00:00:01.000Z",
  });
});

test("a folder without runs, and what is no folder", async () => {
  await mkdir(join(root, "empty"));
  expect(await call("runs", join(root, "empty"))).toEqual({ code: 0, out: "There are no runs in …/empty.\n", notes: "" });
  expect(await call("runs", join(root, "nowhere"))).toEqual({ code: 1, out: "", notes: "error: cannot read …/nowhere: there is no such file or folder\n" });
});

test("the values are those of the weights that are kept, not the best ones of any epoch", async () => {
  const best = await readRun(await record("kept/best", { accuracies: [0.5, 0.75, 0.7], state: "completed", time: 0 }));
  const last = await readRun(await record("kept/last", { accuracies: [0.5, 0.75, 0.7], state: "completed", keep: "last", time: 0 }));
  const none = await readRun(await record("kept/none", { accuracies: [], time: 0 }));
  expect([best, last, none].map(({ keptEpoch }) => keptEpoch)).toEqual([2, 3, 0]);
  expect([best, last, none].map((run) => keptValue(run, "validation.accuracy"))).toEqual([0.75, 0.7, undefined]);
});

test("a run that lost its patience is told from one that was stopped by hand", async () => {
  const states = await Promise.all([2, 3, 0].map(async (patience) => (await readRun(await record(`stopped/${patience}`, { accuracies: [0.5, 0.75, 0.7, 0.6], state: "stopped", patience, time: 0 }))).state));
  expect(states).toEqual(["stopped early", "stopped by hand", "stopped by hand"]);
});

test("a comparison of many runs fits the screen", async () => {
  const runs = await Promise.all(Array.from({ length: 5 }, async (_, at) => readRun(await record(`many/${at}`, { learningRate: at / 10, accuracies: [0.5], state: "interrupted", time: 0 }))));
  for (const columns of [44, 60, 80, 120]) expect(Math.max(...describeComparison(runs, plain, columns).slice(5).map(columnsOf))).toBeLessThanOrEqual(columns);
  expect(describeComparison(runs, plain, 60).filter((line) => line.startsWith("State"))).toHaveLength(2);
  expect(describeComparison(runs, plain, 120).filter((line) => line.startsWith("State"))).toHaveLength(1);
});

test("a list fits the screen", async () => {
  const folder = join(root, "wide");
  await record("wide/2026-03-01-142530-a-data-set-with-a-long-name", { accuracies: [0.5], test: 0.5, state: "interrupted", time: 0 });
  const runs = await Promise.all((await foldersOfRuns(folder)).map(readRun));
  for (const columns of [44, 60, 80, 120]) expect(Math.max(...describeRuns(folder, runs, plain, columns, 1e9).map(columnsOf))).toBeLessThanOrEqual(columns);
});

test("a run that goes on after its test has no test until it ends again", async () => {
  const folder = await record("continued", { accuracies: [0.5], test: 0.5, state: "completed", time: 0 });
  expect((await readRun(folder)).test).toEqual({ loss: 0.5, accuracy: 0.5 });
  const recorder = new Recorder([await openRecordFile(folder, { resumeFrom: 1 })]);
  recorder.scalars(2, { epoch: 2, "validation.accuracy": 0.75 });
  recorder.close();
  expect((await readRun(folder)).test).toBeUndefined();
});

test("a comparison shows the settings that differ, the results, and writes a report", async () => {
  const a = await record("compare/a", { accuracies: [0.5, 0.75], test: 0.7, state: "completed", time: 0, pace: 1000 });
  const b = await record("compare/b", { learningRate: 0.1, accuracies: [0.5, 0.625, 0.5], state: "interrupted", time: 0, pace: 1500 });
  const report = join(root, "comparison.html");
  const { code, out } = await call("runs", "compare", a, b, "--report", report);
  expect(code).toBe(0);
  expect(out).toMatchInlineSnapshot(`
    "A  …/compare/a
    B  …/compare/b

    Setting             A    B
    --learning-rate  0.01  0.1

    Result                       A            B
    State                completed  interrupted
    Epochs                     2/4          3/4
    Kept epoch                   2            2
    Validation accuracy     75.00%       62.50%
    Validation loss         0.3500       0.4750
    Test accuracy           70.00%            –
    Test loss               0.3000            –
    Time                     4.0 s        6.0 s

    report  …/comparison.html
    "
  `);
  const page = await readFile(report, "utf8");
  expect(page).toContain("<h1>Comparison of 2 runs</h1>");
  for (const title of ["Validation accuracy", "Validation loss", "Training accuracy", "Training loss"]) expect(page).toContain(`<span class="chart-title">${title}</span>`);
  // The rates stay where they are: the table of settings has them.
  expect(page).not.toContain('<span class="chart-title">Learning rate</span>');
  expect(page.match(/<g class="series-run-0">/g)).toHaveLength(4);
  expect(page).not.toMatch(/NaN|undefined|<script|https?:\/\//);
  expect((await call("runs", "compare", a, a)).out).toContain("The settings are equal.");
  const [first] = (await call("runs", "compare", a, b, "--json")).out.split("\n");
  expect(JSON.parse(first ?? "")).toMatchObject({ event: "run", path: "…/compare/a", settings: { hidden: [8, 4] } });
});

test("what cannot be compared is refused", async () => {
  const folder = await record("alone", { accuracies: [0.5], time: 0 });
  expect(await call("runs", "compare", folder)).toEqual({ code: 2, out: "", notes: "error: runs compare needs at least two runs\n" });
  expect(await call("runs", "compare", folder, root)).toEqual({ code: 1, out: "", notes: "error: … is not the folder of a run: it has no records.jsonl\n" });
  expect((await call("runs", "compare", ...Array.from({ length: 9 }, () => folder), "--report", join(root, "many.html"))).notes).toBe("error: --report shows at most 8 runs, whose lines can be told apart; there are 9\n");
});

test("letters go on after Z, and ages are short", () => {
  expect([0, 25, 26, 27, 52].map(letterOf)).toEqual(["A", "Z", "AA", "AB", "BA"]);
  expect([0, 59_400, 60_000, 7_200_000, 200_000_000].map(age)).toEqual(["0 s", "59 s", "1 min", "2 h", "2 d"]);
});
