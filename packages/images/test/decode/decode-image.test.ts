import { DTypeError, tensor, type Tensor } from "@nn/tensor";
import { encode, type ImageData } from "fast-png";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { decodeImage, encodePng, imageFormat, type DecodeOptions } from "../../src/index.js";

const decoders = ["sharp", "javascript"] as const;
const noise = (length: number, levels = 256): Uint8Array => Uint8Array.from({ length }, (_, at) => ((at * 7919 + (at * at) % 251) % levels));
const wide = (length: number): Uint16Array => Uint16Array.from({ length }, (_, at) => (at * 7919) % 65_536);
const png = (width: number, height: number, channels: number, data: ImageData["data"], more: Partial<ImageData> = {}): Uint8Array => encode({ width, height, channels, data, ...more });
const levels = async (bytes: Uint8Array, options: DecodeOptions = {}): Promise<unknown> => (await decodeImage(bytes, { dtype: "int32", ...options })).toArray();
const farthest = (a: Tensor, b: Tensor): number => {
  const other = b.toTypedArray();
  return Array.from(a.toTypedArray()).reduce((most, value, at) => Math.max(most, Math.abs(value - (other[at] ?? NaN))), 0);
};

/** The same image by both decoders, which are independent of each other. */
const both = async (bytes: Uint8Array, options: DecodeOptions = {}): Promise<readonly [Tensor, Tensor]> => [
  await decodeImage(bytes, { ...options, decoder: "sharp" }), await decodeImage(bytes, { ...options, decoder: "javascript" }),
];

describe.each(decoders)("a PNG file, decoded by %s", (decoder) => {
  test("has one channel after the other, from 0 to 1 or from 0 to 255", async () => {
    const bytes = png(2, 1, 3, Uint8Array.of(0, 51, 102, 153, 204, 255));
    expect((await decodeImage(bytes, { decoder })).toArray()).toEqual([[[0, Math.fround(0.6)]], [[Math.fround(0.2), Math.fround(0.8)]], [[Math.fround(0.4), 1]]]);
    expect(await levels(bytes, { decoder })).toEqual([[[0, 153]], [[51, 204]], [[102, 255]]]);
  });

  test("becomes grey by brightness, and a grey one has three equal channels", async () => {
    const bytes = png(4, 1, 3, Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 77, 77, 77));
    expect(await levels(bytes, { channels: 1, decoder })).toEqual([[[76, 150, 29, 77]]]);
    expect(await levels(png(2, 1, 1, Uint8Array.of(9, 200)), { decoder })).toEqual([[[9, 200]], [[9, 200]], [[9, 200]]]);
    expect(await levels(png(1, 1, 1, Uint8Array.of(9)), { channels: 4, decoder })).toEqual([[[9]], [[9]], [[9]], [[255]]]);
  });

  test("keeps the precision of 16 bits as float32, and is rounded as int32", async () => {
    const bytes = png(3, 1, 1, Uint16Array.of(0, 13_107, 400), { depth: 16 });
    expect((await decodeImage(bytes, { channels: 1, decoder })).toArray()).toEqual([[[0, Math.fround(0.2), Math.fround(400 / 65_535)]]]);
    expect(await levels(bytes, { channels: 1, decoder })).toEqual([[[0, 51, 2]]]);
  });

  test("may have a palette, and less than a byte for a sample", async () => {
    expect(await levels(png(2, 1, 1, Uint8Array.of(0, 1), { palette: [[1, 2, 3], [250, 251, 252]] }), { decoder })).toEqual([[[1, 250]], [[2, 251]], [[3, 252]]]);
    // Four pixels of one bit in each row: 1010 and 0110.
    expect(await levels(png(4, 2, 1, Uint8Array.of(0b1010_0000, 0b0110_0000), { depth: 1 }), { channels: 1, decoder })).toEqual([[[255, 0, 255, 0], [0, 255, 255, 0]]]);
  });

  test("with transparent pixels keeps their opacity, or needs a background", async () => {
    const bytes = png(2, 1, 4, Uint8Array.of(200, 100, 0, 51, 10, 20, 30, 255));
    expect(await levels(bytes, { channels: 4, decoder })).toEqual([[[200, 10]], [[100, 20]], [[0, 30]], [[51, 255]]]);
    expect(await levels(bytes, { background: [1, 0, 0.5], decoder })).toEqual([[[244, 10]], [[20, 20]], [[102, 30]]]);
    await expect(decodeImage(bytes, { decoder, name: "a.png" })).rejects.toThrowErrorMatchingInlineSnapshot("[FormatError: a.png: the image has transparent pixels, whose colour is not defined; give a background, such as [1, 1, 1] for white, or take 4 channels]");
  });

  test("with several pixels is refused if they are more than allowed", async () => {
    await expect(decodeImage(png(30, 20, 1, noise(600)), { maxPixels: 599, decoder })).rejects.toThrow("FormatError: decodeImage: the image has 30 x 20 pixels, more than the limit of 599; scale it down, or raise maxPixels".slice(13));
    expect((await decodeImage(png(30, 20, 1, noise(600)), { maxPixels: 600, decoder })).shape).toEqual([3, 20, 30]);
  });
});

describe("both decoders agree", () => {
  test.each([1, 2, 3, 4])("on PNG files of %i channels, with and without interlacing", async (channels) => {
    for (const interlace of ["null", "Adam7"] as const) {
      for (const image of [{ depth: 8, data: noise(117 * channels) }, { depth: 16, data: wide(117 * channels) }] as const) {
        const [a, b] = await both(encode({ width: 13, height: 9, channels, ...image }, { interlace }), { channels: 4 });
        expect(farthest(a, b)).toBe(0);
      }
    }
  });

  test.each([1, 2, 4] as const)("on grey PNG files of %i bits and on palettes", async (depth) => {
    const data = noise(Math.ceil((13 * depth) / 8) * 9);
    const palette = Array.from({ length: 2 ** depth }, (_, at) => [at, 255 - at, 7 * at, at % 2 === 0 ? 255 : 40]);
    for (const image of [{}, { palette }]) {
      const [a, b] = await both(png(13, 9, 1, data, { depth, ...image }), { channels: 4 });
      expect(farthest(a, b)).toBe(0);
    }
  });

  test("on PNG files in which one colour means transparent", async () => {
    // A chunk tRNS, before the pixels, says that the level 7 is transparent.
    const bytes = png(2, 1, 1, Uint8Array.of(7, 8));
    const chunk = Buffer.from([0, 0, 0, 2, ...Buffer.from("tRNS"), 0, 7, 0, 0, 0, 0]);
    chunk.writeUInt32BE(crc32(chunk.subarray(4, 10)), 10);
    const [a, b] = await both(Buffer.concat([bytes.subarray(0, 33), chunk, bytes.subarray(33)]), { channels: 4, dtype: "int32" });
    expect(a.toArray()).toEqual([[[7, 8]], [[7, 8]], [[7, 8]], [[0, 255]]]);
    expect(b.toArray()).toEqual(a.toArray());
  });

  const raw = { raw: { width: 30, height: 20, channels: 3 } } as const;
  const smooth = Uint8Array.from({ length: 1800 }, (_, at) => 128 + 100 * Math.sin(at / 90 + (at % 3)));

  test.each([["baseline", {}], ["progressive", { progressive: true }], ["optimised", { mozjpeg: true }]])("on JPEG files, to a few levels: %s", async (_, options) => {
    const bytes = await sharp(smooth, raw).jpeg({ quality: 95, chromaSubsampling: "4:4:4", ...options }).toBuffer();
    const [a, b] = await both(bytes);
    expect(farthest(a, b) * 255).toBeLessThan(4);
    expect(farthest(b.reshape([3, 600]).permute([1, 0]).reshape([1800]), tensor(smooth, { dtype: "float32" }).div(255)) * 255).toBeLessThan(12);
  });

  test("on grey JPEG files", async () => {
    const bytes = await sharp(smooth, raw).greyscale().jpeg({ quality: 95 }).toBuffer();
    const [a, b] = await both(bytes, { channels: 1 });
    expect(farthest(a, b) * 255).toBeLessThan(3);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])("on the orientation %i of EXIF data", async (orientation) => {
    const turned = (await sharp(smooth, raw).withMetadata({ orientation }).png().toBuffer());
    const [a, b] = await both(turned, { dtype: "int32" });
    const expected = await sharp(turned).autoOrient().raw().toBuffer({ resolveWithObject: true });
    expect(a.shape).toEqual([3, expected.info.height, expected.info.width]);
    expect(a.permute([1, 2, 0]).reshape([1800]).toArray()).toEqual([...expected.data]);
    expect(b.toArray()).toEqual(a.toArray());
    const photo = await sharp(smooth, raw).withMetadata({ orientation }).jpeg({ quality: 100, chromaSubsampling: "4:4:4" }).toBuffer();
    const [c, d] = await both(photo);
    expect(farthest(c, d) * 255).toBeLessThan(4);
  });
});

describe("WebP", () => {
  const lossless = sharp(noise(2400), { raw: { width: 30, height: 20, channels: 4 } }).webp({ lossless: true, exact: true });

  test("is decoded by sharp", async () => {
    const image = await decodeImage(await lossless.toBuffer(), { channels: 4, dtype: "int32" });
    expect(image.permute([1, 2, 0]).reshape([2400]).toArray()).toEqual([...noise(2400)]);
  });

  test("is refused where sharp is not", async () => {
    await expect(decodeImage(await lossless.toBuffer(), { decoder: "javascript" })).rejects.toThrowErrorMatchingInlineSnapshot("[FormatError: decodeImage: this is a WebP image, which only sharp decodes; convert it to PNG, or use the decoder \"sharp\"]");
  });
});

test("a written image is read as it was, and clipped", async () => {
  const image = tensor([[[0, 0.5, 1]], [[-1, 2, 0.2]], [[1, 0, 0.4]]]);
  expect(await levels(await encodePng(image))).toEqual([[[0, 128, 255]], [[0, 255, 51]], [[255, 0, 102]]]);
  expect(await levels(await encodePng(tensor([[3, 300]], { dtype: "int32" })), { channels: 1 })).toEqual([[[3, 255]]]);
  await expect(encodePng(tensor([[NaN]]))).rejects.toThrow("encodePng: a value is NaN");
  await expect(encodePng(tensor([[true]]))).rejects.toThrow(DTypeError);
});

test("the format follows from the first bytes", () => {
  expect([imageFormat(png(1, 1, 1, noise(1))), imageFormat(Uint8Array.of(0xff, 0xd8)), imageFormat(Buffer.from("RIFF....WEBP")), imageFormat(Buffer.from("GIF89a")), imageFormat(new Uint8Array())])
    .toEqual(["png", "jpeg", "webp", undefined, undefined]);
});

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ -1) >>> 0;
}
