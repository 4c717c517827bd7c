import { build, type Metafile, type Plugin } from "esbuild";
import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { basename, resolve } from "node:path";

/** The packages as modules that a browser loads, one file for each entry, all in one folder. */
export interface BrowserPackages {
  /** The contents of the files, by their names. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** What a program in a browser can import, and the file that it gets: `@nn/tensor/extend` is `tensor-extend.js`. */
  readonly entries: ReadonlyMap<string, string>;
}

const folder = resolve(import.meta.dirname, "../../../../packages");

/** The file of an entry. */
const fileOf = (specifier: string): string => `${specifier.slice("@nn/".length).replaceAll("/", "-")}.js`;

/** Other packages are files of their own; modules of Node are left as they are, to be found in the result. */
const others: Plugin = {
  name: "other packages",
  setup({ onResolve }) {
    onResolve({ filter: /^@nn\// }, ({ path }) => ({ path: `./${fileOf(path)}`, external: true }));
    onResolve({ filter: /^[a-z]/ }, ({ path }) => (isBuiltin(path) ? { path, external: true } : undefined));
  },
};

/** The figures are elements of a page: a worker, in which programs run, has none. */
const forPages = new Set(["figures"]);

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly "@nn/source"?: string }>>;
}

/** The entries of a package: what is imported, and its source. */
function entriesOf(name: string): readonly (readonly [specifier: string, source: string])[] {
  if (forPages.has(name)) return [];
  const manifest = JSON.parse(readFileSync(resolve(folder, name, "package.json"), "utf8")) as Manifest;
  return Object.entries(manifest.exports).flatMap(([path, target]) => {
    const source = typeof target === "string" ? undefined : target["@nn/source"];
    return source === undefined ? [] : [[`@nn/${name}${path.slice(1)}`, resolve(folder, name, source)] as const];
  });
}

/** Bundles the sources of all packages. Entries for Node are left out: those named so, and those that import its modules. */
export async function bundlePackages(): Promise<BrowserPackages> {
  const files = new Map<string, Uint8Array>();
  const imports = new Map<string, readonly string[]>();
  const entries = new Map<string, string>();
  for (const name of readdirSync(folder)) {
    const own = entriesOf(name);
    if (own.length === 0) continue;
    for (const [specifier] of own) entries.set(specifier, fileOf(specifier));
    const { outputFiles, metafile } = await bundle(name, own);
    for (const { path, contents } of outputFiles) files.set(basename(path), contents);
    for (const [path, output] of Object.entries(metafile.outputs)) imports.set(basename(path), importsOf(output));
  }
  const needsNode = (file: string, seen = new Set<string>()): boolean =>
    !seen.has(file) && (seen.add(file), (imports.get(file) ?? []).some((path) => isBuiltin(path) || needsNode(basename(path), seen)));
  return {
    files: new Map([...files].filter(([file]) => !needsNode(file))),
    entries: new Map([...entries].filter(([specifier, file]) => !specifier.endsWith("/node") && !needsNode(file))),
  };
}

const importsOf = ({ imports }: Metafile["outputs"][string]): readonly string[] =>
  imports.flatMap(({ kind, path }) => (kind === "import-statement" ? [path] : []));

/** Names of functions and classes stay: errors and printed modules show them. */
const bundle = (name: string, entries: readonly (readonly [string, string])[]) =>
  build({
    entryPoints: Object.fromEntries(entries.map(([specifier, source]) => [basename(fileOf(specifier), ".js"), source])),
    outdir: resolve(folder, "bundles"),
    bundle: true,
    splitting: true,
    chunkNames: `${name}-shared-[hash]`,
    format: "esm",
    platform: "browser",
    target: "es2022",
    conditions: ["@nn/source"],
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
    write: false,
    metafile: true,
    logLevel: "error",
    plugins: [others],
  });
