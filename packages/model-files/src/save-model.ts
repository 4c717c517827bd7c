import { saveSafetensors, writeSafetensors } from "@nn/io";
import { describeModel, Module, type ModuleClasses } from "@nn/layers";
import { ArgumentError, type Tensor } from "@nn/tensor";
import { describeValue, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { allClasses } from "./classes.js";
import { descriptionKey, header } from "./model-file.js";

/** Options of {@link saveModel} and {@link writeModel}. */
export interface SaveModelOptions {
  /** Classes of modules besides the layers of `@nn/layers`, by the names under which the file refers to them; made with `moduleClass`. */
  readonly classes?: ModuleClasses | undefined;
}

const saveOptions: OptionKinds<SaveModelOptions> = { classes: "any" };

/**
 * Writes a model with its architecture to a file, from which {@link loadModel} makes it again: classes and arguments of constructors, all weights and buffers, which of them are shared, frozen parameters,
 * and modes. The file is written atomically.
 *
 * It is a safetensors file, so every reader of that format reads the weights. The architecture is JSON in its metadata. Initializers, generators of random numbers and listeners (`onForward`)
 * are not saved.
 *
 * @example
 * ```ts
 * import { Linear, ReLU, Sequential } from "@nn/layers";
 * import { loadModel, saveModel } from "@nn/model-files";
 * import { tensor } from "@nn/tensor";
 * import { mkdtemp } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 *
 * const path = join(await mkdtemp(join(tmpdir(), "nn-")), "model.safetensors");
 * const model = new Sequential(new Linear(2, 3), new ReLU(), new Linear(3, 1));
 * await saveModel(model, path);
 *
 * const same = await loadModel(path, { as: Sequential });
 * const x = tensor([[1, 2]]);
 * same.forward(x).item() === model.forward(x).item(); // => true
 * ```
 * @throws UsageError that names every class without an entry in `classes`, or says why the model cannot be made again; see `describeModel`.
 * @throws FileError if the file cannot be written.
 */
export async function saveModel(model: Module, path: string, options: SaveModelOptions = {}): Promise<void> {
  requireKind("saveModel", "path", path, "string");
  const { tensors, metadata } = contentsOf("saveModel", model, options);
  await saveSafetensors(path, tensors, metadata);
}

/** The bytes of the file that {@link saveModel} writes, for a database, a server, or the storage of a browser. @throws As `saveModel`. */
export function writeModel(model: Module, options: SaveModelOptions = {}): Uint8Array {
  const { tensors, metadata } = contentsOf("writeModel", model, options);
  return writeSafetensors(tensors, metadata);
}

/** Each variable once, under its first name, and what the file says about itself. */
function contentsOf(operation: string, model: Module, options: SaveModelOptions): { readonly tensors: Record<string, Tensor>; readonly metadata: Record<string, string> } {
  if (!(model instanceof Module)) throw new ArgumentError(`${operation}: got ${describeValue(model)}, expected a module`);
  requireOptions(operation, options, saveOptions);
  const description = describeModel(model, allClasses(operation, options.classes ?? {}));
  const variables = [...model.namedParameters(), ...model.namedBuffers()];
  return {
    tensors: Object.fromEntries(variables.map(([name, variable]) => [name, variable.value])),
    metadata: { ...header, [descriptionKey]: JSON.stringify(description) },
  };
}
