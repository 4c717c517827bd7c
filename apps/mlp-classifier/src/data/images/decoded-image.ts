/** A decoded image: `channels` samples of each pixel, row by row from the top, from 0 to 1. */
export interface DecodedImage {
  readonly height: number;
  readonly width: number;
  /** 1 for grey, 3 for red, green and blue. An image in which the three are equal everywhere is grey. */
  readonly channels: 1 | 3;
  readonly samples: Float32Array;
}
