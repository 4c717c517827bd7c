import { basename, dirname, isAbsolute, relative } from "node:path";

/** The name of the installed program. */
const programName = "nn-mlp";

/** The command, without arguments, that calls the program again as it was called this time. */
export function invocation(environment: NodeJS.ProcessEnv = process.env, script = process.argv[1] ?? "", folder = process.cwd()): string {
  const { npm_lifecycle_event: event, npm_package_json: manifest } = environment;
  if (event === "start" && manifest !== undefined) {
    const root = dirname(manifest);
    return isWithin(root, folder) ? "npm start --" : `npm --prefix ${quoted(root)} start --`;
  }
  if (basename(script) !== "main.js") return programName;
  const path = relative(folder, script);
  return `node ${quoted(path.length < script.length ? path : script)}`;
}

function isWithin(root: string, folder: string): boolean {
  const path = relative(root, folder);
  return path === "" || (!path.startsWith("..") && !isAbsolute(path));
}

/** Quotes a path for a shell. */
function quoted(path: string): string {
  return /^[\w./@:\\-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
