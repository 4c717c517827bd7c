import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encode } from "fast-png";
import { beforeAll, expect, test } from "vitest";
import { callIn } from "../call.js";
import { temporaryFolder } from "../temporary-folder.js";

const root = temporaryFolder();
const call = callIn(root);
const grey = (value: number): Uint8Array => encode({ width: 2, height: 2, data: Uint8Array.from({ length: 4 }, (_, at) => value + at), channels: 1, depth: 8 });
const shapes = join(root, "shapes");

beforeAll(async () => {
  for (const [name, value] of [["dark", 0], ["light", 200]] as const) {
    await mkdir(join(root, "images", name), { recursive: true });
    for (let at = 0; at < 10; at++) await writeFile(join(root, "images", name, `${at}.png`), grey(value + at));
  }
  await writeFile(join(root, "table.csv"), "x,y\n1,2\n");
  const { code, notes } = await call("train", "--data", join(root, "images"), "--epochs", "1", "--no-compile", "--out", shapes, "--quiet");
  if (code !== 0) throw new Error(notes);
});

test("data of another form than the model takes are refused with what it takes", async () => {
  expect([
    (await call("evaluate", shapes, "--data", join(root, "table.csv"))).notes, (await call("predict", shapes, join(root, "table.csv"))).notes,
    (await call("evaluate", shapes, "--data", join(root, "none"))).notes,
  ]).toMatchInlineSnapshot(`
    [
      "error: --data …/table.csv is a file, but the model takes grey images of 2 x 2: name a folder with a folder of images for each class, or of IDX files
    ",
      "error: …/table.csv is a table, but the model takes grey images of 2 x 2: name a PNG, JPEG or IDX file, or a folder of images
    ",
      "error: cannot read --data …/none: there is no such file or folder
    ",
    ]
  `);
});

test("a folder of images without classes, or of nothing, is refused with the folders that are needed", async () => {
  await mkdir(join(root, "nothing"));
  expect([(await call("train", "--data", join(root, "images", "dark"))).notes, (await call("train", "--data", join(root, "nothing"))).notes]).toMatchInlineSnapshot(`
    [
      "error: …/images/dark/0.png belongs to no class: put the images into a folder for each class, such as …/images/dark/cat/0.png and …/images/dark/dog/…
    ",
      "error: …/nothing holds no data: expected a folder of images for each class, such as …/nothing/cat/1.png, or IDX files
    ",
    ]
  `);
});

test("an image that ends too early is refused", async () => {
  const whole = grey(7);
  for (const length of [10, 40, whole.length - 5]) {
    await writeFile(join(root, "cut.png"), whole.subarray(0, length));
    expect((await call("predict", shapes, join(root, "cut.png"))).notes).toMatch(/^error: \S+cut\.png: the image is damaged: .*\w; convert or remove it\n$/);
  }
});

test("a table with the content of the training is told to be that; a column whose categories hardly repeat is reported", async () => {
  const names = Array.from({ length: 40 }, (_, at) => `name ${at % 18}`);
  await writeFile(join(root, "train.csv"), `name,size,kind\n${names.map((name, at) => `${name},${at % 5},${"ab"[at % 2] ?? ""}\n`).join("")}`);
  const trained = await call("train", "--data", join(root, "train.csv"), "--target", "kind", "--epochs", "1", "--no-compile", "--out", join(root, "named"), "--quiet");
  expect(trained.out.replaceAll(/\s+/g, " ")).toContain('! "name" has 18 categories in 40 rows, each of which becomes a feature that hardly any other row has. To ignore it, add --ignore name.');
  expect((await call("evaluate", join(root, "named"), "--data", join(root, "train.csv"))).out.replaceAll(/\s+/g, " ")).toMatch(/^! train\.csv has the content that the model was trained on/);
  await writeFile(join(root, "other.csv"), "name,size,kind\nname 1,2,a\n");
  expect((await call("evaluate", join(root, "named"), "--data", join(root, "other.csv"))).out).toMatch(/^accuracy/);
  expect((await call("evaluate", join(root, "named"), "--data", join(root, "other.csv"), "--split", "train")).notes).toBe("error: --split train does not apply to --data …/other.csv, of which all rows are used; leave --split out, or leave --data out for a split of the data of the run\n");
});

test("a model that was removed is missing", async () => {
  await rm(join(shapes, "model.safetensors"));
  expect((await call("inspect", shapes)).notes).toBe("error: …/shapes/model.safetensors is missing, though the run completed an epoch; restore it, or train again with --config …/shapes/config.json\n");
});
