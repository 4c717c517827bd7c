import type { Tensor } from "@nn/tensor";
import { encode } from "fast-png";
import { escaped, svgPicture } from "./svg.js";

/** Options of {@link captionedImages}. */
export interface CaptionedImagesOptions {
  readonly title: string;
  readonly columns: number;
  /** The lines below each image. */
  readonly captions: readonly (readonly string[])[];
}

const margin = { left: 64, top: 44 };
const [imageWidth, cellWidth, lineHeight, gap] = [144, 186, 18, 20];

/** Grey images `[N, height, width]` of values from 0 (black) to 1 with text below each, as an SVG picture. */
export function captionedImages(images: Tensor, { title, columns, captions }: CaptionedImagesOptions): string {
  const [count, height, width] = images.shape as readonly [number, number, number];
  const imageHeight = (imageWidth * height) / width;
  const mostLines = captions.reduce((most, { length }) => Math.max(most, length), 0);
  const cellHeight = imageHeight + mostLines * lineHeight + gap;
  const values = images.toTypedArray();
  const cells = Array.from({ length: count }, (_, at) => {
    const data = Uint8Array.from({ length: height * width }, (_, pixel) => Math.round(255 * Math.min(1, Math.max(0, Number(values[at * height * width + pixel])))));
    const png = Buffer.from(encode({ width, height, channels: 1, depth: 8, data })).toString("base64");
    const lines = (captions[at] ?? []).map((text, line) => `<text x="${imageWidth / 2}" y="${imageHeight + (line + 1) * lineHeight}" text-anchor="middle">${escaped(text)}</text>`);
    const transform = `translate(${margin.left + (at % columns) * cellWidth}, ${margin.top + Math.floor(at / columns) * cellHeight})`;
    return `<g transform="${transform}"><image width="${imageWidth}" height="${imageHeight}" style="image-rendering: pixelated" href="data:image/png;base64,${png}"/>${lines.join("")}</g>`;
  });
  return svgPicture({ title, width: 2 * margin.left + (columns - 1) * cellWidth + imageWidth, height: margin.top + Math.ceil(count / columns) * cellHeight, body: cells });
}
