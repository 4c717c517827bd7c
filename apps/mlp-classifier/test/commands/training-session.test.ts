import { cpSync, existsSync, readdirSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sendCommand, readRecordFile } from "@nn/records/node";
import { expect, test, vi } from "vitest";
import { runProgram } from "../../src/cli/run-program.js";
import { capturedTerminal } from "../captured-terminal.js";
import { temporaryFolder } from "../temporary-folder.js";

const root = temporaryFolder();
const short = ["train", "--data", "xor", "--hidden", "4", "--json", "--no-compile"];

type Event = Readonly<Record<string, unknown>>;

interface Called {
  readonly code: number;
  readonly events: readonly Event[];
  readonly notes: string;
}

/** Calls the program. `react` gets each event of its output, and a controller that interrupts it. */
async function call(args: readonly string[], react: (event: Event, controller: AbortController) => void = () => undefined): Promise<Called> {
  const controller = new AbortController();
  const events: Event[] = [];
  const { terminal, notes } = capturedTerminal(undefined, (text) => {
    for (const line of text.split("\n").filter((each) => each !== "")) {
      const event = JSON.parse(line) as Event;
      events.push(event);
      react(event, controller);
    }
  });
  return { code: await runProgram(args, terminal, controller.signal), events, notes: notes().replaceAll(root, "…") };
}

const folderOf = (name: string): string => join(root, name);
const reportOf = (name: string): Promise<string> => readFile(join(root, name, "report.html"), "utf8");
const statesOf = async (name: string): Promise<readonly string[]> => (await readRecordFile(folderOf(name))).flatMap((record) => (record.type === "status" ? [record.state] : []));

test("a run records its settings, its epochs, and its test", async () => {
  const { code, events } = await call([...short, "--epochs", "2", "--out", folderOf("recorded")]);
  expect(code).toBe(0);
  const records = await readRecordFile(folderOf("recorded"));
  expect(records.find(({ type }) => type === "settings")).toMatchObject({ settings: { hidden: [4], epochs: 2, data: "xor" } });
  const scalars = records.flatMap((record) => (record.type === "scalars" ? [record.values] : []));
  const epochs = events.filter(({ event }) => event === "epoch");
  expect(scalars.filter((values) => "epoch" in values)).toMatchObject(epochs.map(({ epoch, trainLoss, validationAccuracy }) => ({ epoch, "training.loss": trainLoss, "validation.accuracy": validationAccuracy })));
  expect(scalars.at(-1)).toEqual({ "test.loss": events.at(-1)?.testLoss, "test.accuracy": events.at(-1)?.testAccuracy });
  expect(records.findLast(({ type }) => type === "confusion")).toMatchObject({ name: "test", classes: ["0", "1"], counts: events.at(-2)?.confusion });
  expect(await statesOf("recorded")).toEqual(["running", "completed", "completed"]);
});

test("an interrupted run has a report that says so, and goes on", async () => {
  const options = [...short, "--epochs", "3", "--out", folderOf("interrupted")];
  const { code } = await call(options, ({ event }, controller) => {
    if (event === "epoch") controller.abort("SIGINT");
  });
  expect(code).toBe(130);
  const report = await reportOf("interrupted");
  expect(report).toContain("<h1>xor: 1 of 3 epochs</h1>");
  expect(report).toContain("<strong>Interrupted after epoch 1.</strong>");
  expect(report).toContain("<dt>Validation accuracy</dt>");
  expect(report).not.toMatch(/NaN|undefined|Test accuracy/);
  expect(await statesOf("interrupted")).toEqual(["running", "interrupted"]);

  expect((await call(["train", "--resume", folderOf("interrupted"), "--json"])).code).toBe(0);
  expect(await reportOf("interrupted")).toContain("of 4 test examples correct</h1>");
  expect((await readRecordFile(folderOf("interrupted"))).flatMap((record) => (record.type === "scalars" && "epoch" in record.values ? [record.values.epoch] : []))).toEqual([1, 2, 3]);
});

test("a run that diverges keeps its last good model, and reports it", async () => {
  const out = folderOf("diverged");
  await call([...short, "--epochs", "1", "--optimizer", "sgd", "--out", out]);
  const settings = JSON.parse(await readFile(join(out, "config.json"), "utf8")) as object;
  await writeFile(join(out, "config.json"), JSON.stringify({ ...settings, learningRate: 1e30 }));
  const { code, notes } = await call(["train", "--resume", out, "--epochs", "2", "--json"]);
  expect([code, notes]).toEqual([1, expect.stringMatching(/^error: the loss became NaN in epoch 2 at step \d+ of 32; try a lower --learning-rate \(it was 1e30\) or --clip-norm 1; the model of epoch 1 is kept in …\/diverged\n$/)]);
  expect(await reportOf("diverged")).toMatch(/<strong>Diverged: the loss became NaN in epoch 2 at step \d+ of 32\.<\/strong>/);
});

test("a run that the dashboard stops has a result, and goes on when it is resumed", async () => {
  const out = folderOf("stopped");
  const { code, events } = await call([...short, "--epochs", "1000", "--out", out], ({ event, epoch }) => {
    if (event === "epoch" && epoch === 1) void sendCommand(out, "stop");
  });
  expect(code).toBe(0);
  const { epochs, outcome } = events.at(-1) as { readonly epochs: number; readonly outcome: string };
  expect([outcome, epochs < 1000]).toEqual(["stopped", true]);
  expect(await reportOf("stopped")).toContain("Stopped through the dashboard.");
  expect((await call(["train", "--resume", out, "--epochs", String(epochs + 1), "--json"])).events.at(-1)).toMatchObject({ outcome: "completed", epochs: epochs + 1 });
});

test("short epochs are saved at most once a second; a run that is killed between goes on with the same results", async () => {
  const [out, killed] = [folderOf("short"), folderOf("short-killed")];
  const clock = vi.spyOn(performance, "now").mockReturnValue(1000);
  const saved: string[][] = [];
  const whole = await call([...short, "--epochs", "4", "--dropout", "0.1", "--out", out], ({ event, epoch }) => {
    if (event !== "epoch") return;
    saved.push(existsSync(join(out, "checkpoints")) ? readdirSync(join(out, "checkpoints")).filter((name) => name.startsWith("step-")) : []);
    if (epoch === 3) cpSync(out, killed, { recursive: true, filter: (path) => !path.endsWith(".lock") });
    // The clock of the run goes on by a second within the last epoch only.
    if (epoch === 3) clock.mockReturnValue(2500);
  }).finally(() => clock.mockRestore());
  // The checkpoint of the first epoch is written after the epoch is told.
  const first = [`step-${String(whole.events[0]?.stepsPerEpoch).padStart(8, "0")}.safetensors`];
  expect(saved).toEqual([[], first, first, first]);
  expect(whole.events.at(-1)).toMatchObject({ epochs: 4, seconds: 1.5, stepsPerSecond: 4 * Number(whole.events[0]?.stepsPerEpoch) / 1.5 });
  expect(await readdir(join(out, "checkpoints"))).not.toEqual(first);
  const rest = await call(["train", "--resume", killed, "--json"]);
  expect(rest.events.at(-1)).toMatchObject({ epochs: 4, testLoss: whole.events.at(-1)?.testLoss });
  expect(await readFile(join(killed, "model.safetensors"))).toEqual(await readFile(join(out, "model.safetensors")));
});

test("a run that is interrupted before its first step says so", async () => {
  const { code, notes } = await call([...short, "--epochs", "2", "--out", folderOf("at-once")], ({ event }, controller) => {
    if (event === "config") controller.abort("SIGINT");
  });
  expect([code, notes]).toEqual([130, expect.stringMatching(/^interrupted before the first step; the run is saved/)]);
});

test("a run that was killed in its first epoch starts again, with records of its own", async () => {
  await call([...short, "--epochs", "1", "--out", folderOf("killed")]);
  await rm(join(folderOf("killed"), "checkpoints"), { recursive: true });
  const { code, notes } = await call(["train", "--resume", folderOf("killed"), "--json"]);
  expect([code, notes]).toEqual([0, "The run in …/killed has no complete epoch to continue from: it starts again.\n"]);
  expect(await statesOf("killed")).toEqual(["running", "completed", "completed"]);
  expect((await readdir(folderOf("killed"))).toSorted()).toEqual(["checkpoints", "config.json", "metrics.jsonl", "model.safetensors", "records.jsonl", "report.html"]);
});
