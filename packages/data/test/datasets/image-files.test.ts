import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadCollection, type ImageCollection } from "../../src/datasets/image-collection.js";
import { fashionMnist, mnist, readIdxFolder } from "../../src/index.js";
import { sendFile, serve, type Break } from "../files/server.js";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "images-"));
});

afterEach(() => rm(folder, { recursive: true }));

/** `count` images of 2 x 3 pixels. */
const images = (count: number): Uint8Array =>
  Uint8Array.of(0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 2, 0, 0, 0, 3, ...Array.from({ length: 6 * count }, (_, index) => (index * 51) % 256));
const labels = (...values: readonly number[]): Uint8Array => Uint8Array.of(0, 0, 8, 1, 0, 0, 0, values.length, ...values);

async function put(files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
}

async function message(promise: Promise<unknown>): Promise<string> {
  const text = await promise.then(() => "no error", (error: Error) => `${error.name}: ${error.message}`);
  return text.replaceAll(folder, "FOLDER");
}

describe("readIdxFolder", () => {
  it("reads both parts, plain, compressed, and with dots in their names", async () => {
    await put({
      "train-images-idx3-ubyte": images(2), "train-labels.idx1-ubyte.gz": gzipSync(labels(4, 1)),
      "t10k-images.idx3-ubyte": images(1), "t10k-labels-idx1-ubyte.gz": gzipSync(labels(0)), "notes.txt": new Uint8Array(),
    });
    const { train, test, classes } = await readIdxFolder(folder);
    expect(train?.tensors[0].toArray()).toEqual([
      [0, 0.2, 0.4, 0.6, 0.8, 1].map((value) => expect.closeTo(value)), [50, 101, 152, 203, 254, 49].map((value) => expect.closeTo(value / 255)),
    ]);
    expect(train?.tensors[1].toArray()).toEqual([4, 1]);
    expect(test?.length).toBe(1);
    expect(classes).toEqual(["0", "1", "2", "3", "4"]);
    expect((await mnist({ folder, flatten: false })).train.tensors[0].shape).toEqual([2, 1, 2, 3]);
    expect((await fashionMnist({ folder })).classes[9]).toBe("Ankle boot");
  });

  it("reports a missing part", async () => {
    await put({ "t10k-images-idx3-ubyte.gz": gzipSync(images(1)), "t10k-labels-idx1-ubyte": labels(3) });
    const { train, test } = await readIdxFolder(folder);
    expect([train, test?.length]).toEqual([undefined, 1]);
    expect(await message(mnist({ folder }))).toBe(
      "FormatError: FOLDER: the folder holds only the test part, not the training part; read it with readIdxFolder and split it with stratifiedSplit",
    );
  });

  it("reports what is wrong with the folder", async () => {
    const cases: Readonly<Record<string, Readonly<Record<string, Uint8Array>>>> = {
      empty: {},
      other: { "a.txt": new Uint8Array(), "b.txt": new Uint8Array() },
      noLabels: { "train-images-idx3-ubyte": images(1) },
      noImages: { "t10k-labels-idx1-ubyte.gz": labels(1) },
      count: { "train-images-idx3-ubyte": images(1), "train-labels-idx1-ubyte": labels(1, 2) },
      swapped: { "train-images-idx3-ubyte": labels(1), "train-labels-idx1-ubyte": labels(1) },
      rank: { "train-images-idx3-ubyte": images(1), "train-labels-idx1-ubyte": images(1) },
      cut: { "train-images-idx3-ubyte.gz": gzipSync(images(1)).subarray(0, -2), "train-labels-idx1-ubyte": labels(1) },
    };
    const messages: Record<string, string> = {};
    for (const [name, files] of Object.entries(cases)) {
      await rm(folder, { recursive: true });
      await mkdir(folder);
      await put(files);
      messages[name] = await message(readIdxFolder(folder));
    }
    messages.absent = await message(readIdxFolder(join(folder, "absent")));
    expect(messages).toMatchInlineSnapshot(`
      {
        "absent": "FileError: readIdxFolder: cannot read "FOLDER/absent": there is no such file or folder",
        "count": "FormatError: FOLDER/train-labels-idx1-ubyte: the file holds 2 labels, expected 1, one for each image of FOLDER/train-images-idx3-ubyte",
        "cut": "FormatError: FOLDER/train-images-idx3-ubyte.gz: the gzip data are cut off; expected a complete gzip file",
        "empty": "FormatError: FOLDER: expected IDX files such as train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.gz in the folder, but it is empty",
        "noImages": "FormatError: FOLDER: the folder holds t10k-labels-idx1-ubyte.gz, but not t10k-images-idx3-ubyte, plain or with .gz",
        "noLabels": "FormatError: FOLDER: the folder holds train-images-idx3-ubyte, but not train-labels-idx1-ubyte, plain or with .gz",
        "other": "FormatError: FOLDER: expected IDX files such as train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.gz in the folder, but it holds a.txt, b.txt",
        "rank": "FormatError: FOLDER/train-labels-idx1-ubyte: the file holds uint8 [1, 2, 3], expected labels: uint8 [count]",
        "swapped": "FormatError: FOLDER/train-images-idx3-ubyte: the file holds uint8 [1], expected images: uint8 [count, height, width]",
      }
    `);
  });
});

describe("download of a collection", () => {
  const contents = {
    "train-images-idx3-ubyte.gz": gzipSync(images(3)), "train-labels-idx1-ubyte.gz": gzipSync(labels(0, 1, 1)),
    "t10k-images-idx3-ubyte.gz": gzipSync(images(1)), "t10k-labels-idx1-ubyte.gz": gzipSync(labels(1)),
  };
  const sum = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
  const collection = (url: string): ImageCollection => ({
    name: "tiny", mirrors: [url], classes: ["no", "yes"],
    sha256: {
      "train-images-idx3-ubyte.gz": sum(contents["train-images-idx3-ubyte.gz"]), "train-labels-idx1-ubyte.gz": sum(contents["train-labels-idx1-ubyte.gz"]),
      "t10k-images-idx3-ubyte.gz": sum(contents["t10k-images-idx3-ubyte.gz"]), "t10k-labels-idx1-ubyte.gz": sum(contents["t10k-labels-idx1-ubyte.gz"]),
    },
  });

  it("happens once, also after an interruption, and needs no network afterwards", async () => {
    const cacheFolder = join(folder, "cache");
    let broken: Break | undefined = { limit: 20, stored: join(cacheFolder, "train-images-idx3-ubyte.gz.part") };
    const server = await serve((request, response) => {
      const bytes = new Map(Object.entries(contents)).get(request.url?.slice("/data/".length) ?? "");
      if (bytes === undefined) response.writeHead(404).end();
      else sendFile(request, response, bytes, broken);
    });
    const tiny = collection(`${server.url}/data/`);
    expect(await message(loadCollection(tiny, { cacheFolder, attempts: 1 }))).toContain("train-images-idx3-ubyte.gz");
    broken = undefined;
    const progress: string[] = [];
    const { train, test, classes } = await loadCollection(tiny, { cacheFolder, onProgress: ({ file, received, total }) => progress.push(`${file} ${received === total}`) });
    expect([train.length, test.length, classes]).toEqual([3, 1, ["no", "yes"]]);
    expect(train.get(2)[1].item()).toBe(1);
    expect(progress.at(-1)).toBe("tiny/t10k-labels-idx1-ubyte.gz true");
    expect(server.requests).toHaveLength(5);
    expect(server.requests[1]).toContain("bytes=20-");
    expect((await readdir(cacheFolder)).toSorted()).toEqual(Object.keys(contents).toSorted());
    await server.close();
    expect((await loadCollection(tiny, { cacheFolder })).train.length).toBe(3);
  });

  it("can use another mirror", async () => {
    const server = await serve((_, response) => response.writeHead(404).end());
    const text = await message(mnist({ cacheFolder: folder, mirrors: [`${server.url}/x/`] }));
    await server.close();
    expect(text.replaceAll(server.url, "SERVER")).toBe(
      'DownloadError: cannot download "FOLDER/train-images-idx3-ubyte.gz":\n' +
        "  SERVER/x/train-images-idx3-ubyte.gz: the server answers 404 Not Found; there is no such file",
    );
  });
});
