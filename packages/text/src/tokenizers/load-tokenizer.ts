import { FileError } from "@nn/files";
import { builtin } from "@nn/files/builtin";
import { ArgumentError } from "@nn/tensor";
import { messageOf, quote, requireKind } from "@nn/tensor/extend";
import { PretrainedTokenizer } from "./pretrained-tokenizer.js";

/**
 * The tokenizer of a model: the files `tokenizer.json`, and `tokenizer_config.json` if there is one, of a folder.
 * @throws FileError if a file cannot be read.
 * @throws ArgumentError if a file is not JSON, or not that of a tokenizer.
 */
export async function loadTokenizer(folder: string): Promise<PretrainedTokenizer> {
  requireKind("loadTokenizer", "the folder", folder, "string");
  const { join } = builtin("loadTokenizer", "node:path");
  const json = await jsonOf(join(folder, "tokenizer.json"));
  try {
    return new PretrainedTokenizer(json, await jsonOf(join(folder, "tokenizer_config.json")));
  } catch (error) {
    if (error instanceof FileError && error.code === "ENOENT") return new PretrainedTokenizer(json);
    throw error;
  }
}

async function jsonOf(path: string): Promise<object> {
  const { readFile } = builtin("loadTokenizer", "node:fs/promises");
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new FileError("loadTokenizer", "read", path, cause);
  });
  try {
    // PretrainedTokenizer checks that it is an object.
    return JSON.parse(text) as object;
  } catch (cause) {
    throw new ArgumentError(`loadTokenizer: ${quote(path)} is not JSON: ${messageOf(cause)}`, { cause });
  }
}
