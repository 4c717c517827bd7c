import { decodeImage, encodePng } from "@nn/images";
import { decodeBlob, fromPixels, toCanvas, webcam, type PixelSource } from "@nn/images/browser";
import { tensor, uniform, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";

/** Two pixels: one red, one of some other colour. */
const levels = [[[255, 10]], [[0, 20]], [[0, 30]]];

function canvasOf(image: Tensor): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  toCanvas(image, canvas);
  return canvas;
}

const colours = (): HTMLCanvasElement => canvasOf(tensor(levels, { dtype: "int32" }));

const blobOf = (canvas: HTMLCanvasElement): Promise<Blob> => new Promise((resolve, reject) => {
  canvas.toBlob((blob) => (blob === null ? reject(new Error("no file")) : resolve(blob)));
});

describe("pixels", () => {
  test("are those of a canvas, an image, a bitmap and their data", async () => {
    const canvas = colours();
    const image = new Image();
    image.src = canvas.toDataURL();
    await image.decode();
    const offscreen = new OffscreenCanvas(1, 1);
    toCanvas(tensor(levels, { dtype: "int32" }), offscreen);
    const sources: PixelSource[] = [canvas, image, offscreen, await createImageBitmap(canvas), new ImageData(Uint8ClampedArray.of(255, 0, 0, 255, 10, 20, 30, 255), 2, 1)];
    for (const source of sources) expect(fromPixels(source, { dtype: "int32" }).toArray()).toEqual(levels);
    expect(fromPixels(canvas, { channels: 1, dtype: "int32" }).toArray()).toEqual([[[76, 18]]]);
  });

  test("that are transparent keep their opacity, or need a background", () => {
    const data = new ImageData(Uint8ClampedArray.of(0, 0, 0, 0, 200, 100, 50, 255), 2, 1);
    expect(fromPixels(data, { channels: 4, dtype: "int32" }).toArray()).toEqual([[[0, 200]], [[0, 100]], [[0, 50]], [[0, 255]]]);
    expect(fromPixels(data, { background: [1, 0, 0], dtype: "int32" }).toArray()).toEqual([[[255, 200]], [[0, 100]], [[0, 50]]]);
    expect(() => fromPixels(data)).toThrow("fromPixels: the image has transparent pixels, whose colour is not defined; give a background");
  });

  test("that are not there are refused", () => {
    expect(() => fromPixels(new Image())).toThrow("UsageError: fromPixels: the source has no pixels yet".slice(12));
    expect(() => fromPixels("canvas" as never)).toThrow('fromPixels: the source is the string "canvas", expected ImageData, a canvas, an image, a video or a frame of one');
    expect(() => fromPixels(colours(), { channels: 2 as never })).toThrow("fromPixels: channels is 2");
  });
});

test("an image on a canvas has its size and its levels", () => {
  const image = uniform([3, 4, 5]);
  const shown = fromPixels(canvasOf(image));
  expect(shown.shape).toEqual([3, 4, 5]);
  const [a, b] = [image.toTypedArray(), shown.toTypedArray()];
  for (let at = 0; at < a.length; at++) expect(Math.abs((a[at] ?? NaN) - (b[at] ?? NaN))).toBeLessThan(0.503 / 255);
  expect(fromPixels(canvasOf(tensor([[0, 1]])), { dtype: "int32" }).toArray()).toEqual([[[0, 255]], [[0, 255]], [[0, 255]]]);
  expect(() => toCanvas(image, {} as never)).toThrow("toCanvas: canvas is an object, expected a canvas");
  expect(() => canvasOf(uniform([2, 3, 4]))).toThrow("toCanvas: the image is [2, 3, 4]");
});

test("a file is written and decoded without the browser's decoders", async () => {
  const png = await encodePng(tensor(levels, { dtype: "int32" }));
  expect((await decodeImage(png, { dtype: "int32" })).toArray()).toEqual(levels);
  expect((await decodeImage(new Uint8Array(await (await blobOf(colours())).arrayBuffer()), { dtype: "int32" })).toArray()).toEqual(levels);
  await expect(decodeImage(png.subarray(0, 50))).rejects.toThrow("the image is damaged: it ends too early");
});

test("a file is decoded", async () => {
  const blob = await blobOf(colours());
  expect((await decodeBlob(blob, { dtype: "int32" })).toArray()).toEqual(levels);
  expect((await decodeBlob(new Uint8Array(await blob.arrayBuffer()), { dtype: "int32" })).toArray()).toEqual(levels);
  await expect(decodeBlob(new File(["hello"], "cat.png"))).rejects.toThrow("cat.png: the browser cannot decode it; convert it to PNG or JPEG");
  await expect(decodeBlob("cat.png" as never)).rejects.toThrow('decodeBlob: the file is the string "cat.png", expected a Blob, a File or a Uint8Array');
});

describe("the camera", () => {
  test.each([true, false])("gives its frames until the loop ends, and is switched off; the browser tells of frames: %s", async (tells) => {
    const { prototype } = HTMLVideoElement;
    const own = Object.getOwnPropertyDescriptor(prototype, "requestVideoFrameCallback") ?? {};
    if (!tells) Reflect.deleteProperty(prototype, "requestVideoFrameCallback");
    const canvas = canvasOf(uniform([3, 8, 16]));
    const stream = canvas.captureStream();
    const painting = setInterval(() => toCanvas(uniform([3, 8, 16]), canvas), 20);
    const devices = { getUserMedia: () => Promise.resolve(stream) };
    Object.defineProperty(navigator, "mediaDevices", { configurable: true, value: devices });
    try {
      const shapes = [];
      for await (const image of webcam({ width: 16, height: 8, channels: 1 })) {
        shapes.push(image.shape);
        if (shapes.length === 3) break;
      }
      expect(shapes).toEqual([[1, 8, 16], [1, 8, 16], [1, 8, 16]]);
      expect(stream.getTracks().map(({ readyState }) => readyState)).toEqual(["ended"]);
    } finally {
      clearInterval(painting);
      if (!tells) Object.defineProperty(prototype, "requestVideoFrameCallback", own);
      Reflect.deleteProperty(navigator, "mediaDevices");
    }
  });

  test("that may not be used is refused with the reason", async () => {
    Object.defineProperty(navigator, "mediaDevices", { configurable: true, value: { getUserMedia: () => Promise.reject(new Error("Permission denied")) } });
    try {
      await expect(webcam().next()).rejects.toThrow("webcam: the camera cannot be used: Permission denied");
      expect(() => webcam({ facing: "front" as never })).toThrow('webcam: facing is the string "front", expected "user" or "environment"');
    } finally {
      Reflect.deleteProperty(navigator, "mediaDevices");
    }
  });
});
