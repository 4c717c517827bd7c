// Installs the dependencies if they are missing or out of date. Needs only Node and npm.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node >= 20.19 is required (found ${process.version}).`);
  process.exit(1);
}

const { packageManager } = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8"));
const hash = createHash("sha256").update(packageManager);
for (const file of ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml"]) hash.update(readFileSync(resolve(root, file)));
const wanted = hash.digest("hex");
const stamp = resolve(root, "node_modules/.setup-stamp");

if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
  console.error(`> installing dependencies with ${packageManager}`);
  const result = spawnSync("npx", ["--yes", "--prefer-offline", packageManager, "install", "--frozen-lockfile", "--reporter=append-only", "--loglevel=warn"], {
    cwd: root,
    // What it says is not the output of the program that runs afterwards.
    stdio: ["inherit", 2, 2],
    shell: process.platform === "win32",
  });
  if (result.status !== 0) process.exit(result.status ?? 1);
  writeFileSync(stamp, wanted);
}
