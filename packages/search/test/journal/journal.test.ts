import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { conditional, createStudy, float, int, randomSampler, tpeSampler, type Study } from "../../src/index.js";
import { JournalError, JournalStorage } from "../../src/node.js";
import { decodeLine, encodeLine } from "../../src/storage/journal-line.js";

const space = { x: float(0, 1), o: conditional({ a: { n: int(1, 5) }, b: {} }) };

let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nn-journal-"));
  path = join(folder, "runs", "study.jsonl");
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (): Promise<Study<typeof space>> => createStudy({ space, seed: 3, sampler: tpeSampler({ startupTrials: 4 }), storage: new JournalStorage(path) });
const lines = (): string[] => readFileSync(path, "utf8").trimEnd().split("\n");

const encode = (value: object): string => `${encodeLine("test", value)}\n`;

/** Replaces the owner of trial 0, as if another process had started it. */
function disown(owner: object): void {
  const owned = lines().map((line) => {
    const read = decodeLine("test", line);
    if (read.state !== "whole") throw new Error(read.problem);
    return encode(read.value["event"] === "start" && read.value["number"] === 0 ? { ...read.value, owner: JSON.stringify(owner) } : read.value);
  });
  writeFileSync(path, owned.join(""));
}

/** The number of a process that has ended. */
function endedProcess(): number {
  return spawnSync(process.execPath, ["-e", ""]).pid;
}

describe("a journal", () => {
  it("gives back the study that was written", async () => {
    const study = await open();
    await study.optimize(async ({ x }, trial) => {
      await trial.report(1, x);
      if (trial.number === 1) throw new Error("no");
      return x;
    }, { trials: 8 });
    expect((await open()).trials).toEqual(study.trials);
    expect(lines()).toHaveLength(1 + 3 * 8);
    expect(readdirSync(join(folder, "runs"))).toEqual(["study.jsonl"]);
  });

  it("continues after a stop with the same numbers", async () => {
    const whole = await createStudy({ space, seed: 3, sampler: tpeSampler({ startupTrials: 4 }) });
    await whole.optimize(({ x }) => x, { trials: 10 });
    for (const trials of [3, 7, 10]) await (await open()).optimize(({ x }) => x, { trials });
    expect((await open()).trials).toEqual(whole.trials);
  });

  it("gives several processes the same study, in whatever order they write", async () => {
    const studies = await Promise.all([open(), open(), open()]);
    await Promise.all(studies.map((study) => study.optimize(async ({ x }) => x, { trials: 15, reproducible: false })));
    const { trials } = await open();
    expect(trials.map(({ number, state }) => [number, state])).toEqual(Array.from({ length: 15 }, (_, number) => [number, "completed"]));
  });

  it("takes over the trials of a process that has ended", async () => {
    const study = await open();
    const first = await study.ask();
    const second = await study.ask();
    await first.report(1, 0.5);
    // The process of the first one has been killed since.
    disown({ ...(JSON.parse(new JournalStorage(path).owner) as object), pid: endedProcess() });
    const again = await (await open()).ask();
    expect([again.number, again.attempt]).toEqual([0, 1]);
    expect(again.parameters).toEqual(first.parameters);
    // The other one is still this process's.
    expect((await (await open()).ask()).number).toBe(2);
    expect(second.number).toBe(1);
  });

  it("leaves the trials of another machine alone", async () => {
    await (await open()).ask();
    disown({ host: "elsewhere", pid: 1 });
    expect((await (await open()).ask()).number).toBe(1);
  });
});

describe("a line that was cut", () => {
  it("at any byte counts as not written, and the study continues", async () => {
    const study = await open();
    await study.optimize(({ x }) => x, { trials: 2 });
    const whole = readFileSync(path);
    const start = whole.lastIndexOf(0x0a, whole.length - 2) + 1;
    for (let end = start; end < whole.length; end += 13) {
      writeFileSync(path, whole.subarray(0, end));
      const cut = await open();
      // Its result is not there, so the trial still runs: this process is alive.
      expect(cut.trials.map(({ state }) => state)).toEqual(["completed", "running"]);
      expect(await cut.tell(1, 0.25)).toBe(true);
      expect((await open()).trials).toEqual(cut.trials);
      expect(cut.trials[1]).toMatchObject({ state: "completed", value: 0.25 });
    }
  });

  it("is distinguished from a line that another process is writing", async () => {
    const study = await open();
    await study.optimize(({ x }) => x, { trials: 1 });
    const reader = new JournalStorage(path);
    await reader.open({ format: "nn-search", version: 1, space, direction: "minimize", seed: 3 });
    const before = (await reader.read(0)).length;
    const line = encode({ event: "release", number: 0, attempt: 0 });
    appendFileSync(path, line.slice(0, 9));
    expect(await reader.read(0)).toHaveLength(before);
    appendFileSync(path, line.slice(9));
    expect(await reader.read(0)).toHaveLength(before + 1);
  });

  it("may have the line of another process behind it", async () => {
    await (await open()).optimize(({ x }) => x, { trials: 2 });
    const whole = lines();
    const last = whole.pop() ?? "";
    // The other process had looked at the end of the file before.
    writeFileSync(path, [...whole, `${last.slice(0, 15)}${last}`, ""].join("\n"));
    expect((await open()).trials.map(({ state }) => state)).toEqual(["completed", "completed"]);
    writeFileSync(path, [...whole, `${last.slice(0, 15)}${last.replace('"value":', '"value":1')}`, ""].join("\n"));
    await expect(open()).rejects.toThrow("the line is damaged");
  });
});

describe("a line that was changed", () => {
  it("at any byte is noticed, and named", async () => {
    const study = await open();
    await study.optimize(({ x }) => x, { trials: 3 });
    const whole = readFileSync(path);
    const { trials } = study;
    for (let at = 0; at < whole.length - 1; at += 41) {
      const changed = Uint8Array.from(whole);
      changed[at] = (whole[at] ?? 0) ^ 1;
      writeFileSync(path, changed);
      const line = whole.subarray(0, at).filter((byte) => byte === 0x0a).length + 1;
      const found = await open().then((other) => other.trials.slice(0, -1), (reason: unknown) => (reason instanceof JournalError ? reason.line : reason));
      // The last line is as one whose write was cut where its checksum cannot be found any more.
      expect([line, line === lines().length ? trials.slice(0, -1) : -1]).toContainEqual(found);
    }
  });

  it("is refused again and again, with the same number", async () => {
    const study = await open();
    await study.optimize(({ x }) => x, { trials: 2 });
    writeFileSync(path, readFileSync(path, "utf8").replace('"number":0', '"number":7'));
    const storage = new JournalStorage(path);
    const refusal = 'line 2: the line is damaged: its checksum is';
    await expect(storage.read(0)).rejects.toThrow(refusal);
    await expect(storage.read(0)).rejects.toThrow(refusal);
  });

  it("is passed over where even the note of its recovery was cut", async () => {
    const study = await open();
    await study.optimize(({ x }) => x, { trials: 2 });
    const whole = readFileSync(path, "utf8");
    writeFileSync(path, `${whole.slice(0, -20)}\n`);
    const cut = await open();
    expect(cut.trials.map(({ state }) => state)).toEqual(["completed", "running"]);
    expect(await cut.tell(1, 0.25)).toBe(true);
    expect((await open()).trials).toEqual(cut.trials);
  });
});

describe("an invalid journal is refused", () => {
  const refusal = async (content: string): Promise<string> => {
    const file = join(folder, "other.jsonl");
    writeFileSync(file, content);
    const error: unknown = await createStudy({ space, storage: new JournalStorage(file) }).then(() => undefined, (reason: unknown) => reason);
    expect(error).toBeInstanceOf(JournalError);
    return String(error).replaceAll(file, "FILE");
  };

  it("with its line", async () => {
    const description = { format: "nn-search", version: 1, space, direction: "minimize", seed: 0 };
    const start = { event: "start", number: 0, attempt: 0, id: "a", owner: "b", parameters: { x: 0.5, o: { kind: "b" } } };
    const header = encode(description);
    expect([
      await refusal(""), await refusal("x,y\n1,2\n3,4\n"), await refusal("{}\n"), await refusal(encode({ ...description, version: 2 })), await refusal(header.replace('"seed":0', '"seed":1')),
      await refusal(`${header}${encode({ event: "start" })}`), await refusal(`${header}${encode({ event: "restart", number: 0 })}`),
      await refusal(`${header}${encode(start)}${encode({ event: "finish", number: 0, attempt: 0, state: "completed" })}`),
      await refusal(`${header}${encode(start).slice(0, 20)}\n${encode(start)}`), await refusal(`${header}${JSON.stringify(start)}\n${encode(start)}`),
      await refusal(`${header}${encode({ ...start, attempt: undefined, attemps: 0 })}`), await refusal(`${header}${encode(start).replace("0.5", "0.6")}`),
    ]).toMatchInlineSnapshot(`
      [
        "JournalError: FILE, line 1: the file is empty, expected the description of a study; delete it, or use another path",
        "JournalError: FILE, line 1: expected the description of a study, with the format "nn-search" and a checksum; use another path",
        "JournalError: FILE, line 1: expected the description of a study, with the format "nn-search" and a checksum; use another path",
        "JournalError: FILE, line 1: the journal has version 2, expected 1; use the version of @nn/search that wrote it",
        "JournalError: FILE, line 1: the line is damaged: its checksum is fccba010, but its text has e5d09151",
        "JournalError: FILE, line 2: the event: number of "start" is undefined, expected a whole number, at least 0",
        "JournalError: FILE, line 2: the event: event is the string "restart", expected "start", "report", "finish" or "release"; did you mean "start"?",
        "JournalError: FILE, line 3: the event: a completed trial has no value",
        "JournalError: FILE, line 2: "{\\"event\\":\\"start\\",\\"nu" is not JSON",
        "JournalError: FILE, line 2: "{\\"event\\":\\"start\\",\\"number\\":0,\\"attempt\\":0,\\"id\\":\\"a\\",\\"owner\\":\\"b\\"…" has no checksum: another program has written or changed it",
        "JournalError: FILE, line 2: the event: attempt of "start" is undefined, expected a whole number, at least 0",
        "JournalError: FILE, line 2: the line is damaged: its checksum is 9749301b, but its text has 38e07dd1",
      ]
    `);
  });

  it("with the event, where it contradicts the ones before", async () => {
    const file = join(folder, "other.jsonl");
    const header = { format: "nn-search", version: 1, space, direction: "minimize", seed: 0 };
    const start = { event: "start", number: 0, attempt: 0, id: "a", owner: "b", parameters: { x: 2, o: { kind: "b" } } };
    const refuse = async (...events: readonly object[]): Promise<unknown> => {
      writeFileSync(file, [header, ...events].map(encode).join(""));
      return createStudy({ space, storage: new JournalStorage(file) }).then(() => "taken", (reason: unknown) => String(reason));
    };
    expect(await refuse(start)).toBe('ArgumentError: createStudy: a stored trial: the parameter "x" is 2, which is not in the space');
    expect(await refuse({ ...start, number: 1 })).toContain("trial 1 starts, but");
    expect(await refuse({ event: "release", number: 0, attempt: 0 })).toContain("trial 0 has not started");
  });

  it("if it has a study of another space", async () => {
    await open();
    await expect(createStudy({ space: { x: float(0, 2) }, storage: new JournalStorage(path) })).rejects.toThrow("createStudy: the storage has a study with seed 3, expected 0");
    await expect(createStudy({ space: { x: float(0, 2) }, seed: 3, storage: new JournalStorage(path) })).rejects.toThrow("createStudy: the storage has a study with space");
  });

  it("if it cannot be written", async () => {
    writeFileSync(join(folder, "file"), "");
    await expect(createStudy({ space, storage: new JournalStorage(join(folder, "file", "study.jsonl")) })).rejects.toThrow("JournalStorage: cannot write");
  });

  it("if another program has shortened it while it was read", async () => {
    const study = await createStudy({ space, sampler: randomSampler(), storage: new JournalStorage(path) });
    await study.optimize(({ x }) => x, { trials: 2 });
    writeFileSync(path, readFileSync(path, "utf8").slice(0, 100));
    await expect(study.refresh()).rejects.toThrow("it has become shorter; another program has changed it");
  });
});
