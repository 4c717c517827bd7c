import { playwright } from "@vitest/browser-playwright";
import { fileURLToPath } from "node:url";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import type { BrowserProviderOption } from "vitest/node";
import { address, firefox, webkit } from "./tests/browser/address-provider.js";
import { setup, snapshots } from "./vitest.base.js";

declare module "vitest" {
  interface ProvidedContext {
    /** Whether the page is cross-origin isolated, without which browsers have no threads. */
    isolated: boolean;
  }
}

/** What needs Node itself: child processes, folders, flags of V8, the way Node prints values and stacks, modules that are loaded anew, ONNX Runtime. */
const needsNode = [
  "packages/autograd/test/memory.test.ts",
  "packages/layers/test/module-contents.test.ts",
  "packages/search/test/journal/journal.test.ts",
  "packages/tensor/test/copies.test.ts",
  "packages/tensor/test/print.test.ts",
  "packages/train/test/folder-storage.test.ts",
  "packages/train/test/terminal.test.ts",
  "packages/wasm/test/policy.test.ts",
  "packages/wasm/test/threads/exit.test.ts",
  "packages/wasm/test/threads/prebuilt-worker.test.ts",
  "tests/test/architecture.test.ts",
  "tests/test/conformance.test.ts",
  "tests/test/dependency-direction.test.ts",
  "tests/test/error-names.test.ts",
  "tests/test/example-programs.test.ts",
  "tests/test/model-parameters.test.ts",
  "tests/test/models.test.ts",
  "tests/test/onnx-layers.test.ts",
  "tests/test/onnx-models.test.ts",
  "tests/test/onnx-published-models.test.ts",
  "tests/test/onnx-training.test.ts",
  "tests/test/published-gpt2.test.ts",
  "tests/test/side-by-side.test.ts",
  "tests/test/example-runner.test.ts",
  "tests/test/exports.test.ts",
  "tests/test/recorded-training.test.ts",
  "tests/test/reference-names.test.ts",
  "tests/test/snapshots.test.ts",
];

const portable = "packages/{wasm,tensor,autograd,explain,layers,linalg,losses,metrics,optim,quantize,search,compiler,train}/test/**/*.test.ts";

const isolation = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

/** Nothing of the machine but the processor, and no word to anybody outside. */
const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

/** What needs modules that nothing else has used. */
const needsFreshModules = ["packages/compiler/test/runtime/engine-policy.test.ts"];

/** What asks for threads. */
const needsThreads = ["packages/wasm/test/threads/**", "packages/compiler/test/runtime/threads.test.ts"];

const program = process.env["NN_BROWSER_PROGRAM"] ?? "/usr/bin/chromium";

/** The browsers that the tests run in, by `NN_BROWSER`. */
const providers: Readonly<Record<string, () => BrowserProviderOption>> = {
  chromium: () => playwright({ launchOptions: { executablePath: program, args: flags } }),
  firefox: () => address(firefox(program)),
  webkit: () => address(webkit(program)),
};

const browser = process.env["NN_BROWSER"] ?? "chromium";

function provider(): BrowserProviderOption {
  const make = providers[browser];
  if (make === undefined) throw new TypeError(`NN_BROWSER is "${browser}", expected ${Object.keys(providers).join(", ")}`);
  return make();
}

function project(name: string, isolated: boolean, include: readonly string[], isFresh = false): TestProjectInlineConfiguration {
  return {
    resolve: {
      conditions: ["@nn/source", "module", "browser", "development|production"],
      alias: { "node:fs": fileURLToPath(new URL("tests/browser/node-fs.ts", import.meta.url)) },
    },
    define: { "process.env": "{}" },
    // Dependencies that are found while tests run make them begin again.
    optimizeDeps: { include: ["fast-check"], exclude: ["csv-parse/browser/esm", "fast-png", "jpeg-js", "pako"] },
    server: { headers: isolated ? isolation : {} },
    test: {
      name,
      include: [...include],
      exclude: [...needsNode, ...(isolated ? [] : needsThreads), ...(isFresh ? [] : needsFreshModules)],
      provide: { isolated },
      testTimeout: 60_000,
      // As in Node, files share the modules of their page: loading the sources for each of them took longer than the tests.
      isolate: isFresh,
      ...setup,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: provider(),
        instances: [{ browser: browser as "chromium" }],
      },
    },
  };
}

const engine = ["packages/{wasm,compiler}/test/**/*.test.ts", "tests/browser/**/*.test.ts"];

/**
 * `npm run test:browser`: the tests of everything portable with threads, and of what threads could change also without. In WebKitGTK, which
 * shares no memory, what depends on the engine.
 */
export default defineConfig({
  test: {
    ...snapshots,
    projects: [
      ...(browser === "webkit" ? [project("not isolated", false, engine)] : [
        project("isolated", true, [portable, "tests/{test,browser}/**/*.test.ts"]),
        project("not isolated", false, [...engine, "tests/test/compiled-training.test.ts"]),
      ]),
      project("fresh modules", false, needsFreshModules, true),
    ],
  },
});
