// Compares the public interface of every package, as it is built, with its reports `etc/*.api.md`. With --update, writes them. In the folder of a package, does so for that package alone.
import { CompilerState, Extractor, ExtractorConfig } from "@microsoft/api-extractor";
import { readFileSync, readdirSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import { root } from "./steps.mjs";

const packages = resolve(root, "packages");
const localBuild = process.argv.includes("--update");

/** The package in whose folder this runs, or all. */
function chosenPackages() {
  const [name, ...below] = relative(packages, process.cwd()).split(sep);
  return name === ".." || name === "" || below.length > 0 ? readdirSync(packages) : [name];
}

/** The configurations of a package, one for each entry: `api-extractor.json`, `api-extractor.extend.json`. */
const configurationsOf = (name) =>
  readdirSync(resolve(packages, name)).filter((file) => /^api-extractor.*\.json$/.test(file)).toSorted().map((file) => ExtractorConfig.loadFileAndPrepare(resolve(packages, name, file)));

/** What the declarations of a package may use that it does not import, such as the types of Node. A report depends on it: a name that is also a global one gets another. */
const globalTypes = ({ tsconfigFilePath }) => (JSON.parse(readFileSync(tsconfigFilePath, "utf8")).compilerOptions?.types ?? []).join();

/** Writes or compares the reports of entries that share global types. They share one program: one for each entry reads the declarations of TypeScript and of the packages below again. */
function failedOf(configurations) {
  const [first, ...others] = configurations;
  const compilerState = CompilerState.create(first, { additionalEntryPoints: others.map(({ mainEntryPointFilePath }) => mainEntryPointFilePath) });
  return configurations.filter((configuration) => !Extractor.invoke(configuration, { localBuild, compilerState }).succeeded);
}

const groups = new Map();
for (const configuration of chosenPackages().flatMap(configurationsOf)) {
  const types = globalTypes(configuration);
  groups.set(types, [...(groups.get(types) ?? []), configuration]);
}
const failed = [...groups.values()].flatMap(failedOf);
for (const { reportFilePath } of failed) console.error(`${relative(root, reportFilePath)} is not the interface of its package, or this has a mistake: see above`);
if (failed.length > 0) process.exitCode = 1;
