import { build } from "esbuild";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { basename, dirname, join, resolve } from "node:path";
import type { Programs } from "./fences.js";
import type { BrowserPackages } from "./packages.js";
import { compilePrograms } from "./programs.js";
import { typeReader } from "./types.js";

const worker = resolve(import.meta.dirname, "../worker");

/** The worker, what programs import of it, and the part that compiles what a reader has changed, which is loaded only then. */
async function bundleWorker({ entries }: BrowserPackages): Promise<ReadonlyMap<string, Uint8Array>> {
  const { outputFiles } = await build({
    entryPoints: [join(worker, "worker.ts"), join(worker, "runtime.ts")],
    outdir: worker,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    legalComments: "none",
    define: { packageFiles: JSON.stringify(Object.fromEntries(entries)) },
    write: false,
    logLevel: "error",
  });
  return new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));
}

/** Writes what Run buttons load: the worker, the packages, and the programs of the pages; and the types of the names in them. */
export async function writePrograms(folder: string, { runnable, others }: Programs, packages: BrowserPackages): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  for (const [name, contents] of await bundleWorker(packages)) write(join(folder, name), contents);
  for (const [name, contents] of packages.files) write(join(folder, "packages", name), contents);
  for (const [name, contents] of await compilePrograms(runnable, packages)) write(join(folder, "programs", name), contents);
  for (const [id, types] of typeReader()(new Map([...runnable, ...others]))) write(join(folder, "types", `${id}.json`), JSON.stringify(types));
}

function write(file: string, contents: Uint8Array | string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, contents);
}

/** The part of the server of Vite that answers requests. */
interface Server {
  readonly middlewares: { use(route: string, answer: (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void): unknown };
}

async function answer(file: Promise<Uint8Array | string | undefined>, response: ServerResponse, next: (error?: unknown) => void): Promise<void> {
  try {
    const contents = await file;
    response.writeHead(contents === undefined ? 404 : 200, { "content-type": typeof contents === "string" ? "application/json" : "text/javascript" });
    response.end(contents);
  } catch (error) {
    next(error);
  }
}

/** A plugin of Vite: while the site is written, its server answers requests for these files; a program is compiled, and its types are read, when it is asked for. */
export function servePrograms({ runnable, others }: Programs, packages: BrowserPackages) {
  let own: Promise<ReadonlyMap<string, Uint8Array>> | undefined;
  let reader: ReturnType<typeof typeReader> | undefined;
  const typesIn = (id: string): string | undefined => {
    const code = runnable.get(id) ?? others.get(id);
    return code === undefined ? undefined : JSON.stringify((reader ??= typeReader())(new Map([[id, code]])).get(id));
  };
  const fileAt = async (path: string): Promise<Uint8Array | string | undefined> => {
    const [folder = "", name = ""] = path.includes("/") ? path.split("/") : ["", path];
    if (folder === "packages") return packages.files.get(name);
    if (folder === "types") return typesIn(basename(name, ".json"));
    if (folder === "") return (await (own ??= bundleWorker(packages))).get(name);
    const id = basename(name, ".js");
    const code = runnable.get(id);
    return code === undefined ? undefined : (await compilePrograms(new Map([[id, code]]), packages)).get(name);
  };
  return {
    name: "programs",
    configureServer({ middlewares }: Server): void {
      middlewares.use("/run/", (request, response, next) => {
        void answer(fileAt((request.url ?? "").replace(/^\//, "").replace(/\?.*$/, "")), response, next);
      });
    },
  };
}
