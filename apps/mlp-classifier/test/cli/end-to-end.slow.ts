import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
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
  test("without arguments learns the digits", async () => {
    const ended = await call(["--epochs", "8", "--json"]);
    expect(ended).toMatchObject({ code: 0, notes: "" });
    const events = eventsOf(ended);
    expect(events.map(({ event }) => event)).toEqual(["config", ...Array.from({ length: 8 }, () => "epoch"), "evaluation", "summary"]);
    const summary = events.at(-1) as Event & { readonly out: string; readonly testAccuracy: number };
    expect(summary).toMatchObject({ event: "summary", epochs: 8, parameters: 101770, testLoss: expect.any(Number), seconds: expect.any(Number), stepsPerSecond: expect.any(Number) });
    expect(summary.testAccuracy).toBeGreaterThan(0.85);
    expect(summary.out).toMatch(/^runs\/\d{4}-\d\d-\d\d-\d{6}-digits$/);
    expect(await readdir(join(root, summary.out))).toEqual(["checkpoint.safetensors", "config.json", "metrics.jsonl", "model.safetensors", "report.html"]);
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

  test("twice gives the same numbers, also from the file that the first run wrote", async () => {
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

  test("ends with code 130, and goes on with the same numbers", async () => {
    const begun = await call([...options, "--out", "halves"], { '"epoch":2': "SIGINT" });
    expect(begun.code).toBe(130);
    expect(begun.notes).toMatch(/^interrupted (in|after) epoch \d; what was learned is saved, go on with: nn-mlp train --resume halves\n$/);
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

  test("that was killed goes on from its last epoch", async () => {
    const killed = await call([...options, "--out", "killed"], { '"epoch":2': "SIGKILL" });
    expect(killed.code).toBeNull();
    const rest = await call(["train", "--resume", "killed", "--json"]);
    expect(figuresOf(rest)).toEqual(figuresOf(whole).slice(-figuresOf(rest).length));
  });

  test("is saved when it is told to end, too", async () => {
    const ended = await call([...options, "--out", "terminated"], { '"epoch":1': "SIGTERM" });
    expect(ended.code).toBe(130);
    expect(ended.notes).toMatch(/^interrupted (in|after) epoch \d; what was learned is saved/);
  });

  test("does not keep a second Ctrl-C waiting", async () => {
    // Steps are long enough for both signals to come within one.
    const ended = await call([...options, "--batch-size", "1800", "--hidden", "600", "--out", "impatient"], { '"config"': "SIGINT", '"event"': "SIGINT" });
    expect(ended).toMatchObject({ code: 130, notes: "" });
  });
});

describe("a trained model", () => {
  test("is evaluated, inspected, and predicts raw rows", async () => {
    const trained = eventsOf(await call(["train", "--data", flowers, "--target", "species", "--epochs", "30", "--json", "--out", "model"])).at(-1);
    const evaluated = eventsOf(await call(["evaluate", "model", "--json"]))[0];
    expect(evaluated).toMatchObject({ accuracy: trained?.testAccuracy, loss: trained?.testLoss, part: "test part of flowers.csv" });
    expect((await call(["evaluate", "model", "--data", flowers])).out).toMatch(/^accuracy \d+\.\d\d%, loss \d+\.\d+ on 150 examples \(all of flowers\.csv\)\n/);
    expect((await call(["inspect", "model"])).out).toContain("petal_width, colour=blue");

    const written = await call(["predict", "model/model.safetensors", flowers, "--output", "predictions.csv"]);
    expect(written).toEqual({ code: 0, out: "", notes: "150 predictions written to predictions.csv\n" });
    const predictions = (await readFile(join(root, "predictions.csv"), "utf8")).trimEnd().split("\n").slice(1).map((line) => line.split(",")[0]);
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
      code: 1, out: "", notes: "error: small-image has images of 2 x 2, the model was trained on 28 x 28\n",
    });
  });
});

describe("what goes wrong ends with one sentence", () => {
  test.each([
    [["train", "--epochs", "zero"], 2, 'error: --epochs is "zero", expected a whole number of at least 1\n'],
    [["train", "--data", "missing.csv", "--target", "x"], 1, "error: cannot read --data missing.csv: there is no such file or folder\n"],
    [["train", "--out", "file/run"], 1, "error: cannot create the folder file/run: a part of the path is no folder\n"],
    [["train", "--data", "bad.csv", "--target", "b"], 1, 'error: bad.csv, line 3: the record has 1 field; expected 2 ("a", "b")\n'],
    [["train", "--resume", "nowhere"], 1, "error: cannot read nowhere: there is no such file or folder\n"],
    [["evaluate", "bad.csv"], 1, /^error: bad\.csv, byte 0: .*this is no safetensors file\n$/],
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

  test("a loss that is no number, with the last good model kept", async () => {
    await call(["train", "--data", "moons", "--optimizer", "sgd", "--learning-rate", "1e30", "--out", "diverged"]);
    const { code, notes } = await call(["train", "--data", "moons", "--optimizer", "sgd", "--learning-rate", "1e30", "--out", "diverged-2"]);
    expect(code).toBe(1);
    expect(notes).toMatch(/^error: the loss became NaN in epoch 1 at step \d+ of 26; try a lower --learning-rate \(it was 1e\+30\) or --clip-norm 1\n$/);
    expect(await readdir(join(root, "diverged-2"))).toEqual(["config.json"]);
  });

  test("a folder that vanishes during the run", async () => {
    await mkdir(join(root, "outer"), { recursive: true });
    const child = spawn(process.execPath, [program, "train", "--out", "outer/run", "--epochs", "50", "--json"], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let notes = "";
    child.stderr.on("data", (chunk: Buffer) => (notes += chunk.toString()));
    child.stdout.once("data", () => void import("node:fs/promises").then(({ rm }) => rm(join(root, "outer"), { recursive: true })));
    const [code] = (await once(child, "close")) as [number | null];
    expect([code, notes]).toEqual([1, "error: cannot write outer/run/metrics.jsonl: there is no such file or folder\n"]);
  });

  test("whoever reads the output may stop", async () => {
    const child = spawn(process.execPath, [program, "train", "--data", "moons", "--out", "unread", "--json"], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let notes = "";
    child.stderr.on("data", (chunk: Buffer) => (notes += chunk.toString()));
    child.stdout.once("data", () => child.stdout.destroy());
    const [code] = (await once(child, "close")) as [number | null];
    expect([code, notes]).toEqual([0, ""]);
  });
});
