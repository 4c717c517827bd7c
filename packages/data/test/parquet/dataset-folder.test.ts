import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { datasetFolder, type DatasetFolder } from "../../src/parquet/index.js";

const fixture = fileURLToPath(new URL("fixtures/folder", import.meta.url));
const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

/** A folder with these files; a file of Parquet is a copy of a fixture. */
async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "folder-"));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await (name.endsWith(".parquet") ? copyFile(join(fixture, "data", content), join(folder, name)) : writeFile(join(folder, name), content));
  }
  return folder;
}

const filesOf = (folder: DatasetFolder): unknown => Object.fromEntries(folder.names.map((name) => [name, folder.split(name).files.map((file) => file.slice(folder.path.length + 1))]));

describe("datasetFolder", () => {
  it("joins the parts of a split", async () => {
    const folder = await datasetFolder(fixture);
    expect(filesOf(folder)).toEqual({ train: ["data/train-00000-of-00002.parquet", "data/train-00001-of-00002.parquet"], test: ["data/test-00000-of-00001.parquet"] });
    expect([...(await folder.split("train").readTable())]).toEqual([{ x: 0, y: "a" }, { x: 1, y: "b" }, { x: 2, y: "a" }]);
    expect([...(await folder.split("train").readTable({ select: ["y"], columns: { y: "categorical" } }))]).toEqual([{ y: "a" }, { y: "b" }, { y: "a" }]);
    const records: unknown[] = [];
    for await (const record of folder.split("train").records()) records.push(record);
    expect(records).toEqual([{ x: 0, y: "a" }, { x: 1, y: "b" }, { x: 2, y: "a" }]);
    expect(() => folder.split("tset")).toThrow('DatasetFolder.split: there is no split "tset"; there are "train", "test"; did you mean "test"?');
  });

  it("finds splits by the words of names and folders", async () => {
    const csv = "x,y\n1,a\n";
    expect(filesOf(await datasetFolder(await folderOf({ "train.csv": csv, "my-dev_set.csv": csv, "eval/b.csv": csv, ".cache/train.csv": csv, "notes.txt": "" })))).toEqual({ train: ["train.csv"], validation: ["my-dev_set.csv"], test: ["eval/b.csv"] });
    expect(filesOf(await datasetFolder(await folderOf({ "a.csv": csv, "b.csv": csv })))).toEqual({ train: ["a.csv", "b.csv"] });
    const mixed = await folderOf({ "train.csv": csv, "more.csv": csv });
    await expect(datasetFolder(mixed)).rejects.toThrow('"more.csv" belong to no split, but others do; put train, validation or test into the names');
  });

  it("reads CSV and JSON Lines, with the columns of the first file", async () => {
    const folder = await datasetFolder(await folderOf({ "train-0.csv": "id,x\na1,1\n", "train-1.csv": "id,x\n22,2\n", "test.jsonl": '{"id": "a", "x": 1}\n{"id": "b", "x": null}\n' }));
    expect([...(await folder.split("train").readTable())]).toEqual([{ id: "a1", x: 1 }, { id: "22", x: 2 }]);
    expect([...(await folder.split("test").readTable({ missing: "keep" }))]).toEqual([{ id: "a", x: 1 }, { id: "b", x: NaN }]);
    expect([...(await folder.split("test").readTable({ select: ["id"] }))]).toEqual([{ id: "a" }, { id: "b" }]);
    expect((await folder.split("test").readTable({ select: ["x"], missing: "dropRow" })).dropped).toEqual({ rows: 1, missing: { x: 1 } });
    await expect(folder.split("test").readTable({ select: ["x"] })).rejects.toThrow('test.jsonl, column "x": row 1 has no value');
    const differing = await datasetFolder(await folderOf({ "a.csv": "x\n1\n", "b.csv": "x,y\n1,2\n" }));
    await expect(differing.split("train").readTable()).rejects.toThrow('b.csv, column "y": it has the columns "x numeric", "y numeric", the first file "x numeric"; files of a split must have the same columns');
  });

  it("follows links to files and folders, as the cache of Hugging Face has them", async () => {
    const csv = "x,y\n1,a\n";
    const path = await folderOf({ "blobs/0a1b": csv, "more/test.csv": csv, "snapshot/README.md": "" });
    await symlink("../blobs/0a1b", join(path, "snapshot", "train.csv"));
    await symlink("../more", join(path, "snapshot", "more"));
    const folder = await datasetFolder(join(path, "snapshot"));
    expect(filesOf(folder)).toEqual({ train: ["train.csv"], test: ["more/test.csv"] });
    expect([...(await folder.split("train").readTable())]).toEqual([{ x: 1, y: "a" }]);
    await symlink("..", join(path, "more", "round"));
    await expect(datasetFolder(join(path, "more"))).rejects.toThrow("round/more: the link leads to a folder that it lies in; remove it");
    await symlink("nowhere", join(path, "blobs", "train.csv"));
    await expect(datasetFolder(join(path, "blobs"))).rejects.toThrow("blobs/train.csv");
  });

  it.each([".", "./", "small", "./small/"])("finds the data_dir %s", async (place) => {
    const path = await folderOf({ "README.md": `---\nconfigs:\n- config_name: a\n  data_dir: ${place}\n---\n`, "small/train.csv": "x\n1\n" });
    expect(filesOf(await datasetFolder(path))).toEqual({ train: ["small/train.csv"] });
  });

  it("follows the front matter of README.md", async () => {
    const card = `---
license: mit
configs:
- config_name: default
  data_files:
  - split: train
    path: "data/train-*"
  - split: held_out
    path: ["data/test-*", "extra/**/*.csv"]
- config_name: small
  data_dir: small
---
# Words
`;
    const files = { "README.md": card, "data/train-00000-of-00001.parquet": "train-00001-of-00002.parquet", "data/test-00000-of-00001.parquet": "test-00000-of-00001.parquet", "extra/a/b.csv": "x,y\n9,z\n", "small/train.csv": "x\n1\n" };
    const path = await folderOf(files);
    const folder = await datasetFolder(path);
    expect(folder.configs).toEqual(["default", "small"]);
    expect(filesOf(folder)).toEqual({ train: ["data/train-00000-of-00001.parquet"], held_out: ["data/test-00000-of-00001.parquet", "extra/a/b.csv"] });
    expect([...(await folder.split("held_out").readTable())]).toEqual([{ x: 3, y: "b" }, { x: 9, y: "z" }]);
    expect(filesOf(await datasetFolder(path, { config: "small" }))).toEqual({ train: ["small/train.csv"] });
    await expect(datasetFolder(path, { config: "smal" })).rejects.toThrow('datasetFolder: there is no configuration "smal"; there are "default", "small"; did you mean "small"?');
  });

  it.each([
    ["data_files:\n    train: ../x.csv", 'configs[0].data_files.train is "../x.csv", which lies outside of the folder'],
    ["data_files: hf://x.csv", "which lies outside of the folder"],
    ["data_files: none-*.csv", 'no file fits "none-*.csv" of the split "train"'],
    ["data_files:\n  - path: a.csv", "configs[0].data_files[0] has no split"],
    ["data_files:\n  - {split: test, path: a.csv}\n  - {split: test, path: b.csv}", 'configs[0].data_files has the split "test" twice; write one entry for it, with a list of paths'],
    ["data_files: a.csv\n- config_name: a", 'there are two configurations "a"; give each a config_name of its own'],
    ["data_files: a.csv\n- small", "configs[1] is not a mapping"],
    ["data_dir: ../x", 'configs[0].data_dir is "../x", which lies outside of the folder'],
    ["data_files: []", "configs[0].data_files is an empty list, expected paths"],
    ["data_files: [", "the front matter is not YAML"],
  ])("refuses a front matter with %s", async (config, message) => {
    await expect(datasetFolder(await folderOf({ "README.md": `---\nconfigs:\n- config_name: a\n  ${config}\n---\n`, "a.csv": "x\n1\n" }))).rejects.toThrow(message);
  });

  it("refuses what is no data set, or not all of one", async () => {
    await expect(datasetFolder(await folderOf({ "data/train-00000-of-00002.parquet": "train-00000-of-00002.parquet" }))).rejects.toThrow('the part "data/train-00001-of-00002.parquet" is missing; download it too');
    await expect(datasetFolder(await folderOf({ "a.txt": "" }))).rejects.toThrow("there is no file of Parquet, CSV, JSON or JSON Lines");
    await expect(datasetFolder("/nowhere")).rejects.toThrow('datasetFolder: cannot read "/nowhere"');
    await expect(datasetFolder(fixture, { confg: "a" } as never)).rejects.toThrow('did you mean "config"?');
  });
});
