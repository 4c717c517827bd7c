// npm run check:packages: packs every package as for publishing, and checks what a user would install.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { quiet, root, setup, turbo } from "./steps.mjs";

await setup();
if (!(await turbo("build", ["build"], "--filter=./packages/*"))) process.exit(1);

const folder = mkdtempSync(join(tmpdir(), "nn-packages-"));
const packages = readdirSync(resolve(root, "packages"));
const tarball = (name) => join(folder, `${name}.tgz`);
let failed = 0;
const step = async (...args) => {
  if (!(await quiet(...args))) failed += 1;
};

for (const name of packages) {
  await step(`pack @nn/${name}`, "pnpm", ["--filter", `@nn/${name}`, "pack", "--out", tarball(name)]);
  await step(`publint @nn/${name}`, "publint", [tarball(name), "--strict"]);
  await step(`attw @nn/${name}`, "attw", [tarball(name), "--profile", "esm-only", "--no-emoji"]);
}

// A user's project: only the packed packages, the strictest compiler options, and an import of each package.
const user = join(folder, "user");
mkdirSync(user);
const write = (file, value) => writeFileSync(join(user, file), typeof value === "string" ? value : JSON.stringify(value));
const dependencies = Object.fromEntries(packages.map((name) => [`@nn/${name}`, `file:${tarball(name)}`]));
const compilerOptions = { module: "NodeNext", target: "ES2022", strict: true, skipLibCheck: false, noEmit: true, types: [] };
write("package.json", { name: "user", private: true, type: "module", dependencies, overrides: dependencies });
write("tsconfig.json", { compilerOptions, files: ["main.ts"] });
const entries = packages.flatMap((name) => {
  const { exports } = JSON.parse(readFileSync(resolve(root, "packages", name, "package.json"), "utf8"));
  return Object.keys(exports).filter((path) => !/\.(json|css)$/.test(path)).map((path) => `@nn/${name}${path.slice(1)}`);
});
// Entries whose types need `@types/node`. All others must work without it.
const ofNode = new Set(["@nn/files/builtin"]);
write("main.ts", entries.filter((entry) => !ofNode.has(entry)).map((entry, at) => `import * as entry${at} from "${entry}";\nvoid entry${at};\n`).join(""));
// Classes must have the names under which they are exported, since objects print them.
write("main.js", `for (const entry of ${JSON.stringify(entries)}) {
  for (const [name, value] of Object.entries(await import(entry))) {
    if (/^class\\b/.test(String(value)) && value.name !== name) throw new Error(\`the class \${name} of \${entry} has the name \${value.name}\`);
  }
}
`);

await step("install the packed packages", "npm", ["--prefix", user, "install", "--prefer-offline", "--no-audit", "--no-fund"]);
await step("import them", process.execPath, [join(user, "main.js")]);
await step("import their types", "tsc", ["-p", user]);

rmSync(folder, { recursive: true });
if (failed > 0) process.exitCode = 1;
