import { UsageError } from "@nn/tensor";
import type { ScalarCode } from "../emit/lanes.js";
import type { ProgramCode } from "../emit/program-code.js";
import { topologicalOrder, type Graph } from "../ir/graph.js";
import { isKind } from "../ir/op-kinds.js";
import type { LibraryPrimitive } from "../ir/program.js";
import type { Steps } from "../compile/steps.js";
import type { Passes } from "../passes/pass.js";
import type { Threads } from "../runtime/threads.js";
import type { Diagnostics } from "./diagnostics.js";
import type { Features, KernelFeatures } from "./feature.js";

/** What a compiler compiles for: its features, resolved. Nothing that uses a target has to ask whether a feature is there. */
export interface Target extends ProgramCode {
  /** The names of its features. */
  readonly features: readonly string[];
  /** The passes that features bring, by name. */
  readonly passes: Passes;
  /** Whether it has the code of a library primitive. */
  has(primitive: LibraryPrimitive): boolean;
  readonly threads: Threads;
  readonly diagnostics: Diagnostics;
  readonly steps: Steps;
  /** @throws UsageError that names all features that a graph needs and the compiler lacks. */
  requireFeatures(graph: Graph): void;
}

/** The target of a compiler with these features. A feature that is missing is refused by name where it is used. */
export function targetOf(features: Features): Target {
  const kernels: KernelFeatures = features;
  return {
    features: Object.keys(features),
    passes: Object.fromEntries(Object.values(kernels).flatMap((feature: { readonly passes?: Passes } | undefined) => Object.entries(feature?.passes ?? {}))),
    has: (primitive) => kernels[primitive] !== undefined,
    libraryCode: (primitive) => kernels[primitive] ?? refuse([primitive]),
    vectorFunction: (primitive) => (features[primitive] ?? refuse([primitive])).code,
    scalar: features.scalar ?? noScalar,
    threads: features.threads ?? oneThread,
    diagnostics: features.diagnostics ?? noDiagnostics,
    steps: features.steps ?? oneStep,
    requireFeatures(graph) {
      const missing = new Set<string>();
      for (const node of topologicalOrder(graph)) {
        const needed = isKind(node, "library") || (isKind(node, "function") && node.type.dtype === "float32");
        if (needed && features[node.primitive] === undefined) missing.add(node.primitive);
      }
      if (missing.size > 0) refuse([...missing]);
    },
  };
}

const noScalar: ScalarCode = {
  get lanes() { return refuse(["scalar"]); },
  importedFunctions: () => undefined,
};

const oneThread: Threads = {
  requireCount: () => refuse(["threads"]),
  countFor: () => 1,
  reason: () => undefined,
  team: () => refuse(["threads"]),
};

const refuseSteps = (): never => refuse(["steps"]);

const oneStep: Steps = { signatureOf: refuseSteps, run: refuseSteps, firstEntry: refuseSteps, refuseNested: refuseSteps };

const refuseDiagnostics = (): never => refuse(["diagnostics"]);

const noDiagnostics: Diagnostics = {
  keepsGraphs: false,
  explain: refuseDiagnostics,
  profile: refuseDiagnostics,
  checkGraph: () => undefined,
  checkProgram: () => undefined,
  checkPlan: () => undefined,
};

function refuse(names: readonly string[]): never {
  const list = names.join(", ");
  // That of products of smaller numbers: "matmul" has no capital.
  const elsewhere = list.includes("Matmul") ? `; or compile it with "@nn/quantize"` : "";
  throw new UsageError(`createCompiler: add ${list}, which this function needs, to its features: import { ${list} } from "@nn/compiler/features"${elsewhere}`);
}
