import { CheckpointError, FileError, openCheckpoint, type CheckpointFile, type CheckpointSource } from "@nn/io";
import { buildModel, Module, type ModelDescription, type ModuleClasses } from "@nn/layers";
import { ArgumentError } from "@nn/tensor";
import { describeValue, messageOf, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { allClasses } from "./classes.js";
import { descriptionKey, header } from "./model-file.js";

/** Options of {@link loadModel}. */
export interface LoadModelOptions<Expected extends Module = Module> {
  /** Classes of modules besides the layers of `@nn/layers`: those with which the model was saved. */
  readonly classes?: ModuleClasses | undefined;
  /** The class that the model must have; the result is of its type. */
  readonly as?: (abstract new (...given: never[]) => Expected) | undefined;
  /** The name of the file in messages. Default: the path, the address, or the name of the file. */
  readonly name?: string | undefined;
  /** Ends a transfer from a server. */
  readonly signal?: AbortSignal | undefined;
}

const loadOptions: OptionKinds<LoadModelOptions> = { classes: "any", as: "any", name: "string", signal: "any" };

/**
 * Reads a model that {@link saveModel} wrote: from a path, an address, a `Blob` or `File`, or bytes. The model is as it was, frozen parameters and modes too.
 *
 * The file is data and runs nothing. It names classes; only those of `@nn/layers` and those in `classes` are made, with arguments that their constructors check.
 * @throws CheckpointError if it is damaged, is not a model file, names classes that are not known (it names them all), or its weights do not fit; FileError if it cannot be read.
 */
export async function loadModel<Expected extends Module = Module>(source: CheckpointSource, options: LoadModelOptions<Expected> = {}): Promise<Expected> {
  requireOptions("loadModel", options, loadOptions);
  const { classes = {}, as, name, signal } = options;
  if (as !== undefined && !(typeof as === "function" && (as.prototype as unknown) instanceof Module)) throw new ArgumentError(`loadModel: as is ${describeValue(as)}, expected a class that extends Module`);
  requireSource(source);
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw new ArgumentError(`loadModel: signal is ${describeValue(signal)}, expected an AbortSignal`);
  const known = allClasses("loadModel", classes);
  const file = await openCheckpoint(source, { ...(name === undefined ? {} : { name }), ...(signal === undefined ? {} : { signal }) }).catch((cause: unknown) => {
    throw cause instanceof FileError ? new FileError("loadModel", "read", cause.path, cause) : cause;
  });
  try {
    const place = name ?? nameOf(source);
    const model = await read(place, file, known);
    return requireClass(place, model, as);
  } finally {
    await file.close();
  }
}

function requireSource(source: unknown): void {
  if (typeof source === "string" || [URL, Blob, Uint8Array, ArrayBuffer].some((kind) => source instanceof kind)) return;
  throw new ArgumentError(`loadModel: the source is ${describeValue(source)}, expected a path, an address, a Blob, or bytes`);
}

function nameOf(source: CheckpointSource): string {
  if (typeof source === "string" || source instanceof URL) return String(source);
  return source instanceof Blob && "name" in source && typeof source.name === "string" ? source.name : "loadModel input";
}

async function read(place: string, file: CheckpointFile, classes: ModuleClasses): Promise<Module> {
  const description = descriptionIn(place, file.metadata);
  try {
    const model = buildModel(description, classes);
    const tensors = await file.readAll();
    const aliases = description.shared.flatMap(([first = "", ...others]) => others.map((other) => [other, tensors[first]]));
    model.loadStateDict({ ...tensors, ...Object.fromEntries(aliases) });
    return model;
  } catch (cause) {
    if (cause instanceof CheckpointError) throw cause;
    throw new CheckpointError(place, messageOf(cause), undefined, { cause });
  }
}

/** The description in the metadata, of whose form only `buildModel` knows. */
function descriptionIn(place: string, metadata: Readonly<Record<string, string>>): ModelDescription {
  const { format, version, [descriptionKey]: text = "" } = metadata;
  if (format !== header.format) {
    throw new CheckpointError(place, "it has weights, but no architecture; make the model and load them: model.loadStateDict(await (await openCheckpoint(path)).readAll())");
  }
  if (version !== header.version) throw new CheckpointError(place, `it has version ${version ?? "?"} of the format, this program reads version ${header.version}`);
  try {
    return JSON.parse(text) as ModelDescription;
  } catch (cause) {
    throw new CheckpointError(place, "its description of the model is not JSON; the file is damaged", undefined, { cause });
  }
}

function requireClass<Expected extends Module>(place: string, model: Module, as: (abstract new (...given: never[]) => Expected) | undefined): Expected {
  // Without a class, `Expected` is any module.
  if (as === undefined || model instanceof as) return model as Expected;
  throw new CheckpointError(place, `it holds a ${model.constructor.name}, expected a ${as.name}`);
}
