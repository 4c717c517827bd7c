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

/** Finds out which competitors are installed, and how to start each. */
export class Launcher {
  readonly #pythons: readonly string[];
  #torch: { readonly found: string | undefined } | undefined;
  readonly #versions = new Map<CompetitorId, string>();

  /** @param python - The Python that has PyTorch. Default: `peers/.venv`, then `python3` in the path, then the system's own. */
  constructor(python?: string) {
    this.#pythons = python === undefined ? [join(peers, ".venv/bin/python"), "python3", "/usr/bin/python3"] : [python];
  }

  /** The version of a competitor, or `undefined` if it is not installed. */
  versionOf(id: CompetitorId): string | undefined {
    const { home: kind, package: name, node } = competitors[id];
    if (kind === "torch") return this.#versionOfTorch(id);
    if (node !== undefined && !existsSync(nodeOf(node))) return undefined;
    const manifest = name === undefined ? join(home, "../packages/tensor/package.json") : join(peers, "node_modules", name, "package.json");
    if (!existsSync(manifest)) return undefined;
    return (JSON.parse(readFileSync(manifest, "utf8")) as { readonly version: string }).version;
  }

  /** How to start a competitor's process for a workload, or for a task in a fresh process. */
  commandOf(id: CompetitorId, assignment: Pick<Assignment, "workload" | "parameters"> & Partial<Assignment>, task?: OnceTask): Command {
    const { home: kind, variant, threads, node, setup } = competitors[id];
    const text = JSON.stringify({ variant, threads, ...(setup === undefined ? {} : { setup }), ...assignment } satisfies Assignment);
    const rest = [text, ...(task === undefined ? [] : [JSON.stringify(task)])];
    if (kind === "torch") {
      return { program: this.#python() ?? "python3", args: [join(peers, "torch/child.py"), ...rest], env: torchEnvironment(id) };
    }
    const folder = kind === "ours" || kind === "roofline" ? join(home, "dist", kind) : join(peers, kind);
    return { program: node === undefined ? process.execPath : nodeOf(node), args: ["--expose-gc", join(home, "dist/competitor/child.js"), folder, ...rest] };
  }

  /** The first Python that has PyTorch. */
  #python(): string | undefined {
    this.#torch ??= { found: this.#pythons.find((program) => torchVersion(program, {}) !== undefined) };
    return this.#torch.found;
  }

  #versionOfTorch(id: CompetitorId): string | undefined {
    const program = this.#python();
    if (program === undefined) return undefined;
    const known = this.#versions.get(id) ?? torchVersion(program, torchEnvironment(id));
    if (known !== undefined) this.#versions.set(id, known);
    return known;
  }
}

const nodeOf = (name: string): string => join(peers, "node_modules", name, "bin/node");

/** Threads, kernels of OpenBLAS, and a heap that keeps its pages: otherwise PyTorch maps and unmaps each temporary tensor, in some processes and not in others. */
function torchEnvironment(id: CompetitorId): Readonly<Record<string, string | undefined>> {
  const { threads, openblas } = competitors[id];
  const count = String(threads);
  return {
    OMP_NUM_THREADS: count, MKL_NUM_THREADS: count, OPENBLAS_NUM_THREADS: count,
    OPENBLAS_CORETYPE: openblas,
    MALLOC_MMAP_THRESHOLD_: "1073741824", MALLOC_TRIM_THRESHOLD_: "4294967296",
  };
}

/** PyTorch's version, its BLAS and the kernels that it chose, which matter as much as the version: Debian's package may use the reference BLAS, which is slow. */
const describeTorch = `
import ctypes, platform, re, torch
torch.rand(512, 512) @ torch.rand(512, 512)
blas = "MKL" if torch.backends.mkl.is_available() else None
try:
    loaded = open("/proc/self/maps").read()
    library = re.search(r"/\\S*openblas\\S*", loaded)
    if library:
        name = ctypes.CDLL(library.group(0)).openblas_get_corename
        name.restype = ctypes.c_char_p
        blas = blas or "OpenBLAS (kernels " + name().decode() + ")"
    blas = blas or ("blis" if "blis" in loaded else "the reference BLAS")
except OSError:
    blas = blas or "unknown BLAS"
vectors = re.search("capability usage: (.*)", torch.__config__.show())
print(torch.__version__, "with", blas + ", its own kernels", vectors.group(1) if vectors else "unknown", "in Python", platform.python_version())
`;

function torchVersion(program: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const { status, stdout } = spawnSync(program, ["-c", describeTorch], { encoding: "utf8", env: { ...process.env, ...env } });
  return status === 0 ? stdout.trim() : undefined;
}
