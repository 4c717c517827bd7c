// `npm run docs`. All packages are read as one program: one for each package reads and checks again those below it. `npm test` checks the types.
import { publishedEntries } from "./scripts/entries.mjs";

/** Their names have no comments of their own where the sources read better without: the table of primitives, and what the compiler shares with targets. */
const internal = new Set(["@nn/tensor/primitives", "@nn/compiler/target"]);

const entries = publishedEntries().filter(({ specifier }) => !internal.has(specifier));

export default {
  name: "nn",
  plugin: ["./scripts/typedoc-plugin.mjs"],
  tsconfig: "apps/site/scripts/api/tsconfig.json",
  entryPoints: entries.map(({ source }) => source),
  skipErrorChecking: true,
  disableSources: true,
  excludePrivate: true,
  excludeInternal: true,
  packagesRequiringDocumentation: [...new Set(entries.map(({ name }) => `@nn/${name}`))],
  requiredToBeDocumented: ["Class", "Interface", "Function", "TypeAlias", "Variable"],
  readme: "README.md",
  out: "docs/api",
  validation: { notExported: false, invalidLink: true, notDocumented: true, invalidPath: false },
  logLevel: "Warn",
  treatWarningsAsErrors: true,
};
