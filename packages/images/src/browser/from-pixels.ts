import { ArgumentError, UsageError, type Tensor } from "@nn/tensor";
import { describeValue, requireOptions } from "@nn/tensor/extend";
import { pixelOptions, requireBackground, type PixelOptions } from "../decode/decode-image.js";
import { tensorOf } from "../decode/pixels.js";

/** What a browser can draw, and pixels that it has. */
export type PixelSource = ImageData | HTMLCanvasElement | OffscreenCanvas | ImageBitmap | HTMLImageElement | HTMLVideoElement | VideoFrame;

/**
 * The pixels of a canvas, an image, a video or a frame of one as a tensor `[channels, height, width]`. TensorFlow.js: `tf.browser.fromPixels`, whose channels come last.
 *
 * @example
 * ```ts no-run
 * import { fromPixels } from "@nn/images/browser";
 *
 * const canvas = document.querySelector("canvas");
 * if (canvas !== null) console.log(fromPixels(canvas, { channels: 1, background: [0, 0, 0] }).shape); // [1, 28, 28]
 * ```
 * @throws FormatError if pixels are transparent, and there is neither a background nor a fourth channel.
 * @throws UsageError if the source has no pixels yet, such as an image that is still loading, or is from another site.
 */
export function fromPixels(source: PixelSource, options: PixelOptions = {}): Tensor {
  requireOptions("fromPixels", options, pixelOptions);
  return pixelsAs("fromPixels", source, options);
}

/** {@link fromPixels} with the name of another function in its errors, and options that were checked, but for the background. */
export function pixelsAs(operation: string, source: PixelSource, { channels = 3, dtype = "float32", background }: PixelOptions): Tensor {
  requireBackground(operation, background);
  const { width, height, data } = source instanceof ImageData ? source : drawn(operation, source);
  const samples = new Uint8Array(data.buffer, data.byteOffset, data.length);
  return tensorOf(operation, { width, height, channels: 4, most: 255, samples }, { channels, dtype, background });
}

function drawn(operation: string, source: Exclude<PixelSource, ImageData>): ImageData {
  const [width, height] = sizeOf(operation, source);
  if (width * height === 0) throw new UsageError(`${operation}: the source has no pixels yet; wait until it is loaded, with image.decode() or the event loadeddata of a video`);
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (context === null) throw new UsageError(`${operation}: this browser cannot draw on a canvas of ${width} x ${height}`);
  context.drawImage(source, 0, 0, width, height);
  try {
    return context.getImageData(0, 0, width, height);
  } catch (cause) {
    throw new UsageError(`${operation}: the pixels are from another site, which does not allow to read them; serve them with CORS, and load them with crossOrigin`, { cause });
  }
}

function sizeOf(operation: string, source: Exclude<PixelSource, ImageData>): readonly [width: number, height: number] {
  const given: unknown = source;
  if (typeof VideoFrame !== "undefined" && source instanceof VideoFrame) return [source.displayWidth, source.displayHeight];
  if (typeof HTMLVideoElement !== "undefined" && source instanceof HTMLVideoElement) return [source.videoWidth, source.videoHeight];
  if (typeof HTMLImageElement !== "undefined" && source instanceof HTMLImageElement) return [source.naturalWidth, source.naturalHeight];
  if (typeof HTMLCanvasElement !== "undefined" && source instanceof HTMLCanvasElement) return [source.width, source.height];
  if (source instanceof OffscreenCanvas || source instanceof ImageBitmap) return [source.width, source.height];
  throw new ArgumentError(`${operation}: the source is ${describeValue(given)}, expected ImageData, a canvas, an image, a video or a frame of one`);
}
