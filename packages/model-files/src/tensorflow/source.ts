import { builtin } from "@nn/files/builtin";
import { CheckpointError, FileError } from "@nn/io";
import { ArgumentError } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";

/**
 * Where a model of TensorFlow.js is: the path or the address of its `model.json`, or the files themselves, such as those that a reader of a page has chosen. The files of weights lie beside it.
 */
export type LayersModelSource = string | URL | readonly File[];

/** The files of a model. */
export interface ModelFiles {
  /** What messages call it. */
  readonly name: string;
  /** The bytes of `model.json`. */
  model(): Promise<Uint8Array>;
  /** The bytes of a file beside it. */
  beside(path: string): Promise<Uint8Array>;
}

/** @throws ArgumentError for what is no source, and for files without exactly one `.json`. */
export function filesOf(operation: string, source: LayersModelSource, signal: AbortSignal | undefined): ModelFiles {
  if (source instanceof URL || (typeof source === "string" && /^https?:\/\//i.test(source))) {
    const url = new URL(source);
    return { name: url.href, model: () => fetched(url, signal), beside: (path) => fetched(new URL(path.split("/").map(encodeURIComponent).join("/"), url), signal) };
  }
  if (typeof source === "string") {
    const { dirname, join } = builtin(operation, "node:path");
    return { name: source, model: () => fileAt(operation, source), beside: (path) => fileAt(operation, join(dirname(source), path)) };
  }
  if (Array.isArray(source) && source.every((file) => typeof File !== "undefined" && file instanceof File)) return chosen(operation, source as readonly File[]);
  throw new ArgumentError(`${operation}: the source is ${describeValue(source)}, expected the path or the address of a model.json, or a list of Files`);
}

function chosen(operation: string, files: readonly File[]): ModelFiles {
  const [model, ...others] = files.filter(({ name }) => name.endsWith(".json"));
  if (model === undefined || others.length > 0) throw new ArgumentError(`${operation}: ${others.length > 0 ? "several" : "none"} of the files end in .json, expected one, the model`);
  const bytesOf = async (file: File): Promise<Uint8Array> => new Uint8Array(await file.arrayBuffer());
  return {
    name: model.name,
    model: () => bytesOf(model),
    beside: async (path) => {
      const file = files.find(({ name }) => name === path.split("/").at(-1));
      if (file === undefined) throw new CheckpointError(model.name, `its weights are in ${path}, which is not among the files`);
      return bytesOf(file);
    },
  };
}

async function fileAt(operation: string, path: string): Promise<Uint8Array> {
  try {
    return await builtin(operation, "node:fs/promises").readFile(path);
  } catch (cause) {
    throw new FileError(operation, "read", path, cause);
  }
}

async function fetched(url: URL, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const response = await fetch(url, { signal: signal ?? null }).catch((cause: unknown) => {
    signal?.throwIfAborted();
    throw new CheckpointError(url.href, "the server cannot be reached", undefined, { cause });
  });
  if (response.ok) return new Uint8Array(await response.arrayBuffer());
  await response.body?.cancel();
  throw new CheckpointError(url.href, `the server answers HTTP ${response.status}, expected the file`);
}
