import type { Pixels } from "./types.js";

/** How a stored image becomes upright, from 1 to 8 as in the EXIF tag Orientation; 1 is upright already. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** The number of the tag Orientation. */
const orientationTag = 0x0112;

/** The number of an orientation; 1 for a number that is none. */
export function orientation(value: number | undefined): Orientation {
  return value !== undefined && Number.isInteger(value) && value >= 1 && value <= 8 ? (value as Orientation) : 1;
}

/** The orientation in the EXIF data of a photo, which are a TIFF header and a directory of tags (CIPA DC-008); 1 if they have none. */
export function orientationOf(exif: Uint8Array): Orientation {
  const mark = String.fromCharCode(exif[0] ?? 0, exif[1] ?? 0);
  if (!["II", "MM"].includes(mark) || exif.length < 8) return 1;
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength);
  const little = mark === "II";
  const directory = view.getUint32(4, little);
  if (directory + 2 > view.byteLength) return 1;
  for (let entry = 0; entry < view.getUint16(directory, little); entry++) {
    const at = directory + 2 + 12 * entry;
    if (at + 12 > view.byteLength) return 1;
    if (view.getUint16(at, little) === orientationTag) return orientation(view.getUint16(at + 8, little));
  }
  return 1;
}

/** The change of each orientation: whether rows and columns are exchanged, and which of the stored ones are mirrored. */
const turns: Readonly<Record<Orientation, { readonly swap: boolean; readonly flipRow: boolean; readonly flipColumn: boolean }>> = {
  1: { swap: false, flipRow: false, flipColumn: false },
  2: { swap: false, flipRow: false, flipColumn: true },
  3: { swap: false, flipRow: true, flipColumn: true },
  4: { swap: false, flipRow: true, flipColumn: false },
  5: { swap: true, flipRow: false, flipColumn: false },
  6: { swap: true, flipRow: true, flipColumn: false },
  7: { swap: true, flipRow: true, flipColumn: true },
  8: { swap: true, flipRow: false, flipColumn: true },
};

/** The image as a person holds it. */
export function upright(image: Pixels, stored: Orientation): Pixels {
  const { swap, flipRow, flipColumn } = turns[stored];
  if (stored === 1) return image;
  const { channels, samples, most } = image;
  const [height, width] = swap ? [image.width, image.height] : [image.height, image.width];
  const turned = most > 255 ? new Uint16Array(samples.length) : new Uint8Array(samples.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [row, column] = swap ? [x, y] : [y, x];
      const from = (flipRow ? image.height - 1 - row : row) * image.width + (flipColumn ? image.width - 1 - column : column);
      for (let channel = 0; channel < channels; channel++) turned[(y * width + x) * channels + channel] = samples[from * channels + channel] ?? 0;
    }
  }
  return { height, width, channels, most, samples: turned };
}
