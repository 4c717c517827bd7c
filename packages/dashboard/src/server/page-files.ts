import { FileError } from "@nn/files";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A file of the page, as it is sent. */
export interface PageFile {
  readonly type: string;
  readonly content: Uint8Array;
}

/** The paths of the page's files. A request can read no other file. */
const files = {
  "/": { name: "index.html", type: "text/html; charset=utf-8" },
  "/page.js": { name: "page.js", type: "text/javascript; charset=utf-8" },
  "/page.css": { name: "page.css", type: "text/css; charset=utf-8" },
} as const;

/** The built page. The build puts it beside the package's code. */
export const builtPage = fileURLToPath(new URL("page/", import.meta.url));

/**
 * The files of the page by their paths.
 * @throws FileError if the page was not built.
 */
export async function readPage(folder: string): Promise<ReadonlyMap<string, PageFile>> {
  const page = new Map<string, PageFile>();
  for (const [path, { name, type }] of Object.entries(files)) {
    try {
      page.set(path, { type, content: await readFile(join(folder, name)) });
    } catch (cause) {
      throw new FileError("serve", "read", join(folder, name), cause);
    }
  }
  return page;
}
