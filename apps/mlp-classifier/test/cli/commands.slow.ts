import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../temporary-folder.js";

const program = new URL("../../dist/main.js", import.meta.url).pathname;
const flowers = new URL("../fixtures/flowers.csv", import.meta.url).pathname;
const root = temporaryFolder();

/** A process of the program in the temporary folder, and what it has written. */
interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly out: () => string;
  readonly ended: Promise<number | null>;
}

function begin(...args: readonly string[]): Running {
  const child = spawn(process.execPath, [program, ...args], { cwd: root });
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.resume();
  return { child, out: () => out, ended: once(child, "close").then(([code]) => code as number | null) };
}

async function call(...args: readonly string[]): Promise<{ readonly code: number | null; readonly events: readonly Readonly<Record<string, unknown>>[] }> {
  const { out, ended } = begin(...args, "--json");
  const code = await ended;
  return { code, events: out().trimEnd().split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>) };
}

beforeAll(() => {
  if (!existsSync(program)) throw new Error(`${program} is not there: run \`npx turbo run build\` first`);
});

describe("serve", () => {
  test.each(["SIGTERM", "SIGINT"] as const)("answers until %s, and ends with 0", async (signal) => {
    const out = `served-${signal}`;
    expect((await call("train", "--data", flowers, "--target", "species", "--hidden", "8", "--epochs", "10", "--out", out)).code).toBe(0);
    const server = begin("serve", out, "--json");
    await expect.poll(server.out, { timeout: 20_000 }).toMatch(/\n$/);
    const { address } = JSON.parse(server.out()) as { readonly address: string };
    const body = JSON.stringify({ sepal_length: 5.1, sepal_width: 3.5, petal_length: 1.4, petal_width: 0.2, colour: "red" });
    const answer = (await (await fetch(`${address}/predict`, { method: "POST", body })).json()) as { readonly predictions: readonly { readonly prediction: string }[] };
    expect(answer.predictions).toHaveLength(1);
    server.child.kill(signal);
    expect(await server.ended).toBe(0);
  });
});

describe("search", () => {
  const settings = ["search", "--data", "moons", "--epochs", "8", "--search", "learningRate=log:1e-4..1e-1", "--search", "hidden=4|16|16,16", "--trials", "6"];
  const trialsOf = ({ events }: Awaited<ReturnType<typeof call>>): unknown[] => events.filter(({ event }) => event === "trial");

  test("that is killed goes on with the trials that it would have had", async () => {
    const whole = await call(...settings, "--out", "whole");
    expect(trialsOf(whole)).toHaveLength(6);
    const killed = begin(...settings, "--out", "killed", "--json");
    await expect.poll(killed.out, { timeout: 30_000 }).toMatch(/"event":"trial"/);
    killed.child.kill("SIGKILL");
    await killed.ended;
    const before = killed.out().split("\n").filter((line) => line.includes('"event":"trial"')).length;
    const rest = await call("search", "--resume", "killed");
    expect(rest.code).toBe(0);
    // A trial that was recorded but not told any more is not told again.
    const told = trialsOf(rest);
    expect(told).toEqual(trialsOf(whole).slice(-told.length));
    expect(told.length).toBeGreaterThanOrEqual(6 - before - 1);
    expect(rest.events.at(-1)).toMatchObject({ event: "best", trial: whole.events.at(-1)?.trial, loss: whole.events.at(-1)?.loss });
    expect(existsSync(join(root, "killed", "report.html"))).toBe(true);
  });
});

describe("search in several processes", () => {
  const settings = ["search", "--data", "moons", "--epochs", "8", "--search", "learningRate=log:1e-4..1e-1"];
  const resultsOf = (events: readonly Readonly<Record<string, unknown>>[]): unknown[] => events.flatMap(({ event, number, state, value, parameters, reports }) => (event === "trial" ? [{ number, state, value, parameters, reports }] : []));

  test("has the trials that it would have in one, with a sampler that does not learn", async () => {
    const fixed = [...settings, "--trials", "6", "--sampler", "random", "--pruner", "none"];
    const one = await call(...fixed, "--out", "one");
    const three = await call(...fixed, "--out", "three", "--parallel", "3");
    expect([three.code, resultsOf(three.events)]).toEqual([0, resultsOf(one.events)]);
    expect(resultsOf(three.events)).toHaveLength(6);
  });

  test("has the same trials again, those that are pruned too", async () => {
    const [first, second] = [await call(...settings, "--trials", "12", "--parallel", "2", "--out", "first"), await call(...settings, "--trials", "12", "--parallel", "2", "--out", "second")];
    expect(resultsOf(second.events)).toEqual(resultsOf(first.events));
    expect(first.events.some(({ state }) => state === "pruned")).toBe(true);
  });

  test("ends them at a signal, and continues with the trials that it would have had", async () => {
    const fixed = [...settings, "--sampler", "random", "--pruner", "none", "--parallel", "2"];
    const search = begin(...fixed, "--trials", "50", "--out", "stopped", "--json");
    await expect.poll(search.out, { timeout: 60_000 }).toMatch(/"event":"trial"/);
    search.child.kill("SIGINT");
    expect(await search.ended).toBe(130);
    const before = search.out().split("\n").filter((line) => line.includes('"event":"trial"')).length;
    const rest = await call("search", "--resume", "stopped", "--trials", String(before + 2), "--parallel", "2");
    const whole = await call(...fixed, "--trials", String(before + 2), "--out", "unstopped");
    expect(resultsOf(rest.events)).toEqual(resultsOf(whole.events).slice(-resultsOf(rest.events).length));
  });
});

describe.skipIf(spawnSync("redis-server", ["--version"]).status !== 0)("search on workers", () => {
  const settings = ["search", "--data", "moons", "--epochs", "8", "--search", "learningRate=log:1e-4..1e-1", "--trials", "8", "--sampler", "random", "--pruner", "none"];

  test("has the trials that it would have here, also where a worker is killed", async () => {
    const port = await freePort();
    const redis = `redis://127.0.0.1:${port}`;
    const server = spawn("redis-server", ["--bind", "127.0.0.1", "--port", String(port), "--save", "", "--dir", root], { stdio: "ignore" });
    try {
      const here = await call(...settings, "--out", "here");
      expect(here.code).toBe(0);
      const search = begin(...settings, "--out", "shared", "--workers", redis, "--parallel", "3", "--json");
      await expect.poll(() => existsSync(join(root, "shared", "study.jsonl")), { timeout: 30_000 }).toBe(true);
      const workers = [begin("worker", "shared", "--redis", redis, "--json"), begin("worker", "shared", "--redis", redis, "--concurrency", "2", "--json")];
      for (const { out } of workers) await expect.poll(out, { timeout: 30_000 }).toMatch(/"event":"working"/);
      await expect.poll(search.out, { timeout: 60_000 }).toMatch(/"event":"trial"/);
      workers[0]?.child.kill("SIGKILL");
      expect(await search.ended).toBe(0);
      workers[1]?.child.kill("SIGTERM");
      expect(await workers[1]?.ended).toBe(0);
      const resultsOf = (events: readonly Readonly<Record<string, unknown>>[]): unknown[] => events.flatMap(({ event, number, value, parameters }) => (event === "trial" ? [{ number, value, parameters }] : []));
      const found = search.out().trimEnd().split("\n").map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
      expect(resultsOf(found)).toHaveLength(8);
      expect(resultsOf(found)).toEqual(resultsOf(here.events));
    } finally {
      server.kill("SIGKILL");
    }
  });

  test("says that no Redis answers", async () => {
    const { code, events } = await call(...settings, "--out", "alone", "--workers", `redis://127.0.0.1:${await freePort()}`);
    expect(code).toBe(1);
    expect(events.at(-1)?.message).toMatch(/^cannot connect to Redis at 127\.0\.0\.1:\d+: .*; start one with: redis-server/);
    expect(existsSync(join(root, "alone"))).toBe(false);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

test("an ensemble with folds and balanced classes learns flowers", async () => {
  const { code, events } = await call("train", "--data", flowers, "--target", "species", "--hidden", "16", "--epochs", "40", "--folds", "3", "--ensemble", "3", "--class-weights", "balanced", "--out", "everything");
  expect(code).toBe(0);
  const accuracies = events.flatMap(({ event, accuracy }) => (event === "fold" && typeof accuracy === "number" ? [accuracy] : []));
  expect(accuracies).toHaveLength(3);
  expect(accuracies.reduce((a, b) => a + b) / 3).toBeGreaterThan(0.85);
  expect(events.at(-1)?.testAccuracy).toBeGreaterThan(0.85);
  expect((await call("importance", "everything", flowers)).code).toBe(0);
});
