import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tensor } from "@nn/tensor";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { loadSafetensors, saveSafetensors, writeSafetensors } from "../../src/index.js";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "io-"));
});

afterEach(() => rm(folder, { recursive: true }));

const weights = { weight: tensor([[1, 2], [3, 4]]), mask: tensor([true, false, true]), scale: tensor(0.1, { dtype: "float64" }), none: tensor([]) };

describe("saveSafetensors and loadSafetensors", () => {
  it("keep tensors and metadata, and replace an older file", async () => {
    const path = join(folder, "model.safetensors");
    await saveSafetensors(path, { old: tensor(1) });
    await saveSafetensors(path, weights, { epoch: "3" });
    expect(new Uint8Array(await readFile(path))).toEqual(writeSafetensors(weights, { epoch: "3" }));
    const { tensors, metadata } = await loadSafetensors(path);
    expect(metadata).toEqual({ epoch: "3" });
    expect(Object.keys(tensors).toSorted()).toEqual(["mask", "none", "scale", "weight"]);
    for (const [name, x] of Object.entries(weights)) expect(tensors[name]?.toArray()).toEqual(x.toArray());
    expect(await readdir(folder)).toEqual(["model.safetensors"]);
  });

  it("keep the old file and leave nothing else behind if writing fails", async () => {
    const path = join(folder, "model.safetensors");
    await saveSafetensors(path, { old: tensor(1) });
    const handle = await open(path, "r");
    const prototype = Object.getPrototypeOf(handle);
    await handle.close();
    const full = vi.spyOn(prototype, "sync").mockRejectedValue(Object.assign(new Error("ENOSPC: no space left on device, fsync"), { code: "ENOSPC" }));
    await expect(saveSafetensors(path, weights)).rejects.toThrow(`saveSafetensors: cannot write ${JSON.stringify(path)}: the disk is full`);
    full.mockRestore();
    expect(Object.keys((await loadSafetensors(path)).tensors)).toEqual(["old"]);
    expect(await readdir(folder)).toEqual(["model.safetensors"]);
  });

  it("name the file and the reason", async () => {
    await mkdir(join(folder, "taken"));
    await expect(saveSafetensors(join(folder, "taken"), weights)).rejects.toMatchObject({ name: "FileError", path: join(folder, "taken") });
    await expect(saveSafetensors(join(folder, "no/where"), weights)).rejects.toThrow("there is no such file or folder");
    await expect(loadSafetensors(join(folder, "absent"))).rejects.toThrow(`loadSafetensors: cannot read ${JSON.stringify(join(folder, "absent"))}: there is no such file or folder`);
    await expect(loadSafetensors(folder)).rejects.toMatchObject({ name: "FileError" });
    const cut = join(folder, "cut");
    await writeFile(cut, writeSafetensors(weights).subarray(0, -1));
    await expect(loadSafetensors(cut)).rejects.toThrow(/cut, byte \d+: data_offsets of tensor "mask" end at 27, but the file has 26 bytes of data; it may be cut off/);
    expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("refuse files in a browser", async () => {
    const spy = vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
    try {
      await expect(saveSafetensors("a", {})).rejects.toThrow("saveSafetensors: files can be used in Node, Deno and Bun only; elsewhere use bytes");
      await expect(loadSafetensors("a")).rejects.toThrow("loadSafetensors: files can be used in Node, Deno and Bun only");
    } finally {
      spy.mockRestore();
    }
  });
});
