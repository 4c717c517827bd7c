// A plugin of TypeDoc: the module of an entry has the name by which it is imported, and that of a package's main entry shows the README.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Converter, MinimalSourceFile, ReflectionKind } from "typedoc";
import { publishedEntries } from "./entries.mjs";
import { root } from "./steps.mjs";

/** The entries by their sources. */
const entries = new Map(publishedEntries().map((entry) => [entry.source, entry]));

export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
    if (!reflection.kindOf(ReflectionKind.Module)) return;
    const { fileName } = context.getSymbolFromReflection(reflection)?.declarations?.[0] ?? {};
    const entry = entries.get(resolve(fileName ?? ""));
    if (entry === undefined) throw new Error(`${reflection.name} is the source of no entry`);
    reflection.name = entry.specifier;
    if (entry.description === undefined) return;
    const readme = resolve(root, "packages", entry.name, "README.md");
    reflection.readme = app.converter.parseRawComment(new MinimalSourceFile(readFileSync(readme, "utf8"), readme), context.project.files).content;
  });
}
