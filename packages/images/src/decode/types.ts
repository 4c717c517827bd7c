/** The pixels of a decoded file: `channels` samples of each, row by row from the top. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** 1: grey, 2: grey and opacity, 3: red, green and blue, 4: these and opacity. */
  readonly channels: 1 | 2 | 3 | 4;
  /** The sample that means white or opaque; 0 is black or transparent. */
  readonly most: number;
  readonly samples: Uint8Array | Uint16Array;
}

/** What tensor pixels become. */
export interface TensorForm {
  readonly channels: 1 | 3 | 4;
  readonly dtype: "float32" | "int32";
  readonly background: readonly [red: number, green: number, blue: number] | undefined;
}
