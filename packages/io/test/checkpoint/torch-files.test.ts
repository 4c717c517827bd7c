import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { CheckpointError, openCheckpoint, type CheckpointFile } from "../../src/index.js";

// Files that PyTorch 1.13 wrote, and hand-made hostile ones, each with what must happen.

interface Case {
  readonly file: string;
  readonly verdict: "read" | "refuse" | "refuse-or-read" | "read-or-refuse" | "read-without-effect";
  readonly note: string;
  readonly content?: unknown;
}

const folder = fileURLToPath(new URL("../../../../tests/reference/models/torch-files/", import.meta.url));
const cases = JSON.parse(readFileSync(`${folder}index.json`, "utf8")) as readonly Case[];
/** Files of which tests of their own say what must happen: integers beyond int32, and a safetensors file under a wrong name. */
const special = new Set(["zip_int64_large.pt", "not_a_checkpoint_safetensors.pt"]);

/** The content of a checkpoint in the form of the index, with the values of its tensors. */
async function contentOf(checkpoint: CheckpointFile): Promise<unknown> {
  const convert = async (value: unknown): Promise<unknown> => {
    if (value instanceof Map) return { dict: await Promise.all(Array.from(value, async ([key, each]) => [await convert(key), await convert(each)])) };
    if (Array.isArray(value)) return { list: await Promise.all(value.map(convert)) };
    if (typeof value === "bigint") return Number(value);
    if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
    const { tensor: name } = value as { readonly tensor: string };
    const stored = checkpoint.tensors.find((each) => each.name === name);
    const tensor = await checkpoint.read(name);
    expect(tensor.shape).toEqual(stored?.shape);
    return { tensor: true, dtype: names[stored?.dtype ?? ""], shape: [...tensor.shape], data: Array.from(tensor.data("test"), (element) => (tensor.dtype === "bool" ? element === 1 : Number.isFinite(element) ? element : String(element))) };
  };
  return convert(checkpoint.value);
}

const names: Readonly<Record<string, string>> = { F32: "float32", F64: "float64", F16: "float16", BF16: "bfloat16", I64: "int64", I32: "int32", I16: "int16", I8: "int8", U8: "uint8", BOOL: "bool" };

/** Tuples are lists to users, and -0 of JSON is 0. */
function expectedOf(content: unknown): unknown {
  if (Array.isArray(content)) return content.map(expectedOf);
  if (typeof content !== "object" || content === null) return content;
  const record = content as Readonly<Record<string, unknown>>;
  if ("tuple" in record) return { list: expectedOf(record["tuple"]) };
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, expectedOf(value)]));
}

/** Opens a file and reads all that it holds. */
async function readWhole(file: string): Promise<unknown> {
  const checkpoint = await openCheckpoint(`${folder}${file}`);
  try {
    return await contentOf(checkpoint);
  } finally {
    await checkpoint.close();
  }
}

describe("files of torch.save", () => {
  test.each(cases.filter(({ verdict, file }) => (verdict === "read" || verdict === "read-without-effect") && !special.has(file)))("$file: $note", async ({ file, content }) => {
    expect(await readWhole(file)).toEqual(expectedOf(content));
  });

  test.each(cases.filter(({ verdict, file }) => verdict === "refuse" && !special.has(file)))("$file is refused: $note", async ({ file }) => {
    const error: unknown = await readWhole(file).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(CheckpointError);
    expect((error as Error).message).toMatch(/\.pt(, byte \d+)?: /);
  });

  test.each(cases.filter(({ verdict }) => verdict === "refuse-or-read" || verdict === "read-or-refuse"))("$file is read or refused: $note", async ({ file, content }) => {
    const found: unknown = await readWhole(file).catch((cause: unknown) => (cause instanceof CheckpointError ? "refused" : cause));
    expect([found, found === "refused" || content === undefined ? found : expectedOf(content)]).toEqual([found, found]);
  });

  test("texts and numbers with a negative length are refused", async () => {
    const bytes = new Uint8Array(readFileSync(`${folder}legacy_checkpoint.pt`));
    // "K 4", a number of one byte in the description of types, becomes operations that read a length of four bytes.
    const at = bytes.findIndex((byte, index) => byte === 75 && bytes[index + 1] === 4);
    expect(at).toBeGreaterThan(0);
    for (const operation of ["T", "\x8b"]) {
      const damaged = bytes.slice();
      damaged.set([operation.charCodeAt(0), 252, 255, 255, 255], at);
      await expect(openCheckpoint(damaged)).rejects.toThrow(/byte \d+ of the pickle: a length is negative: -4 bytes/);
    }
  });

  test("integers beyond int32 are refused with their value, one tensor at a time", async () => {
    const checkpoint = await openCheckpoint(`${folder}zip_int64_large.pt`);
    await expect(checkpoint.read("x")).rejects.toThrow("which int32 cannot hold");
    await checkpoint.close();
  });

  test("a safetensors file is read, whatever its name says", async () => {
    const checkpoint = await openCheckpoint(`${folder}not_a_checkpoint_safetensors.pt`);
    expect([checkpoint.format, checkpoint.value]).toEqual(["safetensors", undefined]);
    await checkpoint.close();
  });

  test("nothing reaches the prototypes of objects", async () => {
    for (const { file } of cases) await readWhole(file).catch(() => undefined);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as { readonly polluted?: unknown }).polluted).toBeUndefined();
  });
});
