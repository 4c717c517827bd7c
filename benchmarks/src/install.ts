import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { peers } from "./launcher.js";

/** Installs the libraries to compare with, if they are missing or have other versions. Returns whether they are installed. */
export function installPeers(): boolean {
  const wanted = createHash("sha256").update(readFileSync(join(peers, "package-lock.json"))).digest("hex");
  const stamp = join(peers, "node_modules/.installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return true;
  console.error("> installing the libraries to compare with (some 450 MB)");
  // ONNX Runtime's install script would download GPU libraries; the CPU version is in its package.
  const { status } = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: peers,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) return false;
  writeFileSync(stamp, wanted);
  return true;
}
