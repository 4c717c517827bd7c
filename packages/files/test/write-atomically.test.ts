import { spawnSync } from "node:child_process";
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FileError, removeStaleTemporaries, systemReason, writeAtomically } from "../src/index.js";
import { temporaryPath } from "../src/temporaries.js";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "files-"));
});

afterEach(() => rm(folder, { recursive: true }));

/** The number of a process that ran and is no more. */
function endedProcess(): number {
  return spawnSync(process.execPath, ["-e", ""]).pid;
}

/** The name of a temporary file as another process would give it. */
function temporaryOf(name: string, pid: number, host = /\.([0-9a-f]{8})-\d+-/.exec(temporaryPath("test", join(folder, "x")))?.[1] ?? ""): string {
  return join(folder, `.${name}.${host}-${pid}-0123abcd.tmp`);
}

describe("writeAtomically", () => {
  it("writes texts and bytes, and replaces an existing file", async () => {
    const path = join(folder, "a.txt");
    await writeAtomically("save", path, "first, and longer");
    await writeAtomically("save", path, Uint8Array.of(104, 105));
    expect(await readFile(path, "utf8")).toBe("hi");
    expect(await readdir(folder)).toEqual(["a.txt"]);
  });

  it("keeps permissions and links", async () => {
    const path = join(folder, "a.txt");
    await writeFile(path, "old");
    await chmod(path, 0o600);
    await symlink("a.txt", join(folder, "link"));
    await writeAtomically("save", join(folder, "link"), "new");
    expect((await lstat(join(folder, "link"))).isSymbolicLink()).toBe(true);
    expect(await readFile(path, "utf8")).toBe("new");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("writes directly to a target that is not a regular file", async () => {
    await writeAtomically("save", "/dev/null", "gone");
    expect((await stat("/dev/null")).isCharacterDevice()).toBe(true);
  });

  it("leaves nothing behind if it fails, and reports why", async () => {
    await mkdir(join(folder, "taken"));
    await expect(writeAtomically("save", join(folder, "taken"), "x")).rejects.toThrow(FileError);
    await expect(writeAtomically("save", join(folder, "no", "where"), "x")).rejects.toThrow(
      `save: cannot write ${JSON.stringify(join(folder, "no", "where"))}: there is no such file or folder`);
    await expect(writeAtomically("save", 5 as never, "x")).rejects.toThrow("save: path is 5, expected a string");
    expect(await readdir(folder)).toEqual(["taken"]);
  });

  it("removes temporary files of crashed processes for this file, and nothing else", async () => {
    const [ended, running, other, elsewhere] = [
      temporaryOf("a.txt", endedProcess()), temporaryOf("a.txt", process.pid), temporaryOf("b.txt", endedProcess()), temporaryOf("a.txt", endedProcess(), "00000000"),
    ];
    for (const path of [ended, running, other, elsewhere]) await writeFile(path, "half");
    await writeFile(join(folder, ".a.txt.tmp"), "the user's own");
    await writeAtomically("save", join(folder, "a.txt"), "x");
    const left = (await readdir(folder)).map((name) => join(folder, name)).toSorted();
    expect(left).toEqual([join(folder, ".a.txt.tmp"), running, elsewhere, other, join(folder, "a.txt")].toSorted());
  });
});

describe("removeStaleTemporaries", () => {
  it("removes temporary files of all files in a folder; those of other machines when they are old", async () => {
    const [first, second, old] = [temporaryOf("a", endedProcess()), temporaryOf("b", endedProcess()), temporaryOf("c", process.pid, "00000000")];
    for (const path of [first, second, old]) await writeFile(path, "half");
    const days = new Date(Date.now() - 3 * 24 * 3600 * 1000);
    await utimes(old, days, days);
    await removeStaleTemporaries(folder);
    expect(await readdir(folder)).toEqual([]);
    await expect(removeStaleTemporaries(join(folder, "missing"))).rejects.toThrow("there is no such file or folder");
  });
});

it("FileError describes the system's reason, and escapes the path", () => {
  const full = Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" });
  const error = new FileError("save", "write", "a\u001b[2J\u202e.txt", full);
  expect(error.message).toBe('save: cannot write "a\\u001b[2J\\u202e.txt": the disk is full');
  expect(error).toMatchObject({ name: "FileError", code: "ENOSPC", path: "a\u001b[2J\u202e.txt", cause: full });
  expect(systemReason(new Error("odd"))).toBe("odd");
  expect(systemReason("odd")).toBe("odd");
});

it("reports where files cannot be used", async () => {
  const spy = vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
  try {
    await expect(writeAtomically("save", "a", "x")).rejects.toThrow("save: files can be used in Node, Deno and Bun only");
  } finally {
    spy.mockRestore();
  }
});
