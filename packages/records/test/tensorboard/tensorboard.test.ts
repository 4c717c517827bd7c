import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Recorder } from "@nn/records";
import { TensorBoardFile } from "@nn/records/node";
import { tensor } from "@nn/tensor";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { crc32c, maskedCrc32c } from "../../src/tensorboard/crc32c.js";
import { everyKind, samples } from "../samples.js";
import { readEvents, readFrames } from "./read-events.js";

let folder = "";
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "nn-tensorboard-")); });
afterEach(() => rmSync(folder, { recursive: true }));

const bytesOfFile = (): Uint8Array => new Uint8Array(readFileSync(join(folder, readdirSync(folder)[0] ?? "")));

const isPng = (bytes: Uint8Array): boolean => String.fromCharCode(...bytes.subarray(1, 4)) === "PNG";

describe("CRC-32C", () => {
  // RFC 3720, appendix B.4.
  it.each([
    ["32 bytes of 0", new Uint8Array(32), 0x8a9136aa],
    ["32 bytes of 255", new Uint8Array(32).fill(255), 0x62a8ab43],
    ["0 to 31", Uint8Array.from({ length: 32 }, (_, at) => at), 0x46dd794e],
    ["31 to 0", Uint8Array.from({ length: 32 }, (_, at) => 31 - at), 0x113fdb5c],
    ["123456789", new TextEncoder().encode("123456789"), 0xe3069283],
  ])("of %s", (_, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });

  it("is masked as in TensorFlow's test", () => {
    const bytes = new TextEncoder().encode("foo");
    expect(maskedCrc32c(bytes)).not.toBe(crc32c(bytes));
    expect(maskedCrc32c(new Uint8Array(0))).toBe(0xa282ead8);
  });
});

describe("an event file of TensorBoard", () => {
  it("is read back: scalars, histograms and images", () => {
    const recorder = new Recorder([new TensorBoardFile(folder)], { clock: () => 1_700_000_000_500 });
    recorder.scalars(5, { "training.loss": 0.1, high: 1e300, bad: NaN });
    recorder.histogram(6, "gradients/hidden.weight", [-1, 0, 1, 3], { bins: 2 });
    recorder.images(7, "samples", [tensor([[[0, 1]], [[0, 1]], [[0, 1]]])]);
    recorder.close();
    const [version, scalars, histogram, images, ...rest] = readEvents(bytesOfFile());
    expect(rest).toEqual([]);
    expect(version).toEqual({ wallTime: expect.any(Number), fileVersion: "brain.Event:2" });
    expect(scalars).toEqual({
      wallTime: 1_700_000_000.5, step: 5,
      summary: [{ tag: "training/loss", simpleValue: Math.fround(0.1) }, { tag: "high", simpleValue: Infinity }, { tag: "bad", simpleValue: NaN }],
    });
    expect(histogram).toMatchObject({ step: 6, summary: [{ tag: "gradients/hidden.weight", histo: { min: -1, max: 3, num: 4, sum: expect.closeTo(3, 12), sumSquares: expect.closeTo(11, 12), limits: [1, 3], counts: [2, 2] } }] });
    expect(images).toMatchObject({ step: 7, summary: [{ tag: "samples", image: { height: 1, width: 2, colorspace: 3, png: expect.toSatisfy(isPng) } }] });
  });

  it("leaves out records without a summary in TensorBoard, and gives several images different names", () => {
    const recorder = new Recorder([new TensorBoardFile(folder)]);
    for (const record of everyKind) recorder.write(record);
    recorder.images(9, "pair", [tensor([[0]]), tensor([[1]])]);
    recorder.close();
    const tags = readEvents(bytesOfFile()).slice(1).map(({ summary }) => (summary as { tag: string }[]).map(({ tag }) => tag));
    expect(tags).toEqual([["training/loss", "bad", "high", "low"], ["weights/hidden.weight"], ["samples"], ["pair/0", "pair/1"]]);
  });

  it("takes nothing that is no record", () => {
    const file = new TensorBoardFile(folder);
    expect(() => file.write({ ...samples.scalars, step: -1 })).toThrow("TensorBoardFile.write: record.step is -1");
    file.close();
    expect(readEvents(bytesOfFile())).toHaveLength(1);
  });

  it("makes TensorBoard forget the values after the checkpoint of a resumed run", () => {
    new TensorBoardFile(folder, { resumeFrom: 2 ** 40 }).close();
    expect(readEvents(bytesOfFile())[1]).toEqual({ wallTime: expect.any(Number), step: 2 ** 40 + 1, sessionLog: { status: 1 } });
  });

  it("is recognised as damaged if one bit is wrong", () => {
    const recorder = new Recorder([new TensorBoardFile(folder)]);
    recorder.scalars(1, { loss: 1 });
    recorder.close();
    const bytes = bytesOfFile();
    for (let at = 0; at < bytes.length; at++) {
      const damaged = bytes.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      expect(() => readFrames(damaged)).toThrow(/check|bounds|Offset/);
    }
  });

  it("begins a new file each time", () => {
    new TensorBoardFile(folder).close();
    new TensorBoardFile(folder).close();
    expect(readdirSync(folder)).toHaveLength(2);
    expect(readdirSync(folder).every((name) => /^events\.out\.tfevents\.\d{10}\./.test(name))).toBe(true);
  });
});
