/**
 * Images in a browser: files that the browser decodes, the pixels of canvases, images and videos, the camera, and tensors on a canvas.
 *
 * @packageDocumentation
 */
export type { PixelOptions } from "../decode/decode-image.js";
export { decodeBlob } from "./decode-blob.js";
export { fromPixels, type PixelSource } from "./from-pixels.js";
export { toCanvas } from "./to-canvas.js";
export { webcam, type WebcamOptions } from "./webcam.js";
