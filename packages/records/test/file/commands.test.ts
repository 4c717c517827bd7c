import { mkdtempSync, rmSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileError } from "@nn/files";
import { CommandReader, sendCommand } from "@nn/records/node";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let folder = "";
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "nn-commands-")); });
afterEach(() => rmSync(folder, { recursive: true }));

describe("commands", () => {
  it("are received once and in order", async () => {
    const reader = new CommandReader(folder);
    expect(reader.read()).toEqual([]);
    await sendCommand(folder, "pause");
    await sendCommand(folder, "save");
    expect(reader.read()).toEqual(["pause", "save"]);
    expect(reader.read()).toEqual([]);
    await sendCommand(folder, "stop");
    expect(reader.read()).toEqual(["stop"]);
  });

  it("of an earlier run are not obeyed", async () => {
    await sendCommand(folder, "stop");
    expect(new CommandReader(folder).read()).toEqual([]);
  });

  it("are left out if they are invalid or incomplete", async () => {
    const reader = new CommandReader(folder);
    await appendFile(join(folder, "commands.txt"), "format\nsa");
    expect(reader.read()).toEqual([]);
    await appendFile(join(folder, "commands.txt"), "ve\n");
    expect(reader.read()).toEqual(["save"]);
  });

  it("cannot be sent to a missing folder", async () => {
    await expect(sendCommand(join(folder, "none"), "stop")).rejects.toThrow(FileError);
    // @ts-expect-error: a command that there is not
    await expect(sendCommand(folder, "Stop")).rejects.toThrow('sendCommand: the command is the string "Stop", expected "pause", "resume", "stop" or "save"; did you mean "stop"?');
  });
});
