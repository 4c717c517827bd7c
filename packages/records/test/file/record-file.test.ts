import { mkdtempSync, rmSync } from "node:fs";
import { appendFile, readFile, truncate, writeFile } from "node:fs/promises";
import { spawnSync } from "node:child_process";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { FileError } from "@nn/files";
import { Recorder, RecordError } from "@nn/records";
import { isWriterAlive, openRecordFile, readRecordFile, RecordFollower } from "@nn/records/node";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { everyKind, samples } from "../samples.js";

let folder = "";
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "nn-records-")); });
afterEach(() => rmSync(folder, { recursive: true }));

const path = (): string => join(folder, "records.jsonl");

async function recordSteps(steps: readonly number[], resumeFrom?: number): Promise<void> {
  const recorder = new Recorder([await openRecordFile(folder, resumeFrom === undefined ? {} : { resumeFrom })]);
  for (const step of steps) recorder.scalars(step, { loss: step });
  recorder.close();
}

const stepsOf = async (): Promise<number[]> => (await readRecordFile(folder)).map(({ step }) => step);

describe("the record file", () => {
  it("holds every kind of record", async () => {
    const file = await openRecordFile(join(folder, "new/run"));
    for (const record of everyKind) file.write(record);
    expect(await readRecordFile(join(folder, "new/run"))).toEqual(everyKind);
    file.close();
    file.close();
    expect(() => file.write(samples.text)).toThrow("it is closed already");
  });

  it("takes nothing that is no record", async () => {
    const file = await openRecordFile(folder);
    expect(() => file.write({ ...samples.scalars, values: { loss: "low" } } as never)).toThrow('RecordFile.write: record.values["loss"] is the string');
    file.close();
    expect(await readRecordFile(folder)).toEqual([]);
  });

  it("begins with its format", async () => {
    await recordSteps([1]);
    expect(await readFile(path(), "utf8")).toMatch(/^\{"format":"nn-records","version":1\}\n\{"type":"scalars"/);
  });

  it("loses the records after the step of the checkpoint when the run is resumed", async () => {
    await recordSteps([1, 2, 3, 4]);
    await recordSteps([3, 4, 5], 2);
    expect(await stepsOf()).toEqual([1, 2, 3, 4, 5]);
  });

  it("holds what is made again at the step of the checkpoint once", async () => {
    const first = await openRecordFile(folder);
    const epoch = (recorder: Recorder, seconds: number): void => {
      recorder.scalars(4, { "training.loss": 0.5, "validation.loss": NaN, seconds });
      recorder.histogram(4, "weights/w", [1, 2, 3]);
      recorder.confusion(4, "validation", ["a", "b"], [[1, 0], [0, 1]]);
      recorder.text(4, "sample", "once");
    };
    const before = new Recorder([first]);
    before.settings(0, { rate: 0.1 });
    before.status(0, "running");
    // Within the epoch the loss was another one.
    before.scalars(4, { "training.loss": 0.75 });
    epoch(before, 1.5);
    before.close();

    for (const seconds of [2.5, 3.5]) {
      const resumed = new Recorder([await openRecordFile(folder, { resumeFrom: 4 })]);
      resumed.settings(4, { rate: 0.1 });
      resumed.status(4, "running");
      epoch(resumed, seconds);
      resumed.close();
    }
    const records = await readRecordFile(folder);
    expect(records.map((record) => (record.type === "scalars" ? record.values : record.type))).toEqual([
      "settings", "status", { "training.loss": 0.75 }, { "training.loss": 0.5, "validation.loss": NaN, seconds: 1.5 }, "histogram", "confusion", "text",
      "settings", "status", { seconds: 2.5 }, "status", { seconds: 3.5 },
    ]);
    // Later steps may say the same.
    const last = new Recorder([await openRecordFile(folder, { resumeFrom: 4 })]);
    for (const step of [5, 6]) last.text(step, "sample", "once");
    last.close();
    expect((await readRecordFile(folder)).slice(-2).map(({ step }) => step)).toEqual([5, 6]);
  });

  it("is written by one process at a time, which can be asked for", async () => {
    expect(await isWriterAlive(folder)).toBeUndefined();
    const file = await openRecordFile(folder);
    expect(await isWriterAlive(folder)).toBe(true);
    file.close();
    expect(await isWriterAlive(folder)).toBeUndefined();

    const lock = (identity: object): Promise<void> => writeFile(join(folder, "records.lock"), JSON.stringify({ host: hostname(), ...identity }));
    // The process that started this one.
    await lock({ pid: process.ppid });
    expect(await isWriterAlive(folder)).toBe(true);
    await expect(openRecordFile(folder, { resumeFrom: 0 })).rejects.toThrow(/^openRecordFile: cannot write .*records\.lock.*: process \d+ writes the records of this run; wait until it has ended/);
    await lock({ pid: spawnSync(process.execPath, ["-e", ""]).pid });
    expect(await isWriterAlive(folder)).toBe(false);
    (await openRecordFile(folder, { resumeFrom: 0 })).close();
    await lock({ pid: process.ppid, host: "elsewhere" });
    expect(await isWriterAlive(folder)).toBeUndefined();
    await expect(openRecordFile(folder, { resumeFrom: 0 })).rejects.toThrow(`process ${process.ppid} on elsewhere`);
  });

  it("is written by one writer at a time within a process too", async () => {
    const file = await openRecordFile(folder);
    await expect(openRecordFile(folder, { resumeFrom: 0 })).rejects.toThrow("this process writes the records of this run; end or close that first");
    file.close();
    (await openRecordFile(folder, { resumeFrom: 0 })).close();
  });

  it("is not overwritten by another run", async () => {
    await recordSteps([1, 2]);
    await expect(openRecordFile(folder)).rejects.toThrow(FileError);
    await expect(openRecordFile(folder)).rejects.toThrow(/^openRecordFile: cannot write .*: it holds the records of a run already; use another folder, or continue that run from its checkpoint/);
    expect(await stepsOf()).toEqual([1, 2]);
  });

  it("is read and resumed wherever a process was killed", async () => {
    await recordSteps([1, 2]);
    const whole = await readFile(path());
    for (let length = 0; length <= whole.length; length += 7) {
      await writeFile(path(), whole.subarray(0, length));
      const left = await stepsOf();
      expect(left).toEqual([1, 2].slice(0, left.length));
      await recordSteps([3], 2);
      expect(await stepsOf()).toEqual([...left, 3]);
    }
  });

  it("of another kind, of a newer version, or damaged, is refused with its line", async () => {
    await writeFile(path(), "a,b\n1,2\n");
    await expect(readRecordFile(folder)).rejects.toThrow(RecordError);
    await expect(readRecordFile(folder)).rejects.toThrow('records.jsonl: the first line is not {"format":"nn-records","version":1}: the file holds no records');
    await expect(openRecordFile(folder, { resumeFrom: 0 })).rejects.toThrow("the file holds no records");
    await writeFile(path(), "one line of somebody else");
    await expect(openRecordFile(folder)).rejects.toThrow("the file holds no records");
    expect(await readFile(path(), "utf8")).toBe("one line of somebody else");
    await writeFile(path(), '{"format":"nn-records","version":2}\n');
    await expect(readRecordFile(folder)).rejects.toThrow("its version is 2, expected 1: it is of a newer release");
    await rmSync(path());
    await recordSteps([1]);
    await appendFile(path(), '{"type":"scalars"}\n');
    await expect(readRecordFile(folder)).rejects.toThrow("records.jsonl, line 3: record.step is undefined, expected a whole number");
  });

  it("that is missing or cannot be created gives an error that says so", async () => {
    await expect(readRecordFile(folder)).rejects.toThrow("there is no such file or folder");
    await writeFile(join(folder, "file"), "");
    await expect(openRecordFile(join(folder, "file"))).rejects.toThrow(FileError);
  });
});

describe("RecordFollower", () => {
  it("finds records as they are written", async () => {
    const follower = new RecordFollower(folder);
    expect(await follower.read()).toEqual({ records: [], restarted: false, more: false });
    const file = await openRecordFile(folder);
    const recorder = new Recorder([file]);
    const seen: number[][] = [];
    for (const step of [1, 2, 3]) {
      recorder.scalars(step, { loss: 1 });
      seen.push((await follower.read()).records.map((each) => each.step));
    }
    recorder.close();
    expect(seen).toEqual([[1], [2], [3]]);
    expect(await follower.read()).toEqual({ records: [], restarted: false, more: false });
  });

  it("waits until a line is complete", async () => {
    await recordSteps([1]);
    const follower = new RecordFollower(folder);
    await follower.read();
    const line = '{"type":"text","step":2,"time":0,"name":"a","text":"größer"}\n';
    const bytes = new TextEncoder().encode(line);
    // Cut within a character of two bytes.
    const cut = bytes.indexOf(0xc3) + 1;
    await appendFile(path(), bytes.subarray(0, cut));
    expect((await follower.read()).records).toEqual([]);
    await appendFile(path(), bytes.subarray(cut));
    expect((await follower.read()).records).toEqual([{ type: "text", step: 2, time: 0, name: "a", text: "größer" }]);
  });

  it("reads long files in pieces, and lines that are longer than a piece", async () => {
    await recordSteps(Array.from({ length: 50 }, (_, at) => at));
    const steps: number[] = [];
    const follower = new RecordFollower(folder, { chunkSize: 10 });
    let reads = 0;
    for (let more = true; more; reads++) {
      const found = await follower.read();
      steps.push(...found.records.map((each) => each.step));
      more = found.more;
    }
    expect(steps).toEqual(Array.from({ length: 50 }, (_, at) => at));
    expect(reads).toBeGreaterThan(10);
  });

  it("continues at a cursor", async () => {
    await recordSteps([1, 2]);
    const first = new RecordFollower(folder);
    await first.read();
    await recordSteps([3], 2);
    const second = new RecordFollower(folder, { cursor: first.cursor });
    expect(await second.read()).toMatchObject({ restarted: false, records: [{ step: 3 }] });
    expect(() => new RecordFollower(folder, { cursor: "../x" })).toThrow('RecordFollower: cursor is the string "../x"');
  });

  it("starts again when a resumed run has rewritten the file", async () => {
    await recordSteps([1, 2, 3]);
    const follower = new RecordFollower(folder);
    await follower.read();
    await recordSteps([2, 5, 6, 7, 8], 1);
    const { records, restarted } = await follower.read();
    expect(restarted).toBe(true);
    expect(records.map(({ step }) => step)).toEqual([1, 2, 5, 6, 7, 8]);
    await truncate(path(), 0);
    expect(await follower.read()).toMatchObject({ restarted: true, records: [] });
  });
});
