import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ArgumentError, ones, tensor, type Tensor } from "@nn/tensor";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { CheckpointError, FileError, openCheckpoint, SafetensorsError, writeSafetensors } from "../../src/index.js";

const torchFiles = fileURLToPath(new URL("../../../../tests/reference/models/torch-files/", import.meta.url));
const tensors = { weight: tensor([[1, 2], [3, 4]]), bias: tensor([5, 6], { dtype: "int32" }) };
let folder = "";
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "checkpoint-"))));
afterAll(() => rmSync(folder, { recursive: true }));

const arraysOf = (state: Readonly<Record<string, Tensor>>): object => Object.fromEntries(Object.entries(state).map(([name, each]) => [name, each.toArray()]));

describe("a source", () => {
  it("may be a path, a blob, a file of a page, or bytes", async () => {
    const bytes = writeSafetensors(tensors, { origin: "test" });
    const path = join(folder, "model.safetensors");
    writeFileSync(path, bytes);
    for (const source of [path, new Blob([bytes as Uint8Array<ArrayBuffer>]), new File([bytes as Uint8Array<ArrayBuffer>], "model.safetensors"), bytes, bytes.slice().buffer]) {
      const checkpoint = await openCheckpoint(source);
      expect([checkpoint.format, checkpoint.metadata]).toEqual(["safetensors", { origin: "test" }]);
      expect(checkpoint.tensors).toEqual([{ name: "bias", shape: [2], dtype: "I32" }, { name: "weight", shape: [2, 2], dtype: "F32" }]);
      expect(arraysOf(await checkpoint.readAll())).toEqual({ weight: [[1, 2], [3, 4]], bias: [5, 6] });
      await checkpoint.close();
    }
  });

  it("may be a folder, whose checkpoint has a usual name", async () => {
    const home = join(folder, "home");
    mkdirSync(home);
    await expect(openCheckpoint(home)).rejects.toThrow("the folder has no checkpoint, expected model.safetensors, ");
    copyFileSync(join(torchFiles, "zip_float32.pt"), join(home, "pytorch_model.bin"));
    const checkpoint = await openCheckpoint(home);
    expect([checkpoint.format, checkpoint.tensors.map(({ name }) => name)]).toEqual(["PyTorch", ["weight", "bias"]]);
    await checkpoint.close();
  });

  it("that is not there, is nothing of the kind, or is damaged, is refused by its name", async () => {
    await expect(openCheckpoint(join(folder, "missing"))).rejects.toThrow(FileError);
    await expect(openCheckpoint(new Uint8Array(0))).rejects.toThrow("openCheckpoint input, byte 0: the file is empty");
    await expect(openCheckpoint(new TextEncoder().encode("some text"), { name: "notes" })).rejects.toThrow("notes, byte 0: it is not a checkpoint, expected a safetensors file, a PyTorch file, an .npz archive, or an index of shards");
    const error: unknown = await openCheckpoint(writeSafetensors(tensors).subarray(0, -1)).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(SafetensorsError);
    expect(error).toBeInstanceOf(CheckpointError);
    // @ts-expect-error a number is no source
    await expect(openCheckpoint(3)).rejects.toThrow("openCheckpoint: the source is 3, expected a path, an address, a Blob, or bytes");
    await expect(openCheckpoint(new URL("ftp://localhost/x"))).rejects.toThrow("openCheckpoint: the address begins with ftp:, expected http: or https:");
  });
});

describe("shards", () => {
  const index = (map: object): void => writeFileSync(join(folder, "model.safetensors.index.json"), JSON.stringify({ metadata: { total_size: 1 }, weight_map: map }));

  it("are one checkpoint", async () => {
    writeFileSync(join(folder, "model-1.safetensors"), writeSafetensors({ weight: tensors.weight }));
    writeFileSync(join(folder, "model-2.safetensors"), writeSafetensors({ bias: tensors.bias }));
    index({ bias: "model-2.safetensors", weight: "model-1.safetensors" });
    const checkpoint = await openCheckpoint(join(folder, "model.safetensors.index.json"));
    expect(arraysOf(await checkpoint.readAll())).toEqual({ bias: [5, 6], weight: [[1, 2], [3, 4]] });
    await checkpoint.close();
  });

  it("must hold what the index says, and lie beside it", async () => {
    const open = () => openCheckpoint(join(folder, "model.safetensors.index.json"));
    index({ weight: "model-1.safetensors", scale: "model-1.safetensors" });
    await expect(open()).rejects.toThrow('"model-1.safetensors" lacks the tensor "scale", which the index names there');
    index({ weight: "model-2.safetensors" });
    await expect(open()).rejects.toThrow('"model-2.safetensors" has the tensor "bias", which the index does not name there');
    index({ weight: "../model-1.safetensors" });
    await expect(open()).rejects.toThrow('the tensor "weight" would lie in "../model-1.safetensors", expected a file in the same folder');
    index({ weight: "model-3.safetensors" });
    await expect(open()).rejects.toThrow(FileError);
    await expect(openCheckpoint(new TextEncoder().encode('{"a": 1}'))).rejects.toThrow("it is not an index of shards");
    await expect(openCheckpoint(new TextEncoder().encode('{"weight_map": {"a": "b.safetensors"}}'))).rejects.toThrow("its tensors lie in other files, such as b.safetensors; open it by its path or address");
  });
});

describe("a server", () => {
  let server: Server | undefined;
  afterEach(() => void server?.close());
  const serve = async (handle: RequestListener): Promise<string> => {
    server = createServer(handle);
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  /** Sends parts of files, and notes how many bytes. */
  const parts = (files: Readonly<Record<string, Uint8Array>>, sent: number[] = [], tag = (): string => '"1"'): RequestListener => (request, response) => {
    const bytes = files[request.url ?? ""];
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
    if (bytes === undefined) return void response.writeHead(404).end();
    const part = bytes.subarray(Number(from), Number(to) + 1);
    sent.push(part.length);
    response.writeHead(206, { "content-range": `bytes ${from}-${Number(from) + part.length - 1}/${bytes.length}`, etag: tag() }).end(part);
  };

  it("sends only what is asked for", async () => {
    const sent: number[] = [];
    const large = writeSafetensors({ large: ones([100_000]), small: tensor([7]) });
    const checkpoint = await openCheckpoint(`${await serve(parts({ "/model.safetensors": large }, sent))}/model.safetensors`);
    expect((await checkpoint.read("small")).toArray()).toEqual([7]);
    expect(sent.reduce((sum, length) => sum + length, 0)).toBeLessThan(1000);
  });

  it("may hold shards and PyTorch files, and may send whole files only", async () => {
    const files = { "/a/model.safetensors.index.json": new TextEncoder().encode(JSON.stringify({ weight_map: { bias: "b 1.safetensors" } })), "/a/b%201.safetensors": writeSafetensors({ bias: tensors.bias }) };
    const sharded = await openCheckpoint(new URL(`${await serve(parts(files))}/a/model.safetensors.index.json`));
    expect(arraysOf(await sharded.readAll())).toEqual({ bias: [5, 6] });
    server?.close();
    const whole = readFileSync(join(torchFiles, "zip_float32.pt"));
    const checkpoint = await openCheckpoint(`${await serve((_, response) => void response.end(whole))}/model.pt`);
    expect(checkpoint.tensors.map(({ name }) => name)).toEqual(["weight", "bias"]);
  });

  it("that refuses, changes the file, ends too early, or is told to stop, is an error", async () => {
    const bytes = writeSafetensors(tensors);
    const address = await serve(parts({ "/model": bytes }, [], () => `"${Math.random()}"`));
    await expect(openCheckpoint(`${address}/none`)).rejects.toThrow(/none: the server answers HTTP 404 \(Not Found\), expected the file/);
    await expect(openCheckpoint(`${address}/model`)).rejects.toThrow("the file on the server has changed while it was read; open it again");
    await expect(openCheckpoint(`${address}/model`, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
    server?.close();
    const short = await serve((request, response) => {
      response.writeHead(206, { "content-range": `bytes 0-0/${bytes.length}` }).end(request.headers.range === "bytes=0-0" ? "x" : "");
    });
    await expect(openCheckpoint(`${short}/model`)).rejects.toThrow(/the server sent 0 bytes \(HTTP 206\), expected the \d+ from here on/);
    server?.close();
    await expect(openCheckpoint(`${short}/model`)).rejects.toThrow("the server cannot be reached");
  });
});

describe("names", () => {
  it("change by prefix, expression and function, and never collide silently", async () => {
    const checkpoint = await openCheckpoint(writeSafetensors({ "model.a.gamma": tensor([1]), "model.a.beta": tensor([2]), "head.bias": tensor([3]) }));
    const names = (rules: Parameters<typeof checkpoint.renamed>[0]): readonly string[] => checkpoint.renamed(rules).tensors.map(({ name }) => name);
    expect(names([["model.", ""], [/\.gamma$/, ".weight"], [/\.beta$/, ".bias"]])).toEqual(["head.bias", "a.bias", "a.weight"]);
    expect(names((name) => (name.startsWith("head.") ? undefined : name))).toEqual(["model.a.beta", "model.a.gamma"]);
    expect((await checkpoint.renamed([["model.a.", "x."]]).read("x.gamma")).toArray()).toEqual([1]);
    expect(() => checkpoint.renamed([[/.*/, "same"]])).toThrow(new ArgumentError('CheckpointFile.renamed: "head.bias" and "model.a.beta" would both have the name "same"'));
    // @ts-expect-error a rule has two parts
    expect(() => checkpoint.renamed([["a"]])).toThrow('CheckpointFile.renamed: rule 0 is an array of 1, expected a pair such as ["model.", ""]');
    await expect(checkpoint.read("head.bais")).rejects.toThrow('CheckpointFile.read: there is no tensor "head.bais"; did you mean "head.bias"?');
    expect([checkpoint.has("head.bias"), checkpoint.has("head")]).toEqual([true, false]);
  });
});
