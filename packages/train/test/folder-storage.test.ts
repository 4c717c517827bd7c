import { FileError, processIdentity } from "@nn/files";
import { crossEntropy } from "@nn/losses";
import { SGD } from "@nn/optim";
import { checkpoints, fit, type Plugin } from "@nn/train";
import { folderStorage } from "@nn/train/node";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import process from "node:process";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { task } from "./tasks.js";

const folder = mkdtempSync(join(tmpdir(), "nn-storage-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("items are files in the folder, which is created when needed", async () => {
  const storage = folderStorage(join(folder, "runs", "a"));
  expect([await storage.read("x"), await storage.list()]).toEqual([undefined, []]);
  await storage.write("x", new Uint8Array([1, 2]));
  await storage.write("x", new Uint8Array([3]));
  writeFileSync(join(folder, "runs", "a", ".hidden"), "");
  expect([[...(await storage.read("x")) ?? []], await storage.list()]).toEqual([[3], ["x"]]);
  await storage.remove("x");
  await storage.remove("x");
  expect(await storage.list()).toEqual([]);
});

test("refuses names outside the folder, and reports errors of the system", async () => {
  const storage = folderStorage(folder);
  for (const name of ["../x", "a/b", ".x", "", "a\\b"]) await expect(storage.read(name)).rejects.toThrow(/^folderStorage: the name is/);
  writeFileSync(join(folder, "file"), "");
  await expect(folderStorage(join(folder, "file")).write("x", new Uint8Array(1))).rejects.toThrow(FileError);
  await expect(folderStorage(join(folder, "file")).list()).rejects.toThrow(FileError);
});

test("a folder that somebody removes is not made again", async () => {
  const storage = folderStorage(join(folder, "gone"));
  await storage.write("x", new Uint8Array([1]));
  rmSync(join(folder, "gone"), { recursive: true });
  await expect(storage.write("x", new Uint8Array([2]))).rejects.toThrow(FileError);
  expect(existsSync(join(folder, "gone"))).toBe(false);
});

describe("one run at a time uses a folder", () => {
  const path = join(folder, "locked");
  const lock = join(path, "checkpoints.lock");
  const train = (plugins: readonly Plugin[] = [], options: object = {}) => {
    const { model, batches } = task();
    return fit({ model, loss: crossEntropy, optimizer: new SGD(model.parameters(), { learningRate: 0.1 }), batches, epochs: 1, compile: false, plugins: [checkpoints(folderStorage(path)), ...plugins], ...options });
  };
  const heldBy = (pid: number): void => {
    mkdirSync(path, { recursive: true });
    writeFileSync(lock, JSON.stringify({ host: hostname(), pid }));
  };

  test("a run of another process is refused by its name, and nothing is written", async () => {
    heldBy(process.ppid);
    await expect(train()).rejects.toThrow(FileError);
    await expect(train()).rejects.toThrow(/folderStorage: cannot write ".*checkpoints\.lock": process \d+ has a run with its checkpoints here; wait until it has ended/);
    expect(readdirSync(path)).toEqual(["checkpoints.lock"]);
  });

  test("a second run of the same process is refused while the first one lasts", async () => {
    rmSync(path, { recursive: true });
    const second = async (): Promise<unknown> => train().catch((cause: unknown) => cause);
    const seen: unknown[] = [];
    const outer: Plugin = { name: "outer", on: async ({ type }) => void (type === "epoch" && seen.push(await second())) };
    expect((await train([outer])).outcome).toBe("completed");
    expect(seen.map(String)).toEqual([expect.stringContaining("this process has a run with its checkpoints here; end or close that first")]);
    rmSync(path, { recursive: true });
  });

  test("what a killed process left does not count", async () => {
    heldBy(spawnSync(process.execPath, ["-e", ""]).pid);
    expect((await train()).outcome).toBe("completed");
    expect(readdirSync(path)).toEqual(["step-00000004.safetensors"].concat(existsSync(join(path, "best.safetensors")) ? ["best.safetensors"] : []).toSorted());
  });

  test("it is held from the first event to the last, is no item, and goes with a folder that stayed empty", async () => {
    rmSync(path, { recursive: true, force: true });
    const seen: unknown[] = [];
    const witness: Plugin = { name: "witness", on: async ({ type }) => void (["start", "end"].includes(type) && seen.push(readFileSync(lock, "utf8") === processIdentity("test"), await folderStorage(path).list())) };
    await expect(train([witness, { name: "failing", on: () => { throw new Error("stop"); } }])).rejects.toThrow("stop");
    expect(seen).toEqual([true, [], true, []]);
    expect(existsSync(path)).toBe(false);
  });

  test("a run that fails before its first event leaves no lock", async () => {
    await expect(train([{ name: "failing", resume: () => Promise.reject(new Error("not now")) }])).rejects.toThrow("not now");
    expect(existsSync(path)).toBe(false);
  });
});
