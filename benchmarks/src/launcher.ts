import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "./competitor/process.js";
import type { Assignment, OnceTask } from "./competitor/protocol.js";
import { competitors, type CompetitorId } from "./competitors.js";

/** The folder `benchmarks`. */
export const home = resolve(fileURLToPath(import.meta.url), "../..");

/** The folder of the other libraries. */
export const peers = join(home, "peers");

interface Python {
  readonly program: string;
  readonly version: string;
}

/** Finds out which competitors are installed, and how to start each. */
export class Launcher {
  readonly #pythons: readonly string[];
  #torch: { readonly found: Python | undefined } | undefined;

  /** @param python - The Python that has PyTorch. Default: `peers/.venv`, then `python3` in the path, then the system's own. */
  constructor(python?: string) {
    this.#pythons = python === undefined ? [join(peers, ".venv/bin/python"), "python3", "/usr/bin/python3"] : [python];
  }

  /** The version of a competitor, or `undefined` if it is not installed. */
  versionOf(id: CompetitorId): string | undefined {
    const { home: kind, package: name } = competitors[id];
    if (kind === "torch") return this.#python()?.version;
    const manifest = name === undefined ? join(home, "../packages/tensor/package.json") : join(peers, "node_modules", name, "package.json");
    if (!existsSync(manifest)) return undefined;
    return (JSON.parse(readFileSync(manifest, "utf8")) as { readonly version: string }).version;
  }

  /** How to start a competitor's process for a workload, or for a task in a fresh process. */
  commandOf(id: CompetitorId, assignment: Pick<Assignment, "workload" | "parameters"> & Partial<Assignment>, task?: OnceTask): Command {
    const { home: kind, variant, threads } = competitors[id];
    const text = JSON.stringify({ variant, threads, ...assignment } satisfies Assignment);
    const rest = [text, ...(task === undefined ? [] : [JSON.stringify(task)])];
    if (kind === "torch") {
      const program = this.#python()?.program ?? "python3";
      return { program, args: [join(peers, "torch/child.py"), ...rest], env: { OMP_NUM_THREADS: String(threads), MKL_NUM_THREADS: String(threads) } };
    }
    const folder = kind === "ours" || kind === "roofline" ? join(home, "dist", kind) : join(peers, kind);
    return { program: process.execPath, args: ["--expose-gc", join(home, "dist/competitor/child.js"), folder, ...rest] };
  }

  #python(): Python | undefined {
    this.#torch ??= { found: this.#pythons.map((program) => torchOf(program)).find((found) => found !== undefined) };
    return this.#torch.found;
  }
}

/** PyTorch's version and its BLAS, which matters as much as the version: Debian's package may use the reference BLAS, which is slow. */
const describeTorch = `
import platform, re, torch
torch.rand(512, 512) @ torch.rand(512, 512)
blas = "MKL" if torch.backends.mkl.is_available() else None
try:
    loaded = open("/proc/self/maps").read()
    blas = blas or next((name for name in ("openblas", "blis") if name in loaded), "the reference BLAS")
except OSError:
    blas = blas or "unknown BLAS"
vectors = re.search("capability usage: (.*)", torch.__config__.show())
print(torch.__version__, "with", blas + ",", vectors.group(1) if vectors else "unknown vectors", "in Python", platform.python_version())
`;

function torchOf(program: string): Python | undefined {
  const { status, stdout } = spawnSync(program, ["-c", describeTorch], { encoding: "utf8" });
  return status === 0 ? { program, version: stdout.trim() } : undefined;
}
