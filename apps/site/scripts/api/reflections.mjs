// The public names of all packages, with their types and comments, as TypeDoc reads them.
import { relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { Application, ReflectionKind, TSConfigReader } from "typedoc";
import { publishedEntries } from "../../../../scripts/entries.mjs";

const root = resolve(fileURLToPath(import.meta.url), "../../../../..");

/** Reads all packages as one program. Gives, for each entry, its public declarations with the path of their source below `src`. */
export async function readPackages() {
  const all = publishedEntries();
  const app = await Application.bootstrap({
    entryPoints: all.map(({ source }) => source),
    entryPointStrategy: "resolve",
    tsconfig: resolve(root, "apps/site/scripts/api/tsconfig.json"),
    basePath: root,
    skipErrorChecking: true,
    disableGit: true,
    sourceLinkTemplate: "{path}",
    excludePrivate: true,
    excludeInternal: true,
    sort: ["source-order"],
    readme: "none",
    logLevel: "Error",
    // Not the options of `npm run docs`, which TypeDoc finds in the root.
  }, [new TSConfigReader()]);
  const project = await app.convert();
  if (project === undefined) throw new Error("TypeDoc could not read the packages");
  const bySource = new Map((project.children ?? []).map((module) => [module.sources?.[0]?.fullFileName, module]));
  return all.map(({ name, description, specifier, source }) => {
    const module = bySource.get(source.split(sep).join("/"));
    if (module === undefined) throw new Error(`TypeDoc gives nothing for ${specifier}`);
    const declarations = (module.children ?? []).flatMap((child) => {
      if (child.kind === ReflectionKind.Reference) return [];
      const path = relative(resolve(root, "packages", name, "src"), child.sources?.[0]?.fullFileName ?? source).split(sep).join("/");
      return path.startsWith("..") ? [] : [{ reflection: child, path }];
    });
    return { name, description: description ?? firstSentence(module.comment), specifier, declarations };
  });
}

/** The first sentence of a comment; `undefined` without one. */
function firstSentence(comment) {
  const text = comment?.summary.map((part) => part.text).join("").trim().replaceAll(/\s+/g, " ");
  return text === undefined || text === "" ? undefined : /^.*?(?:\.(?=\s)|$)/.exec(text)?.[0];
}
