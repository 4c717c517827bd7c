import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeNpy } from "@nn/data";
import { writeNpz } from "@nn/io";
import { toOnnx } from "@nn/onnx";
import { sqrt, tensor, zeros } from "@nn/tensor";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readFolder } from "../conformance/folder.js";
import { report } from "../conformance/report.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "conformance-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const vector = (...data: number[]) => ({ shape: [data.length], dtype: "float32", data });

/** `target(1, 4) = output`, without gradients. */
const call = (id: string, target: string, output: number[], more: object = {}) =>
  ({ id, target, args: {}, inputs: [vector(1, 4)], outputs: [vector(...output)], gradOutputs: [], gradInputs: [null], ...more });

function write(name: string, content: unknown): void {
  writeFileSync(join(folder, name), typeof content === "string" || content instanceof Uint8Array ? content : JSON.stringify(content));
}

test("files of the same category are merged, for any names", async () => {
  write("a.json", { category: "ops-elementwise", cases: [call("root", "torch.sqrt", [1, 2])] });
  write("b.json", { category: "ops-elementwise", cases: [call("opposite", "torch.neg", [-1, -4])] });
  write("notes.md", "no cases");
  expect(await report(readFolder(folder))).toEqual({
    passed: true,
    lines: [
      "category         mode      passed  failed  refused  unknown  optional  worst error",
      "ops-elementwise  eager          2       0        0        0         0          0.0",
      "ops-elementwise  compiled       2       0        0        0         0          0.0",
    ],
  });
});

test("each failure is listed, and unknown targets fail unless they are optional", async () => {
  write("ops.json", {
    category: "ops-elementwise",
    cases: [
      call("wrong", "torch.sqrt", [1, 2.1]), call("shape", "torch.sqrt", [1]), call("new", "torch.new", [1]),
      call("left out", "torch.rare", [1], { optional: true }), call("argument", "torch.sqrt", [1, 2], { args: { mystery: 1 } }),
      { id: "empty", target: "torch.sqrt", args: {} },
    ],
  });
  const { lines, passed } = await report(readFolder(folder));
  expect(passed).toBe(false);
  expect(lines.join("\n").replace(/(TypeError: )[^\n]+undefined[^\n]+( \[)/, "$1…$2")).toMatchInlineSnapshot(`
    "category         mode      passed  failed  refused  unknown  optional  worst error
    ops-elementwise  eager          0       4        0        1         1     Infinity
    ops-elementwise  compiled       0       4        0        1         1     Infinity

    Failed, or unknown without being optional:
      ops-elementwise: wrong (torch.sqrt): output 0: element 1 is 2, expected 2.1 (455 times the tolerance) [eager, compiled]
      ops-elementwise: shape (torch.sqrt): output 0: is float32 [2], expected float32 [1] [eager, compiled]
      ops-elementwise: new (torch.new): nothing is mapped to torch.new [eager, compiled]
      ops-elementwise: argument (torch.sqrt): TypeError: the mapping of torch.sqrt leaves out the arguments mystery [eager, compiled]
      ops-elementwise: empty (torch.sqrt): TypeError: … [eager, compiled]"
  `);
});

test("a case that cannot be compiled is refused, not failed", async () => {
  const position = { shape: [1, 1], dtype: "int32", data: [1] };
  write("ops.json", { category: "ops-index", cases: [call("nonZero", "torch.nonzero", [], { inputs: [vector(0, 4)], outputs: [position] })] });
  const { lines, passed } = await report(readFolder(folder));
  expect(passed).toBe(true);
  expect(lines.slice(1, 3)).toEqual([
    "ops-index  eager          1       0        0        0         0          0.0",
    "ops-index  compiled       0       0        1        0         0          0.0",
  ]);
  expect(lines.slice(3).join("\n")).toContain("nonZero (torch.nonzero): TraceError: nonZero: the value of a traced tensor is not known");
});

test("files that cannot be run fail, each with its reason", async () => {
  write("broken.json", "{");
  write("case.json", { category: "losses", cases: [{ id: "no target", args: {} }] });
  write("list.json", []);
  write("nameless.json", { cases: [] });
  write("none.json", { category: "losses" });
  write("other.json", { category: "weather", cases: [] });
  const { lines, passed } = await report(readFolder(folder));
  expect(passed).toBe(false);
  expect(lines.slice(1).join("\n").replace(/(broken.json: ).+/, "$1…")).toMatchInlineSnapshot(`
    "
    Could not be run:
      broken.json: …
      case.json: case 0 lacks an \`id\`, a \`target\` or \`args\`
      list.json: expected an object with \`category\` and \`cases\`, or with the \`name\` of a model and sections
      nameless.json: has no \`category\`
      none.json: has no list of \`cases\`
      weather (cases: 0): nothing runs this category"
  `);
});

test("recorded models are constructed from their arguments, and an index names files that are there", async () => {
  const keys = [["0.weight", [2, 3], "float32"], ["0.bias", [2], "float32"]];
  const model = { name: "mlp", standard: { config: { sizes: [3, 2] }, parameters: 8, keys }, wrong: { config: { sizes: [3, 2], mystery: 1 }, keys }, other: { config: { sizes: [3, 1] }, keysAs: "standard" } };
  write("mlp.json", model);
  write("new.json", { ...model, name: "perceptron" });
  write("index.json", [{ file: "mlp.json", sections: {} }, { file: "lost.json", sections: {} }]);
  const { lines, passed } = await report(readFolder(folder));
  expect(passed).toBe(false);
  expect(lines.join("\n")).toMatchInlineSnapshot(`
    "category  mode      passed  failed  refused  unknown  optional  worst error
    models    eager          1       2        0        3         0     Infinity
    models    compiled       0       0        0        0         0          0.0

    Failed, or unknown without being optional:
      models: mlp, wrong, names (mlp): ArgumentError: MLP: there is no option "mystery"; its options are sizes, activation [eager]
      models: mlp, other, names (mlp): entry 0 is 0.weight float32 [1, 3], expected 0.weight float32 [2, 3] [eager]
      models: perceptron, standard, names (perceptron): nothing is mapped to perceptron [eager]
      models: perceptron, wrong, names (perceptron): nothing is mapped to perceptron [eager]
      models: perceptron, other, names (perceptron): nothing is mapped to perceptron [eager]

    Could not be run:
      index.json: lists lost.json, which is not there"
  `);
});

const onnxFile = toOnnx(sqrt, { x: zeros([2]) }, { outputNames: ["y"] });
const roots = { file: "root.onnx", verdict: "run", bytes: onnxFile.length, opset: 17, cases: [{ inputs: { x: vector(1, 4) }, outputs: { y: vector(1, 2) } }] };

function writeOnnx(place: string, index: readonly object[]): void {
  mkdirSync(join(folder, place), { recursive: true });
  write(join(place, "root.onnx"), onnxFile);
  write(join(place, "damaged.onnx"), onnxFile.subarray(0, -1));
  write(join(place, "index.json"), index);
}

test.each([".", "onnx", "models/onnx"])("the ONNX files that an index lists run or are refused, in the folder %s", async (place) => {
  writeOnnx(place, [roots, { ...roots, verdict: "run-or-refuse" }, { file: "damaged.onnx", verdict: "refuse" }, { file: "damaged.onnx", verdict: "run-or-refuse" }]);
  expect(await report(readFolder(folder))).toEqual({
    passed: true,
    lines: [
      "category  mode      passed  failed  refused  unknown  optional  worst error",
      "onnx      eager          4       0        0        0         0          0.0",
      "onnx      compiled       3       0        0        0         0          0.0",
    ],
  });
});

test("each ONNX file fails that does not do what is recorded", async () => {
  writeOnnx(".", [
    { ...roots, verdict: "refuse" }, { file: "damaged.onnx", verdict: "run" }, { ...roots, bytes: 7 }, { ...roots, mystery: 1 }, { ...roots, cases: [] },
    { ...roots, cases: [{ inputs: { x: vector(1, 4) }, outputs: { y: vector(1, 2.1) } }] }, { ...roots, cases: [{ inputs: { x: vector(1, 4) }, outputs: { z: vector(1, 2) } }] },
    { file: "lost.onnx", verdict: "run" },
  ]);
  const { lines, passed } = await report(readFolder(folder));
  expect(passed).toBe(false);
  expect(lines.join("\n").replace(`${onnxFile.length} bytes`, "… bytes").replace(/ENOENT[^\n]+'/, "ENOENT")).toMatchInlineSnapshot(`
    "category  mode      passed  failed  refused  unknown  optional  worst error
    onnx      eager          0       8        0        0         0     Infinity
    onnx      compiled       0       7        0        0         0     Infinity

    Failed, or unknown without being optional:
      onnx: root.onnx (refuse): the file was read, and must be refused [eager]
      onnx: damaged.onnx (run): fromOnnx: this is no ONNX file, or it is damaged: premature EOF [eager, compiled]
      onnx: root.onnx (run): TypeError: the file has … bytes, recorded were 7 [eager, compiled]
      onnx: root.onnx (run): TypeError: the runner does not know the fields mystery [eager, compiled]
      onnx: root.onnx (run): TypeError: there are no outputs to compare with [eager, compiled]
      onnx: root.onnx (run): y: element 1 is 2, expected 2.1 (455 times the tolerance) [eager, compiled]
      onnx: root.onnx (run): the outputs are y, expected z [eager, compiled]
      onnx: lost.onnx (run): Error: ENOENT [eager, compiled]

    Could not be run:
      index.json: lists lost.onnx, which is not there"
  `);
});

const npy = encodeNpy(tensor([1, 4]));
const npz = writeNpz({ x: tensor([1, 4]) });
const stored = { dtype: "float32", shape: [2], data: [1, 4] };

function writeStored(place: string, index: readonly object[]): void {
  mkdirSync(join(folder, place), { recursive: true });
  write(join(place, "a.npy"), npy);
  write(join(place, "a.npz"), npz);
  write(join(place, "damaged.npz"), npz.subarray(0, -1));
  write(join(place, "index.json"), index);
}

test.each([".", "npz", "torch-files", "models/npz", "models/torch-files"])("the files of NumPy and PyTorch that an index lists are read or refused, in the folder %s", async (place) => {
  writeStored(place, [
    { file: "a.npy", verdict: "read", bytes: npy.length, array: stored }, { file: "a.npz", verdict: "read", arrays: { x: stored }, note: "one array" }, { file: "damaged.npz", verdict: "refuse" },
    { file: "damaged.npz", verdict: "read-or-refuse", arrays: { x: stored } }, { file: "a.npz", verdict: "refuse-or-read" },
  ]);
  expect(await report(readFolder(folder))).toEqual({
    passed: true,
    lines: ["category     mode   passed  failed  refused  unknown  optional  worst error", "checkpoints  eager       5       0        0        0         0          0.0"],
  });
});

test("each file of NumPy fails that is not read as recorded", async () => {
  writeStored(".", [
    { file: "a.npy", verdict: "read", array: { ...stored, data: [1, 5] } }, { file: "a.npy", verdict: "read", bytes: 7, array: stored }, { file: "a.npz", verdict: "refuse" },
    { file: "a.npz", verdict: "read-or-refuse", arrays: { y: stored } }, { file: "damaged.npz", verdict: "read", arrays: { x: stored } }, { file: "a.npz", verdict: "read", mystery: 1 },
    { file: "damaged.npz", verdict: "refuse" },
  ]);
  const { lines, passed } = await report(readFolder(folder));
  expect(passed).toBe(false);
  expect(lines.join("\n").replaceAll(folder, "…").replace(`${npy.length} bytes`, "… bytes")).toMatchInlineSnapshot(`
    "category     mode   passed  failed  refused  unknown  optional  worst error
    checkpoints  eager       1       6        0        0         0     Infinity

    Failed, or unknown without being optional:
      checkpoints: a.npy (read): it holds {"shape":[2],"data":[1,4]}, expected {"shape":[2],"data":[1,5]} [eager]
      checkpoints: a.npy (read): the file has … bytes, recorded were 7 [eager]
      checkpoints: a.npz (refuse): the file was read, and must be refused [eager]
      checkpoints: a.npz (read-or-refuse): it holds {"x":{"shape":[2],"data":[1,4]}}, expected {"y":{"shape":[2],"data":[1,4]}} [eager]
      checkpoints: damaged.npz (read): …/damaged.npz: the zip archive has no directory at its end; it is cut off or damaged [eager]
      checkpoints: a.npz (read): the runner does not know the fields mystery [eager]"
  `);
});

test("a folder without files fails", async () => {
  const { passed, lines } = await report(readFolder(folder));
  expect([passed, lines.at(-1)]).toEqual([false, `  ${folder} has no JSON files`]);
});
