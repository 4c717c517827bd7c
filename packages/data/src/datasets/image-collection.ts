import { builtin } from "@nn/files/builtin";
import { requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { downloadFile, type DownloadOptions } from "../files/download.js";
import { FormatError } from "../format-error.js";
import type { ImageSplits } from "./digits/digits.js";
import { imageOptions, readIdxFolder, readLabelledImages, type ImageOptions } from "./idx-folder.js";

/** Options of {@link mnist} and {@link fashionMnist}. */
export interface ImageCollectionOptions extends ImageOptions, Pick<DownloadOptions, "attempts" | "retryDelay" | "idleTimeout" | "minimumRate" | "signal"> {
  /** A folder that holds the files; then nothing is downloaded. */
  readonly folder?: string;
  /** Where downloaded files are kept. Default: the folder `nn/<name of the data set>` in the user's cache folder. */
  readonly cacheFolder?: string;
  /** Base URLs of the files, tried in this order. */
  readonly mirrors?: readonly string[];
  /** Called as data arrive. */
  readonly onProgress?: (progress: { readonly file: string; readonly received: number; readonly total: number | undefined }) => void;
}

const collectionOptions: OptionKinds<Omit<ImageCollectionOptions, keyof ImageOptions>> = {
  attempts: "count", retryDelay: "nonNegative", idleTimeout: "positive", minimumRate: "nonNegative", signal: "any", folder: "string", cacheFolder: "string",
  mirrors: "list", onProgress: "function",
};

/** Limit of the size of a file, in bytes; the largest has 26 MB. */
const largestFile = 40_000_000;

/** A published data set in four IDX files. */
export interface ImageCollection {
  readonly name: string;
  readonly mirrors: readonly string[];
  readonly classes: readonly string[];
  /** SHA-256 of the compressed files. */
  readonly sha256: { readonly [File in ImageFile]: string };
}

const files = ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"] as const;

type ImageFile = (typeof files)[number];

/** Reads a collection from the given folder, or from the cache, and downloads it into the cache the first time. */
export async function loadCollection(collection: ImageCollection, given: ImageCollectionOptions, operation = collection.name): Promise<ImageSplits> {
  requireOptions(operation, given, { ...imageOptions, ...collectionOptions });
  given.mirrors?.forEach((mirror, at) => requireKind(operation, `mirrors[${at}]`, mirror, "string"));
  const { flatten = true, ...options } = given;
  if (options.folder !== undefined) return fromFolder(collection, options.folder, flatten);
  const cache = options.cacheFolder ?? defaultCache(collection.name);
  const { join } = builtin(collection.name, "node:path");
  for (const file of files) await fetchFile(collection, file, join(cache, file), options);
  const [trainImages, trainLabels, testImages, testLabels] = files;
  return {
    train: await readLabelledImages(join(cache, trainImages), join(cache, trainLabels), flatten),
    test: await readLabelledImages(join(cache, testImages), join(cache, testLabels), flatten),
    classes: collection.classes,
  };
}

async function fromFolder(collection: ImageCollection, folder: string, flatten: boolean): Promise<ImageSplits> {
  const { train, test } = await readIdxFolder(folder, { flatten });
  if (train !== undefined && test !== undefined) return { train, test, classes: collection.classes };
  const [present, absent] = train === undefined ? ["test", "training"] : ["training", "test"];
  throw new FormatError(
    folder, `the folder holds only the ${present} part, not the ${absent} part; read it with readIdxFolder and split it with stratifiedSplit`,
  );
}

async function fetchFile(
  { name, mirrors: standard, sha256 }: ImageCollection, file: ImageFile, path: string, { mirrors = standard, onProgress, ...options }: ImageCollectionOptions,
): Promise<void> {
  const { attempts, retryDelay, idleTimeout, minimumRate, signal } = options;
  await downloadFile({
    path,
    sha256: sha256[file],
    maxBytes: largestFile,
    urls: mirrors.map((mirror) => `${mirror.replace(/\/*$/, "")}/${file}`),
    ...(attempts === undefined ? {} : { attempts }),
    ...(retryDelay === undefined ? {} : { retryDelay }),
    ...(idleTimeout === undefined ? {} : { idleTimeout }),
    ...(minimumRate === undefined ? {} : { minimumRate }),
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress: (received, total) => onProgress({ file: `${name}/${file}`, received, total }) }),
  });
}

/** The cache folder by the convention of the operating system. */
function defaultCache(name: string): string {
  const { env, platform } = builtin(name, "node:process");
  const home = builtin(name, "node:os").homedir();
  const { join } = builtin(name, "node:path");
  const custom = { darwin: join(home, "Library", "Caches"), win32: env.LOCALAPPDATA ?? join(home, "AppData", "Local") };
  const root = env.XDG_CACHE_HOME ?? (platform === "darwin" || platform === "win32" ? custom[platform] : join(home, ".cache"));
  return join(root, "nn", name);
}
