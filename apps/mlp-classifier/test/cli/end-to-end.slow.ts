import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, open, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { sendCommand } from "@nn/records/node";
import { beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../temporary-folder.js";

const program = new URL("../../dist/main.js", import.meta.url).pathname;
const flowers = new URL("../fixtures/flowers.csv", import.meta.url).pathname;
const root = temporaryFolder();

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly notes: string;
}

interface Event extends Readonly<Record<string, unknown>> {
  readonly event: string;
}

/** Runs the program in the temporary folder; `signals` are sent after the first line that contains their key. */
async function call(args: readonly string[], signals: Readonly<Record<string, NodeJS.Signals>> = {}): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const ended = { out: "", notes: "" };
  const pending = new Map(Object.entries(signals));
  let sent = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    ended.out += chunk.toString();
    for (const [text, signal] of pending) {
      if (!ended.out.includes(text)) continue;
      pending.delete(text);
      // Not between two epochs, but within one; and one signal after the other.
      void setTimeout(60 + 200 * sent++).then(() => child.kill(signal));
    }
  });
  child.stderr.on("data", (chunk: Buffer) => (ended.notes += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...ended };
}

const eventsOf = ({ out }: Ended): Event[] => out.trimEnd().split("\n").map((line) => JSON.parse(line) as Event);

/** What a run tells but for its pace and its folder. */
const figuresOf = (ended: Ended): unknown[] =>
  eventsOf(ended)
    .filter(({ event }) => event !== "config" && event !== "interrupted")
    .map(({ seconds: _seconds, stepsPerSecond: _rate, out: _out, model: _model, report: _report, ...rest }) => rest);

beforeAll(() => {
  if (!existsSync(program)) throw new Error(`${program} is not there: run \`npx turbo run build\` first`);
});

describe("train", () => {
  test("learns the digits without arguments", async () => {
    const ended = await call(["--epochs", "8", "--json"]);
    expect(ended).toMatchObject({ code: 0, notes: "" });
    const events = eventsOf(ended);
    expect(events.map(({ event }) => event)).toEqual(["config", ...Array.from({ length: 8 }, () => "epoch"), "evaluation", "summary"]);
    const summary = events.at(-1) as Event & { readonly out: string; readonly testAccuracy: number };
    expect(summary).toMatchObject({ event: "summary", epochs: 8, parameters: 101770, testLoss: expect.any(Number), seconds: expect.any(Number), stepsPerSecond: expect.any(Number) });
    expect(summary.testAccuracy).toBeGreaterThan(0.85);
    expect(summary.out).toMatch(/^runs\/\d{4}-\d\d-\d\d-\d{6}-digits$/);
    expect(await readdir(join(root, summary.out))).toEqual(["checkpoints", "config.json", "metrics.jsonl", "model.safetensors", "records.jsonl", "report.html"]);
    expect(await readFile(join(root, summary.out, "report.html"), "utf8")).toContain("data:image/png;base64,");
  });

  test.each(["xor", "blobs", "moons", "circles"])("learns %s", async (data) => {
    const ended = await call(["train", "--data", data, "--json", "--out", `learn-${data}`]);
    expect(eventsOf(ended).at(-1)?.testAccuracy).toBeGreaterThanOrEqual(0.97);
  });

  test("learns spirals with two hidden layers", async () => {
    const ended = await call(["train", "--data", "spirals", "--hidden", "64,64", "--json", "--out", "learn-spirals"]);
    expect(eventsOf(ended).at(-1)?.testAccuracy).toBeGreaterThanOrEqual(0.97);
  });

  test("learns flowers from a file", async () => {
    const ended = await call(["train", "--data", flowers, "--target", "species", "--hidden", "16", "--json", "--out", "flowers"]);
    expect(eventsOf(ended).at(-1)?.testAccuracy).toBeGreaterThanOrEqual(0.86);
  });

  test("gives the same numbers twice, also from the file that the first run wrote", async () => {
    const first = await call(["train", "--data", "moons", "--epochs", "3", "--dropout", "0.2", "--seed", "7", "--json", "--out", "twice-1"]);
    const second = await call(["train", "--config", "twice-1/config.json", "--json", "--out", "twice-2"]);
    expect(figuresOf(second)).toEqual(figuresOf(first));
  });
});

describe("an interrupted run", () => {
  // Long enough not to be over before the signal comes, whatever the machine.
  const options = ["train", "--epochs", "10", "--dropout", "0.1", "--json"];
  let whole: Ended;

  beforeAll(async () => {
    whole = await call([...options, "--out", "whole"]);
  });

  test("ends with code 130, and continues with the same results", async () => {
    const begun = await call([...options, "--out", "halves"], { '"epoch":2': "SIGINT" });
    expect(begun.code).toBe(130);
    expect(begun.notes).toMatch(/^interrupted (in|after) epoch \d; the run is saved, continue it with: node \S*main\.js train --resume halves\n$/);
    expect(eventsOf(begun).at(-1)).toMatchObject({ event: "interrupted", exitCode: 130 });
    expect((await call(["inspect", "halves", "--json"])).code).toBe(0);

    const rest = await call(["train", "--resume", "halves", "--json"]);
    expect(rest.code).toBe(0);
    expect([...figuresOf(begun), ...figuresOf(rest)]).toEqual(figuresOf(whole));
    const lines = async (folder: string): Promise<unknown[]> =>
      (await readFile(join(root, folder, "metrics.jsonl"), "utf8")).trimEnd().split("\n").map((line) => ({ ...(JSON.parse(line) as object), seconds: 0, stepsPerSecond: 0 }));
    expect(await lines("halves")).toEqual(await lines("whole"));
    expect(await readFile(join(root, "halves", "model.safetensors"))).toEqual(await readFile(join(root, "whole", "model.safetensors")));
  });

  test("that was killed continues from its last epoch", async () => {
    const killed = await call([...options, "--out", "killed"], { '"epoch":2': "SIGKILL" });
    expect(killed.code).toBeNull();
    const rest = await call(["train", "--resume", "killed", "--json"]);
    expect(figuresOf(rest)).toEqual(figuresOf(whole).slice(-figuresOf(rest).length));
  });

  test("is also saved when the system ends it", async () => {
    const ended = await call([...options, "--out", "terminated"], { '"epoch":1': "SIGTERM" });
    expect(ended.code).toBe(143);
    expect(ended.notes).toMatch(/^interrupted (in|after) epoch \d; the run is saved/);
    const hungUp = await call([...options, "--out", "hung-up"], { '"epoch":1': "SIGHUP" });
    expect(hungUp.code).toBe(129);
    expect((await call(["inspect", "hung-up", "--json"])).code).toBe(0);
  });

  test("ends at once at a second Ctrl-C", async () => {
    // Steps are long enough for both signals to come within one.
    const ended = await call([...options, "--batch-size", "1800", "--hidden", "600", "--out", "impatient"], { '"config"': "SIGINT", '"event"': "SIGINT" });
    expect(ended).toMatchObject({ code: 130, notes: "" });
  });
});

describe("a trained model", () => {
  test("is evaluated, inspected, and predicts raw rows", async () => {
    const trained = eventsOf(await call(["train", "--data", flowers, "--target", "species", "--epochs", "30", "--json", "--out", "model"])).at(-1);
    const evaluated = eventsOf(await call(["evaluate", "model", "--json"]))[0];
    expect(evaluated).toMatchObject({ accuracy: trained?.testAccuracy, loss: trained?.testLoss, split: "test split of flowers.csv" });
    expect((await call(["evaluate", "model", "--data", flowers])).out).toMatch(/^! flowers\.csv has the content that the model was trained on[^!]*accuracy \d+\.\d\d%, loss \d+\.\d+ on 150 examples \(all of flowers\.csv\)\n/);
    expect((await call(["inspect", "model"])).out).toContain("petal_width, colour=blue");

    const written = await call(["predict", "model/model.safetensors", flowers, "--output", "predictions.csv"]);
    expect(written).toEqual({ code: 0, out: "", notes: "150 predictions written to predictions.csv\n" });
    const predictions = (await readFile(join(root, "predictions.csv"), "utf8")).trimEnd().split("\n").slice(1).map((line) => line.split(",")[6]);
    const truth = (await readFile(flowers, "utf8")).trimEnd().split("\n").slice(1).map((line) => line.split(",").at(-1));
    const hits = predictions.filter((prediction, at) => prediction === truth[at]).length;
    expect(eventsOf(await call(["evaluate", "model", "--data", flowers, "--json"]))[0]?.accuracy).toBeCloseTo(hits / 150, 12);
  });

  test("of images predicts the images of an IDX file", async () => {
    await call(["train", "--epochs", "1", "--out", "images"]);
    const header = Buffer.from([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 28]);
    await writeFile(join(root, "two-images"), Buffer.concat([header, Buffer.alloc(2 * 784, 90)]));
    const { code, out } = await call(["predict", "images", "two-images"]);
    const [head, first, second] = out.trimEnd().split("\n");
    expect([code, head?.split(",").length, first]).toEqual([0, 11, second]);
    await writeFile(join(root, "small-image"), Buffer.concat([Buffer.from([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2]), Buffer.alloc(4)]));
    expect(await call(["predict", "images", "small-image"])).toEqual({
      code: 1, out: "", notes: "error: small-image has grey images of 2 x 2, the model was trained on grey images of 28 x 28\n",
    });
  });
});

test("a run is shown in the browser, which can stop it", async () => {
  const child = spawn(process.execPath, [program, "train", "--epochs", "500", "--dashboard", "--json", "--out", "shown"], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const events: Event[] = [];
  const closed = once(child, "close");
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as Event;
    events.push(event);
    if (event.event !== "dashboard") continue;
    const page = await fetch(event.address as string);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("<!doctype html>")]);
    await sendCommand(join(root, "shown"), "stop");
  }
  expect((await closed)[0]).toBe(0);
  expect(events.at(-1)).toMatchObject({ event: "summary", outcome: "stopped" });
});

describe("a failure ends with one sentence", () => {
  test.each([
    [["train", "--epochs", "zero"], 2, 'error: --epochs is "zero", expected a whole number of at least 1\n'],
    [["train", "--data", "missing.csv", "--target", "x"], 1, "error: cannot read --data missing.csv: there is no such file or folder\n"],
    [["train", "--out", "file/run"], 1, "error: cannot create the folder file/run: a part of the path is a file, expected a folder\n"],
    [["train", "--data", "bad.csv", "--target", "b"], 1, 'error: bad.csv, line 3: the record has 1 field; expected 2 ("a", "b"); complete the line, or remove it\n'],
    [["train", "--resume", "nowhere"], 1, "error: cannot read nowhere: there is no such file or folder\n"],
    [["evaluate", "bad.csv"], 1, /^error: bad\.csv, byte 0: .*this is not a safetensors file\n$/],
    [["predict", "cut.safetensors", "bad.csv"], 1, /^error: cut\.safetensors.*\n$/],
  ] as const)("%j", async (args, code, message) => {
    await writeFile(join(root, "bad.csv"), "a,b\n1,x\n2\n");
    await writeFile(join(root, "file"), "");
    const model = join(root, "model", "model.safetensors");
    await writeFile(join(root, "cut.safetensors"), existsSync(model) ? (await readFile(model)).subarray(0, 2000) : "");
    const ended = await call(args);
    expect([ended.code, ended.out]).toEqual([code, ""]);
    expect(ended.notes).toMatch(message);
  });

  test("a loss of NaN, and keeps the last good model", async () => {
    await call(["train", "--data", "moons", "--optimizer", "sgd", "--learning-rate", "1e30", "--out", "diverged"]);
    const { code, notes } = await call(["train", "--data", "moons", "--optimizer", "sgd", "--learning-rate", "1e30", "--out", "diverged-2"]);
    expect(code).toBe(1);
    expect(notes).toMatch(/^error: the loss became NaN in epoch 1 at step \d+ of 26; try a lower --learning-rate \(it was 1e30\) or --clip-norm 1\n$/);
    expect(await readdir(join(root, "diverged-2"))).toEqual(["config.json", "records.jsonl"]);
  });

  test("a folder that vanishes during the run", async () => {
    await mkdir(join(root, "outer"), { recursive: true });
    const child = spawn(process.execPath, [program, "train", "--out", "outer/run", "--epochs", "50", "--json"], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    const closed = once(child, "close");
    let notes = "";
    child.stderr.on("data", (chunk: Buffer) => (notes += chunk.toString()));
    for await (const line of createInterface({ input: child.stdout })) if (line.includes('"epoch":2')) await rm(join(root, "outer"), { recursive: true, force: true, maxRetries: 9 });
    expect([await closed, notes]).toEqual([[1, null], expect.stringMatching(/^error: cannot write "?outer\/run\/[^\s"]+"?: there is no such file or folder\n$/)]);
    expect(existsSync(join(root, "outer"))).toBe(false);
  });

  test("the reader of the output may stop early", async () => {
    const child = spawn(process.execPath, [program, "train", "--data", "moons", "--out", "unread", "--json"], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let notes = "";
    child.stderr.on("data", (chunk: Buffer) => (notes += chunk.toString()));
    child.stdout.once("data", () => child.stdout.destroy());
    const [code] = (await once(child, "close")) as [number | null];
    expect(code).toBe(0);
    expect(notes).toBe("The reader of the results has ended; training continues and is saved in unread. Ctrl-C stops it.\n");
    expect((await readFile(join(root, "unread", "metrics.jsonl"), "utf8")).trimEnd().split("\n")).toHaveLength(100);
    expect(await readdir(join(root, "unread"))).toContain("report.html");
  });

  test.skipIf(!existsSync("/dev/full"))("a full standard output ends a training, which is saved", async () => {
    const full = await open("/dev/full", "w");
    const child = spawn(process.execPath, [program, "train", "--data", "moons", "--out", "full", "--json"], { cwd: root, stdio: ["ignore", full.fd, "pipe"] });
    let notes = "";
    child.stderr?.on("data", (chunk: Buffer) => (notes += chunk.toString()));
    const [code] = (await once(child, "close")) as [number | null];
    await full.close();
    expect(code).toBe(1);
    expect(notes).toMatch(/^cannot write the results: the disk is full; interrupted .*; the run is saved, continue it with: .* --resume full\n$/);
    expect((await call(["train", "--resume", "full", "--json"])).code).toBe(0);
  });

  test("a network that does not fit into memory", async () => {
    expect(await call(["train", "--hidden", "100000,100000", "--out", "vast"])).toMatchObject({
      code: 2, out: "", notes: expect.stringMatching(/^error: --hidden 100000,100000 makes 10,079,600,010 parameters, whose training needs 188 GiB of memory; there are .* GiB\n$/),
    });
  });
});

describe("a resumed run", () => {
  const table = (rows: number): string => `x,y,class\n${Array.from({ length: rows }, (_, at) => `${at % 7},${at % 5},${at % 3 === 0 ? "in" : "out"}\n`).join("")}`;

  test("reports that its data have changed, or that its checkpoint is missing", async () => {
    await writeFile(join(root, "points.csv"), table(200));
    await call(["train", "--data", "points.csv", "--target", "class", "--epochs", "3", "--out", "changed", "--json"]);
    await writeFile(join(root, "points.csv"), table(201));
    const changed = await call(["train", "--resume", "changed", "--epochs", "5"]);
    expect([changed.code, changed.notes]).toEqual([1, expect.stringMatching(/^error: the data have changed since the run in changed began \([\d,]+ bytes then, [\d,]+ now\), so it cannot continue/)]);
    await writeFile(join(root, "points.csv"), table(200));
    await rm(join(root, "changed", "checkpoints"), { recursive: true });
    const gone = await call(["train", "--resume", "changed", "--epochs", "5"]);
    expect([gone.code, gone.notes]).toEqual([1, expect.stringMatching(/^error: changed\/checkpoints holds no checkpoint, though the run had 3 epochs/)]);
  });

  test("tolerates damaged metrics, and starts again if no epoch was complete", async () => {
    await call(["train", "--data", "moons", "--epochs", "3", "--out", "damaged", "--json"]);
    const before = await readFile(join(root, "damaged", "metrics.jsonl"), "utf8");
    await writeFile(join(root, "damaged", "metrics.jsonl"), `${before.slice(0, 20)}\u0000garbage`);
    expect((await call(["train", "--resume", "damaged", "--epochs", "4", "--json"])).code).toBe(0);
    const after = await readFile(join(root, "damaged", "metrics.jsonl"), "utf8");
    expect([after.slice(0, before.length), after.trimEnd().split("\n").length]).toEqual([before, 4]);

    await rm(join(root, "damaged", "checkpoints"), { recursive: true });
    await rm(join(root, "damaged", "report.html"));
    await writeFile(join(root, "damaged", "metrics.jsonl"), before.split("\n", 1)[0] ?? "");
    const again = await call(["train", "--resume", "damaged", "--json"]);
    expect([again.code, again.notes]).toEqual([0, "The run in damaged has no complete epoch to continue from: it starts again.\n"]);
    expect((await readFile(join(root, "damaged", "metrics.jsonl"), "utf8")).trimEnd().split("\n").map((line) => (JSON.parse(line) as { epoch: number }).epoch)).toEqual([1, 2, 3, 4]);
  });

  test("is refused to a second process, and is free again after a kill", async () => {
    const child = spawn(process.execPath, [program, "train", "--epochs", "50", "--out", "locked", "--json"], { cwd: root, stdio: ["ignore", "pipe", "ignore"] });
    await once(child.stdout, "data");
    const second = await call(["train", "--resume", "locked", "--json"]);
    expect([second.code, second.notes]).toEqual([1, `error: locked is in use by process ${child.pid}; wait until it has ended, or choose another folder\n`]);
    child.kill("SIGKILL");
    await once(child, "close");
    expect((await call(["train", "--resume", "locked", "--epochs", "1", "--json"])).code).toBe(0);
    expect((await readdir(join(root, "locked"))).filter((name) => name.startsWith("."))).toEqual([]);
  });
});

describe("predictions", () => {
  const rows = "petal_width,sepal_length,note,sepal_width,petal_length,colour\n1.5,7.2,=1+1,2.5,4.2,blue\n0.2,5.1,-3,3.5,1.4,teal\n";

  beforeAll(async () => {
    await call(["train", "--data", flowers, "--target", "species", "--epochs", "2", "--json", "--out", "to-predict"]);
    await writeFile(join(root, "new.csv"), rows);
  });

  test("come from pipes and standard input, keep the columns of the input, and count unseen categories", async () => {
    const file = await call(["predict", "to-predict", "new.csv"]);
    expect(file.notes).toBe('note: 1 row of 2 has a value of "colour" that the training did not have, which counts as none of the known ones: teal 1.\n');
    const [head = "", first = "", second = ""] = file.out.split("\n");
    expect(head).toBe("petal_width,sepal_length,note,sepal_width,petal_length,colour,prediction,probability of setosa,probability of versicolor,probability of virginica");
    expect([first.slice(0, 27), second.slice(0, 24)]).toEqual(["1.5,7.2,'=1+1,2.5,4.2,blue,", "0.2,5.1,-3,3.5,1.4,teal,"]);
    for (const input of ["-", "/dev/stdin"]) {
      const child = spawn(process.execPath, [program, "predict", "to-predict", input], { cwd: root, stdio: ["pipe", "pipe", "ignore"] });
      let out = "";
      child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
      child.stdin.end(rows);
      await once(child, "close");
      expect(out).toBe(file.out);
    }
  });

  test("never overwrite their input, under any name", async () => {
    await symlink("new.csv", join(root, "alias.csv"));
    for (const output of ["new.csv", "./new.csv", "alias.csv"]) {
      expect(await call(["predict", "to-predict", "new.csv", "--output", output])).toMatchObject({ code: 2, notes: `error: --output ${output} is the input, which would be overwritten; choose another file\n` });
    }
    expect(await readFile(join(root, "new.csv"), "utf8")).toBe(rows);
  });

  test("are evaluated even if some classes are unknown", async () => {
    const text = (await readFile(flowers, "utf8")).replace(/setosa\n/, "rose\n");
    await writeFile(join(root, "roses.csv"), text);
    const { code, out } = await call(["evaluate", "to-predict", "--data", "roses.csv"]);
    expect([code, out]).toEqual([0, expect.stringMatching(/^! 1 row of 150 has a class that the model does not have and is dropped: rose 1\.\naccuracy .* on 149 examples/)]);
  });
});
