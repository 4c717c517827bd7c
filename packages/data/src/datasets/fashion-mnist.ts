import type { ImageSplits } from "./digits/digits.js";
import { loadCollection, type ImageCollection, type ImageCollectionOptions } from "./image-collection.js";

const collection: ImageCollection = {
  name: "fashion-mnist",
  mirrors: [
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
  ],
  classes: ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
  sha256: {
    "train-images-idx3-ubyte.gz": "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    "train-labels-idx1-ubyte.gz": "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    "t10k-images-idx3-ubyte.gz": "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    "t10k-labels-idx1-ubyte.gz": "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
  },
};

/**
 * Fashion-MNIST: 60,000 images of clothes for training and 10,000 for testing, in ten classes and the format of MNIST
 * (Xiao, Rasul and Vollgraf 2017, MIT licence). `x` `[count, 784]`, or `[count, 1, 28, 28]` with `flatten: false`; `y` `[count]`.
 *
 * With `folder` the files are read from there, plain or with `.gz`. Otherwise they are downloaded once (31 MB, from
 * `https://github.com/zalandoresearch/fashion-mnist` or a mirror), checked by SHA-256, and kept in the user's cache folder.
 * Needs Node, Deno or Bun. In a browser, fetch the files and use `readIdx`.
 * @throws DownloadError if a file cannot be downloaded.
 * @throws FileError if a file cannot be read or written.
 * @throws FormatError if the folder holds only one of the splits, or a file is invalid.
 */
export async function fashionMnist(options: ImageCollectionOptions = {}): Promise<ImageSplits> {
  return loadCollection(collection, options, "fashionMnist");
}
