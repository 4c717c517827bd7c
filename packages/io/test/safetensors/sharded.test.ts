import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ones, tensor, type Tensor } from "@nn/tensor";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openCheckpoint, saveShards } from "../../src/index.js";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "shards-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const tensors = { first: ones([10]), large: ones([100]), half: tensor([1, 2], { dtype: "float64" }), last: tensor([3], { dtype: "int32" }) };

async function readAll(): Promise<Readonly<Record<string, Tensor>>> {
  const checkpoint = await openCheckpoint(folder);
  try {
    return await checkpoint.readAll();
  } finally {
    await checkpoint.close();
  }
}

it("fills files up to the limit, and writes an index that leads back to every tensor", async () => {
  await saveShards(folder, tensors, { maxShardBytes: 56, metadata: { format: "pt" } });
  expect(readdirSync(folder).toSorted()).toEqual(["model-00001-of-00003.safetensors", "model-00002-of-00003.safetensors", "model-00003-of-00003.safetensors", "model.safetensors.index.json"]);
  expect(JSON.parse(readFileSync(join(folder, "model.safetensors.index.json"), "utf8"))).toEqual({
    metadata: { total_size: 40 + 400 + 16 + 4 },
    weight_map: { first: "model-00001-of-00003.safetensors", large: "model-00002-of-00003.safetensors", half: "model-00003-of-00003.safetensors", last: "model-00003-of-00003.safetensors" },
  });
  expect(await readAll()).toEqual(tensors);
});

it("writes one file without an index if all fit, and removes what an earlier call left", async () => {
  await saveShards(folder, tensors, { maxShardBytes: 56 });
  await saveShards(folder, { only: tensor([7]) });
  expect(readdirSync(folder)).toEqual(["model.safetensors"]);
  expect(await readAll()).toEqual({ only: tensor([7]) });
  await saveShards(folder, tensors, { maxShardBytes: 56 });
  expect(readdirSync(folder)).toHaveLength(4);
  expect(await readAll()).toEqual(tensors);
});

it("says what is wrong", async () => {
  await expect(saveShards(folder, tensors, { maxShardBytes: 0 })).rejects.toThrow("saveShards: maxShardBytes is 0, expected a positive whole number");
  // @ts-expect-error a number is no tensor
  await expect(saveShards(folder, { a: 1 })).rejects.toThrow('saveShards: tensor "a" is 1, expected a Tensor');
  expect(readdirSync(folder)).toEqual([]);
});
