import type { ImageSplits } from "./digits/digits.js";
import { loadCollection, type ImageCollection, type ImageCollectionOptions } from "./image-collection.js";

const collection: ImageCollection = {
  name: "mnist",
  mirrors: ["https://ossci-datasets.s3.amazonaws.com/mnist", "https://storage.googleapis.com/cvdf-datasets/mnist"],
  classes: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
  sha256: {
    "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
  },
};

/**
 * MNIST: 60,000 images of handwritten digits for training and 10,000 for testing, 28 x 28 grey levels from 0 to 1 (LeCun, Bottou,
 * Bengio and Haffner 1998). `x` `[count, 784]`, or `[count, 1, 28, 28]` with `flatten: false`; `y` `[count]`.
 *
 * With `folder` the files are read from there, plain or with `.gz`. Otherwise they are downloaded once (11.6 MB, from
 * `https://ossci-datasets.s3.amazonaws.com/mnist` or a mirror), checked by SHA-256, and kept in the user's cache folder.
 * Needs Node, Deno or Bun. In a browser, fetch the files and use `readIdx`.
 * @throws DownloadError if a file cannot be downloaded.
 * @throws FileError if a file cannot be read or written.
 * @throws FormatError if the folder holds only one of the splits, or a file is invalid.
 */
export async function mnist(options: ImageCollectionOptions = {}): Promise<ImageSplits> {
  return loadCollection(collection, options);
}
