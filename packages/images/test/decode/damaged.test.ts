import { deflateSync } from "node:zlib";
import { FormatError } from "@nn/data";
import { encode } from "fast-png";
import jpeg from "jpeg-js";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { decodeImage } from "../../src/index.js";

const noise = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => (at * 7919) % 256);
const png = encode({ width: 8, height: 6, channels: 3, data: noise(144) });
const photo = jpeg.encode({ width: 16, height: 8, data: noise(512) }, 80).data;

const problem = async (bytes: Uint8Array, decoder: "sharp" | "javascript" = "javascript"): Promise<string> =>
  decodeImage(bytes, { decoder, name: "x" }).then(() => "no error", (error: unknown) => (error instanceof FormatError ? error.message : `not a FormatError: ${String(error)}`));

/** A PNG file whose header says another size. */
function sized(width: number, height: number): Buffer {
  const bytes = Buffer.from(png);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}

/** A file of chunks without valid checksums. */
function chunks(...parts: readonly (readonly [type: string, content: Uint8Array])[]): Buffer {
  const written = parts.flatMap(([type, content]) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(content.length);
    return [length, Buffer.from(type), content, Buffer.alloc(4)];
  });
  return Buffer.concat([png.subarray(0, 8), ...written]);
}

const header = (width: number, height: number): Buffer => Buffer.from([...new Uint8Array(Uint32Array.of(width, height).buffer).reduce<number[][]>((words, byte, at) => {
  (words[at >> 2] ??= []).unshift(byte);
  return words;
}, []).flat(), 8, 0, 0, 0, 0]);

test("a damaged file is refused with its name and the reason", async () => {
  expect([
    await problem(Buffer.from("GIF89a")), await problem(new Uint8Array()), await problem(png.subarray(0, 60)), await problem(png.subarray(0, 8)),
    await problem(Uint8Array.from(png, (byte, at) => (at === 45 ? byte ^ 255 : byte))), await problem(sized(9, 6)), await problem(sized(0, 6)),
    await problem(photo.subarray(0, photo.length - 60)), await problem(photo.subarray(0, 3)), await problem(Uint8Array.of(0xff, 0xd8, 0xff, 0xd9)),
  ]).toMatchInlineSnapshot(`
    [
      "x: this is no PNG, JPEG or WebP image, whatever its name says; convert or remove it",
      "x: this is no PNG, JPEG or WebP image, whatever its name says; convert or remove it",
      "x: the image is damaged: it ends too early; save it again, or remove it",
      "x: the image is damaged: it ends too early; save it again, or remove it",
      "x: the image is damaged: its pixels are cut off or changed; save it again, or remove it",
      "x: the image is damaged: it has fewer pixels than its header says; save it again, or remove it",
      "x: the image is damaged: it is 0 x 6 (width x height); save it again, or remove it",
      "x: the image is damaged: marker was not found; save it again, or remove it",
      "x: the image is damaged: it ends too early; save it again, or remove it",
      "x: the image is damaged: it ends too early; save it again, or remove it",
    ]
  `);
});

test("a small file takes no large memory", async () => {
  const { rss } = process.memoryUsage();
  const zeros = deflateSync(new Uint8Array(2 ** 26));
  const frame = Buffer.from(photo);
  const at = frame.indexOf(Buffer.of(0xff, 0xc0));
  frame.writeUInt16BE(9000, at + 5);
  frame.writeUInt16BE(9000, at + 7);
  expect([
    // Pixels that are fewer than the header says, pixels that are more, and a colour profile that is large when inflated.
    await problem(sized(9000, 9000)), await problem(chunks(["IHDR", header(1, 1)], ["IDAT", zeros], ["IEND", Buffer.alloc(0)])),
    await problem(sized(2 ** 31, 2 ** 31)), await problem(frame),
  ]).toMatchInlineSnapshot(`
    [
      "x: the image is damaged: it has fewer pixels than its header says; save it again, or remove it",
      "x: the image is damaged: it has more pixels than its header says; save it again, or remove it",
      "x: the image has 2147483648 x 2147483648 pixels, more than the limit of 100000000; scale it down, or raise maxPixels",
      "x: the image is damaged: it ends too early; save it again, or remove it",
    ]
  `);
  expect(await problem(chunks(["IHDR", header(1, 1)], ["iCCP", Buffer.concat([Buffer.from("a\0\0"), zeros])], ["IDAT", deflateSync(Uint8Array.of(0, 5))], ["IEND", Buffer.alloc(0)]))).toMatch(/crc/i);
  expect(process.memoryUsage().rss - rss).toBeLessThan(2 ** 29);
});

test("a JPEG file with thousands of scans is refused, which would take minutes", async () => {
  const start = photo.indexOf(Buffer.of(0xff, 0xda));
  const scan = photo.subarray(start, photo.length - 2);
  expect(await problem(Buffer.concat([photo.subarray(0, start), ...Array.from({ length: 500 }, () => scan), photo.subarray(photo.length - 2)]))).toBe("x: the image has 500 scans, more than the limit of 100; save it again");
});

test("kinds of JPEG files that the decoder does not read are named", async () => {
  const cmyk = await sharp(noise(1200), { raw: { width: 20, height: 20, channels: 3 } }).toColourspace("cmyk").jpeg().toBuffer();
  expect(await problem(cmyk)).toBe("x: the image has 4 components, as for printing, which this decoder does not read; convert it to PNG, or install sharp");
  expect(await problem(cmyk, "sharp")).toBe("no error");
});

describe("a changed file gives an image or a FormatError, at once", () => {
  const files = { png, photo, webp: sharp(noise(1200), { raw: { width: 20, height: 20, channels: 3 } }).webp().toBuffer(), progressive: sharp(noise(1200), { raw: { width: 20, height: 20, channels: 3 } }).jpeg({ progressive: true }).toBuffer() };
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((seed / 2 ** 31) * below);
  };

  test.each([["png", "javascript"], ["photo", "javascript"], ["progressive", "javascript"], ["png", "sharp"], ["webp", "sharp"]] as const)("%s by %s", async (name, decoder) => {
    const whole = await files[name];
    for (let round = 0; round < 60; round++) {
      const bytes = Uint8Array.from(whole);
      for (let change = 0; change <= random(3); change++) bytes[8 + random(bytes.length - 8)] = random(256);
      const cut = random(4) === 0 ? bytes.subarray(0, 8 + random(bytes.length - 8)) : bytes;
      expect(await problem(cut, decoder)).not.toMatch(/^not a/);
    }
  });
});
