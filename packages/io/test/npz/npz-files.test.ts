import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { tensor, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { CheckpointError, openCheckpoint, saveNpz, writeNpz } from "../../src/index.js";

// Archives that NumPy 1.24 wrote, and broken ones, each with what must happen.

interface Case {
  readonly file: string;
  readonly verdict: "read" | "refuse" | "read-or-refuse";
  readonly note: string;
  readonly arrays?: Readonly<Record<string, { readonly shape: readonly number[]; readonly data: readonly unknown[] }>>;
}

const folder = fileURLToPath(new URL("../../../../tests/reference/models/npz/", import.meta.url));
const cases = JSON.parse(readFileSync(`${folder}index.json`, "utf8")) as readonly Case[];

const plain = (value: Tensor): object => ({ shape: value.shape, data: Array.from(value.data("test"), (element) => (value.dtype === "bool" ? element === 1 : Number.isFinite(element) ? element : String(element))) });
const plainOf = (arrays: object): [string, object][] => Object.entries(arrays).map(([name, { shape, data }]: [string, { shape: unknown; data: unknown }]) => [name, { shape, data }]);

async function read(file: string): Promise<[string, object][]> {
  const checkpoint = await openCheckpoint(`${folder}${file}`);
  try {
    expect(checkpoint.format).toBe("npz");
    return Object.entries(await checkpoint.readAll()).map(([name, value]) => [name, plain(value)]);
  } finally {
    await checkpoint.close();
  }
}

describe(".npz archives", () => {
  test.each(cases.filter(({ verdict }) => verdict === "read"))("$file: $note", async ({ file, arrays = {} }) => {
    expect(await read(file)).toEqual(plainOf(arrays));
  });

  test.each(cases.filter(({ verdict }) => verdict === "refuse"))("$file is refused: $note", async ({ file }) => {
    await expect(read(file)).rejects.toThrow(CheckpointError);
  });

  test.each(cases.filter(({ verdict }) => verdict === "read-or-refuse"))("$file is read or refused: $note", async ({ file, arrays }) => {
    const outcome: unknown = await read(file).catch((error: unknown) => (error instanceof CheckpointError ? "refused" : error));
    expect(["refused", arrays === undefined ? outcome : plainOf(arrays)]).toContainEqual(outcome);
    expect(outcome).not.toBeInstanceOf(Error);
  });

  test("an array that no tensor can hold is refused by its name", async () => {
    await expect(openCheckpoint(`${folder}object_member.npz`)).rejects.toThrow(/the array ".*": its elements have NumPy's type "\|O", expected bool, integers/);
  });
});

describe("writing", () => {
  const tensors = { "a/b": tensor([[1, 2.5], [-0, Infinity]]), __proto__x: tensor([1, 2], { dtype: "int32" }), mask: tensor([true, false]), wide: tensor(Math.PI, { dtype: "float64" }) };

  test.each([false, true])("comes back the same, compressed: %s", async (compressed) => {
    const bytes = writeNpz(tensors, { compressed });
    expect(writeNpz(tensors, { compressed })).toEqual(bytes);
    const checkpoint = await openCheckpoint(bytes);
    expect(await checkpoint.readAll()).toEqual(tensors);
    expect(checkpoint.tensors.map(({ dtype }) => dtype)).toEqual(["F32", "I32", "BOOL", "F64"]);
  });

  test("goes to a file, whole or not at all", async () => {
    const home = mkdtempSync(join(tmpdir(), "npz-"));
    try {
      await saveNpz(join(home, "a.npz"), tensors, { compressed: true });
      const checkpoint = await openCheckpoint(join(home, "a.npz"));
      expect(await checkpoint.readAll()).toEqual(tensors);
      await checkpoint.close();
      await expect(saveNpz(join(home, "missing", "a.npz"), tensors)).rejects.toThrow("saveNpz: cannot write");
    } finally {
      rmSync(home, { recursive: true });
    }
  });
});
