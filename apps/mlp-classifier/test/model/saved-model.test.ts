import { writeSafetensors } from "@nn/io";
import { manualSeed, tensor, zeros, type Tensor } from "@nn/tensor";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { buildNetwork, countParameters, type Architecture } from "../../src/model/architecture.js";
import { describeArchitecture } from "../../src/model/describe.js";
import { encodeModel, readModel } from "../../src/model/model-file.js";
import { metadataOf, networkOf, type SavedModel } from "../../src/model/saved-model.js";
import { completeSettings, mergeSettings } from "../../src/settings/merge.js";
import { settings as allSettings } from "../../src/settings/settings.js";
import { temporaryFolder } from "../temporary-folder.js";

const root = temporaryFolder();
const architecture: Architecture = { features: 4, classes: 3, hidden: [5, 6], activation: "relu", dropout: 0, batchNorm: false, ensemble: 1 };

function model(more: Partial<SavedModel> = {}): SavedModel {
  manualSeed(1);
  return {
    architecture, classes: ["a", "b", "c"], input: { kind: "image", height: 2, width: 2, channels: 1 }, settings: completeSettings(mergeSettings({}), "image"), source: null, epoch: 7,
    test: { accuracy: 0.9, loss: 0.1, examples: 10 }, weights: buildNetwork(more.architecture ?? architecture).stateDict(), ...more,
  };
}

async function saved(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(root, name);
  await writeFile(path, bytes);
  return path;
}

const withChecksum = (weights: Readonly<Record<string, Tensor>>, metadata: Readonly<Record<string, string>>): Uint8Array => writeSafetensors(weights, metadata, { checksum: true });

async function complaint(step: Promise<unknown>): Promise<string> {
  const error: unknown = await step.catch((caught: unknown) => caught);
  if (!(error instanceof Error)) throw new Error("expected an error");
  return error.message.replaceAll(root, "…");
}

describe("a network", () => {
  test("has an affine map for every layer, and names as PyTorch's Sequential", () => {
    const network = buildNetwork(architecture);
    expect(Object.entries(network.stateDict()).map(([name, { shape }]) => [name, shape])).toEqual([
      ["0.weight", [5, 4]], ["0.bias", [5]], ["2.weight", [6, 5]], ["2.bias", [6]], ["4.weight", [3, 6]], ["4.bias", [3]],
    ]);
    expect(countParameters(network)).toBe(25 + 36 + 21);
    expect(describeArchitecture(architecture)).toBe("4 → 5 relu → 6 relu → 3");
  });

  const activations = allSettings.activation.kind.expected.replace("one of ", "").split(", ") as Architecture["activation"][];

  test.each(activations)("with %s gives logits for every class", (activation) => {
    const network = buildNetwork({ ...architecture, activation, dropout: 0.5, batchNorm: true });
    expect(network.forward(zeros([2, 4])).shape).toEqual([2, 3]);
    expect(network.eval().forward(zeros([1, 4])).shape).toEqual([1, 3]);
  });

  test("without hidden layers is linear", () => {
    expect(Object.keys(buildNetwork({ ...architecture, hidden: [] }).stateDict())).toEqual(["0.weight", "0.bias"]);
    expect(describeArchitecture({ ...architecture, hidden: [], dropout: 0.5 })).toBe("4 → 3");
    expect(describeArchitecture({ ...architecture, dropout: 0.5, batchNorm: true })).toBe("4 → 5 norm relu drop 0.5 → 6 norm relu drop 0.5 → 3");
  });
});

describe("a saved model", () => {
  test("is read back unchanged", async () => {
    const given = model({ architecture: { ...architecture, batchNorm: true } });
    const path = await saved("model.safetensors", encodeModel(given));
    const { file, model: found } = await readModel(path);
    expect(file).toBe(path);
    const { weights, ...rest } = given;
    expect(found).toMatchObject(rest);
    const x = zeros([1, 4]);
    expect(networkOf(path, found).forward(x).toArray()).toEqual(networkOf(path, { ...found, weights }).forward(x).toArray());
  });

  test("is refused if any byte has changed, as its checksum tells", async () => {
    const bytes = encodeModel(model());
    const header = 8 + new DataView(bytes.buffer, bytes.byteOffset, 8).getUint32(0, true);
    const text = Buffer.from(bytes).toString("latin1");
    const places = [header + 3, header + 100, bytes.length - 1, text.indexOf("epochs"), text.indexOf('"checksum"') + 13];
    for (const at of places) {
      const changed = bytes.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      const told = await complaint(readModel(await saved(`byte-${at}`, changed)));
      expect(told).toBe(`…/byte-${at} is damaged: its checksum is wrong; copy the file again, or train again`);
    }
  });

  test("of the version before checksums is read", async () => {
    const { weights, ...rest } = model();
    expect((await readModel(await saved("earlier", writeSafetensors(weights, { ...metadataOf(rest), version: "2" })))).model.epoch).toBe(7);
  });

  test("that is damaged or of another program is refused in one sentence", async () => {
    const { weights, ...rest } = model();
    const metadata = metadataOf(rest);
    const messages = [
      await complaint(readModel(await saved("text", Buffer.from("hello world, this is no model")))),
      await complaint(readModel(await saved("foreign", writeSafetensors(weights, { format: "pt" })))),
      await complaint(readModel(await saved("future", writeSafetensors(weights, { ...metadata, version: "9" })))),
      await complaint(readModel(await saved("classes", withChecksum(weights, { ...metadata, classes: "[1" })))),
      await complaint(readModel(await saved("input", withChecksum(weights, { ...metadata, input: '{"kind":"table","target":"x","missing":"error","columns":[],"encoder":{},"labels":{}}' })))),
      await complaint(readModel(join(root, "missing"))),
    ];
    expect(messages).toMatchInlineSnapshot(`
      [
        "…/text, byte 0: the header is said to have 8031924123371070824 bytes, expected at most 100000000 (maxHeaderBytes); this is not a safetensors file",
        "…/foreign was not written by nn-mlp: its metadata do not describe a network",
        "…/future has version 9 of the format; this program reads version 3",
        "…/classes is damaged: its metadata have no proper "classes"",
        "…/input is damaged: its metadata have no proper "input.encoder"",
        "cannot read …/missing: there is no such file or folder",
      ]
    `);
    expect(() => networkOf("m", { ...model(), weights: {} })).toThrow(/^m is damaged: the state dictionary does not fit/);
  });

  test("whose parts do not fit together is refused before anything is built", async () => {
    const { weights, ...rest } = model();
    const metadata = metadataOf(rest);
    const tampered = async (name: string, more: Readonly<Record<string, unknown>>, other = weights): Promise<string> =>
      complaint(readModel(await saved(name, withChecksum(other, { ...metadata, ...Object.fromEntries(Object.entries(more).map(([key, value]) => [key, JSON.stringify(value)])) }))));
    expect([
      await tampered("names", { classes: ["a", "b"] }),
      await tampered("twice", { classes: ["a", "b", "a"] }),
      await tampered("vast", { architecture: { ...architecture, hidden: [30000, 30000] } }),
      await tampered("negative", { architecture: { ...architecture, hidden: [-1] } }),
      await tampered("text", { architecture: { ...architecture, features: "4" } }),
      await tampered("activation", { architecture: { ...architecture, activation: "toString" } }),
      await tampered("pixels", { input: { kind: "image", height: 3, width: 2, channels: 1 } }),
      await tampered("epoch", { epoch: -5 }),
      await tampered("result", { test: { accuracy: 7, loss: 0, examples: 1 } }),
      await tampered("settings", { settings: { epochs: "1" } }),
      await tampered("nan", {}, { ...weights, "0.bias": tensor([0, NaN, 0, 0, 0]) }),
    ]).toMatchInlineSnapshot(`
      [
        "…/names is damaged: it has 2 names of classes for 3 outputs",
        "…/twice is damaged: two of its classes have one name",
        "…/vast is damaged: its network has 900270003 parameters, but the file holds 82 numbers",
        "…/negative is damaged: its metadata have no proper "architecture.hidden.0"",
        "…/text is damaged: its metadata have no proper "architecture.features"",
        "…/activation is damaged: its metadata have no proper "architecture.activation"",
        "…/pixels is damaged: its input gives 6 features, its network takes 4",
        "…/epoch is damaged: its metadata have no proper "epoch"",
        "…/result is damaged: its metadata have no proper "test.accuracy"",
        "…/settings is damaged: its metadata have no proper "settings"",
        "…/nan is damaged: value 1 of tensor "0.bias" is NaN, expected a finite number",
      ]
    `);
    const path = await saved("shape", withChecksum({ ...weights, "0.bias": zeros([6]) }, metadata));
    const { file, model: found } = await readModel(path);
    expect(() => networkOf(file, found)).toThrow(/shape is damaged: /);
  });
});
