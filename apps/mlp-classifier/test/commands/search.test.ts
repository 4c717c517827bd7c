import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runProgram } from "../../src/cli/run-program.js";
import { callIn, type Called } from "../call.js";
import { capturedTerminal } from "../captured-terminal.js";
import { temporaryFolder } from "../temporary-folder.js";

const root = temporaryFolder();
const call = callIn(root);

interface Event extends Readonly<Record<string, unknown>> {
  readonly event: string;
}

interface TrialEvent extends Event {
  readonly number: number;
  readonly state: string;
  readonly value: number;
  readonly parameters: Readonly<Record<string, unknown>>;
}

const eventsOf = ({ out }: Called): Event[] => out.trimEnd().split("\n").map((line) => JSON.parse(line) as Event);
const trialsOf = (called: Called): TrialEvent[] => eventsOf(called).filter((event): event is TrialEvent => event.event === "trial");

const settings = ["--data", "moons", "--epochs", "3", "--hidden", "8", "--batch-size", "128", "--no-compile"];
const space = ["--search", "learningRate=log:1e-3..1e-1", "--search", "activation=relu|tanh"];

describe("search", () => {
  const out = join(root, "found");

  test("finds the best validation loss, and saves what is needed to train with it", async () => {
    const called = await call("search", ...settings, ...space, "--trials", "6", "--out", out, "--json");
    expect([called.code, called.notes]).toEqual([0, ""]);
    const trials = trialsOf(called);
    expect(trials.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4, 5]);
    const completed = trials.filter(({ state }) => state === "completed");
    const best = completed.reduce((a, b) => (b.value < a.value ? b : a));
    const last = eventsOf(called).at(-1);
    expect(last).toMatchObject({ event: "best", trial: best.number, loss: best.value, parameters: best.parameters, command: "nn-mlp train --config …/found/best.json" });
    expect((await readdir(out)).toSorted()).toEqual(["best.json", "config.json", "report.html", "search.json", "study.jsonl"]);
    expect(JSON.parse(await readFile(join(out, "best.json"), "utf8"))).toMatchObject({ data: "moons", hidden: [8], epochs: 3, ...best.parameters });
    expect(await readFile(join(out, "report.html"), "utf8")).toContain("Search for settings on moons");
    // A run with these settings has that validation loss.
    const trained = await call("train", "--config", join(out, "best.json"), "--out", join(root, "trained"), "--json", "--quiet");
    const losses = eventsOf(trained).flatMap((event) => (event.event === "epoch" ? [event.validationLoss as number] : []));
    expect(Math.min(...losses)).toBe(best.value);
  });

  test("goes on where it stopped, with the trials that it would have had", async () => {
    const whole = await call("search", ...settings, ...space, "--trials", "5", "--out", join(root, "whole"), "--json");
    const halves = join(root, "halves");
    await call("search", ...settings, ...space, "--trials", "2", "--out", halves, "--json");
    const rest = await call("search", "--resume", halves, "--trials", "5", "--json");
    expect(rest.code).toBe(0);
    expect(trialsOf(rest)).toEqual(trialsOf(whole).slice(2));
    expect((await call("search", "--resume", halves)).notes).toBe("error: the search in …/halves has 5 trials; to continue, give more --trials\n");
  });

  test("is interrupted by a signal, and continues with the same trial", async () => {
    const { terminal, out: text, notes } = capturedTerminal();
    const interruption = new AbortController();
    const folder = join(root, "interrupted");
    const ended = runProgram(["search", ...settings, ...space, "--trials", "50", "--out", folder, "--json"], terminal, interruption.signal);
    await expect.poll(text, { timeout: 20_000 }).toMatch(/"event":"trial"/);
    interruption.abort("SIGINT");
    expect(await ended).toBe(130);
    expect(notes().replaceAll(root, "…")).toMatch(/^interrupted after \d+ trials?; continue with: nn-mlp search --resume …\/interrupted\n$/);
    const before = text().split("\n").filter((line) => line.includes('"event":"trial"')).length;
    const rest = await call("search", "--resume", folder, "--trials", String(before + 1), "--json");
    expect(trialsOf(rest).map(({ number }) => number)).toEqual([before]);
  });

  test("tells failed trials and goes on", async () => {
    const { code, out: text } = await call("search", "--data", "moons", "--epochs", "2", "--hidden", "4", "--batch-size", "128", "--no-compile", "--optimizer", "sgd", "--momentum", "0.5", "--search", "optimizer=adam|sgd", "--sampler", "grid", "--trials", "2", "--metric", "accuracy", "--out", join(root, "failed"));
    expect(code).toBe(0);
    expect(text).toMatch(/\n0 +failed +0 {2}optimizer adam\n {7}--momentum does not apply to --optimizer adam, only to sgd and rmsprop\n1 +\d\d\.\d\d% +2 {2}optimizer sgd {2}best\n/);
  });

  test("says why no trial was completed", async () => {
    const { code, notes } = await call("search", ...settings, "--search", "momentum=0.5|0.9", "--sampler", "grid", "--trials", "2", "--out", join(root, "none"));
    expect([code, notes]).toEqual([1, "error: none of 2 trials was completed; trial 0 failed: --momentum does not apply to --optimizer adam, only to sgd and rmsprop\n"]);
    expect(await readdir(join(root, "none"))).not.toContain("report.html");
  });

  test("may be interrupted in its first trial", async () => {
    const interruption = new AbortController();
    const { terminal, notes } = capturedTerminal(undefined, (text) => {
      if (text.includes('"event":"search"')) interruption.abort("SIGINT");
    });
    expect(await runProgram(["search", ...settings, ...space, "--out", join(root, "at-once"), "--json"], terminal, interruption.signal)).toBe(130);
    expect(notes().replaceAll(root, "…")).toBe("interrupted after 0 trials; continue with: nn-mlp search --resume …/at-once\n");
  });

  test("shows on a screen how far a trial is", async () => {
    const { terminal, notes } = capturedTerminal(80);
    expect(await runProgram(["search", ...settings, ...space, "--trials", "2", "--out", join(root, "shown")], terminal, new AbortController().signal)).toBe(0);
    expect(notes()).toMatch(/trial 0 \(1 of 2\) {2}epoch 1\/3/);
    expect(notes()).toContain("trial 1 (2 of 2)");
  });

  test("refuses what does not go together", async () => {
    expect([
      (await call("search", ...settings)).notes, (await call("search", ...settings, ...space, "--search", "lr=1e-3|1e-2")).notes, (await call("search", ...settings, ...space, "--validation-split", "0")).notes,
      (await call("search", ...settings, "--search", "classWeights=none|balanced")).notes, (await call("search", "--resume", out, "--search", "dropout=0..0.5")).notes, (await call("search", "--resume", out, "--epochs", "3")).notes,
      (await call("search", "--resume", join(root, "trained"))).notes, (await call("search", "--sampler", "bayes")).notes,
    ]).toMatchInlineSnapshot(`
      [
        "error: there is nothing to search: add --search learningRate=log:1e-4..1e-1, and others such as --search 'hidden=64|128|64,64'
      ",
        "error: --search has a setting twice
      ",
        "error: a search compares settings on validation examples, but --validation-split is 0
      ",
        "error: --search classWeights changes what the loss is; compare by --metric accuracy
      ",
        "error: --search cannot be given with --resume: a search continues with its own settings; only --trials can change
      ",
        "error: --epochs cannot be given with --resume: a search continues with its own settings; only --trials can change
      ",
        "error: cannot read …/trained/search.json: there is no such file or folder
      ",
        "error: --sampler is "bayes", expected one of tpe, gp, random, quasi-random, grid
      ",
      ]
    `);
  });
});
