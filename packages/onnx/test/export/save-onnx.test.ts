import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Linear } from "@nn/layers";
import { zeros } from "@nn/tensor";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileError, saveOnnx, toOnnx } from "../../src/index.js";
import { modelProto } from "../../src/proto/onnx.js";

let folder = "";
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), "nn-onnx-")); });
afterEach(() => rm(folder, { recursive: true }));

describe("saveOnnx", () => {
  const model = new Linear(64, 16).eval();
  const inputs = { x: zeros([1, 64]) };

  it("writes the bytes of toOnnx", async () => {
    await saveOnnx(join(folder, "model.onnx"), model, inputs);
    expect(new Uint8Array(await readFile(join(folder, "model.onnx")))).toEqual(toOnnx(model, inputs));
    expect(await readdir(folder)).toEqual(["model.onnx"]);
  });

  it("writes large weights beside the file, at the beginning of a page", async () => {
    await saveOnnx(join(folder, "model.onnx"), model, inputs, { externalData: true });
    const { graph } = modelProto.decode(await readFile(join(folder, "model.onnx")));
    const [weight, bias] = graph?.initializer ?? [];
    expect(weight).toMatchObject({ name: "weight", dataLocation: 1, rawData: undefined });
    expect(weight?.externalData.map(({ key, value }) => `${key} ${value}`)).toEqual(["location model.onnx.data", "offset 0", "length 4096"]);
    expect(bias?.rawData?.length).toBe(64);
    const data = await readFile(join(folder, "model.onnx.data"));
    expect(Array.from(new Float32Array(new Uint8Array(data).buffer))).toEqual(Array.from(model.weight.value.toTypedArray()));
    expect((await stat(join(folder, "model.onnx"))).size).toBeLessThan(1000);
  });

  it("writes nothing if something is refused or cannot be written", async () => {
    await expect(saveOnnx(join(folder, "a.onnx"), new Linear(2, 2), { x: zeros([1, 2]) })).rejects.toThrow("saveOnnx: Linear is in training mode");
    await expect(saveOnnx(join(folder, "missing", "a.onnx"), model, inputs)).rejects.toThrow(FileError);
    await expect(saveOnnx(3 as never, model, inputs)).rejects.toThrow("saveOnnx: path is 3");
    await expect(saveOnnx(join(folder, "a.onnx"), model, inputs, { externalData: "yes" as never })).rejects.toThrow("saveOnnx: externalData");
    expect(await readdir(folder)).toEqual([]);
  });
});
