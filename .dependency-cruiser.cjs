// Which package may import which: only those named here. That holds for a package's tests too.
// `scripts/check-dependencies.mjs` checks these rules, and that no modules import one another in a circle.
const allowed = {
  wasm: [],
  tensor: ["wasm"],
  autograd: ["tensor"],
  compiler: ["tensor", "wasm"],
  explain: ["tensor", "autograd"],
  figures: ["tensor", "autograd", "compiler", "layers", "losses", "optim", "metrics", "data", "explain", "search", "train", "onnx"],
  files: ["tensor"],
  images: ["tensor", "data", "files"],
  dashboard: ["tensor", "autograd", "layers", "files", "records", "train"],
  data: ["tensor", "files"],
  io: ["tensor", "files"],
  layers: ["tensor", "autograd"],
  linalg: ["tensor", "autograd"],
  losses: ["tensor", "autograd"],
  metrics: ["tensor"],
  "model-files": ["tensor", "autograd", "layers", "io", "files"],
  models: ["tensor", "compiler", "layers"],
  native: ["tensor", "wasm", "compiler"],
  onnx: ["tensor", "layers", "files"],
  optim: ["tensor", "autograd"],
  quantize: ["tensor", "compiler", "layers"],
  records: ["tensor", "files"],
  search: ["tensor", "linalg", "files"],
  "search-bullmq": ["tensor", "search"],
  text: ["tensor", "files", "data"],
  train: ["tensor", "autograd", "compiler", "layers", "losses", "optim", "metrics", "data", "io", "files", "records"],
};

/** Tests of figures in a browser compare what a page shows with what the figure's task, which is not exported, computes in Node. */
const figuresInPages = "^apps/site/test/";

/** Packages that run in any JavaScript host: their sources use nothing of Node. */
const portable = ["tensor", "autograd", "compiler", "explain", "figures", "images", "layers", "linalg", "losses", "metrics", "model-files", "models", "optim", "quantize", "search", "text", "train"];

const directions = Object.entries(allowed).map(([name, others]) => ({
  name: `direction-${name}`,
  comment: `@nn/${name} may import only: ${others.map((other) => `@nn/${other}`).join(", ") || "no other package"}`,
  severity: "error",
  from: { path: `^packages/${name}/` },
  to: { path: "^packages/", pathNot: `^packages/(${[name, ...others].join("|")})/` },
}));

/**
 * The stages of the compiler, in order. Each passes on what `ir/` defines, and imports no other stage. Only the stages for WebAssembly (`emit/` and
 * `runtime/`) import the memory plan. No stage before them uses WebAssembly, types included.
 */
const stages = {
  ir: ["ir"],
  trace: ["ir", "trace"],
  passes: ["ir", "passes"],
  lower: ["ir", "lower"],
  memory: ["ir", "memory"],
  emit: ["ir", "memory", "emit"],
  runtime: ["ir", "memory", "emit", "runtime"],
};

/** The stages for WebAssembly. */
const targets = new Set(["emit", "runtime"]);

const compilerStages = Object.entries(stages).map(([name, known]) => ({
  name: `compiler-${name}`,
  comment: `packages/compiler/src/${name}/ may import only ${known.map((other) => `${other}/`).join(", ")}, errors.ts and @nn/tensor${targets.has(name) ? " and @nn/wasm" : ""}`,
  severity: "error",
  from: { path: `^packages/compiler/src/${name}/` },
  to: { path: "^packages/", pathNot: `^packages/(compiler/src/((${known.join("|")})/|errors\\.ts$)|tensor/${targets.has(name) ? "|wasm/" : ""})` },
}));

module.exports = {
  forbidden: [
    ...directions,
    ...compilerStages,
    {
      name: "known-package",
      comment: "a new package must be given its place in this file",
      severity: "error",
      from: { path: "^packages/", pathNot: `^packages/(${Object.keys(allowed).join("|")})/` },
      to: {},
    },
    {
      name: "no-apps",
      comment: "applications, tests, benchmarks and examples are on top: no package may import them",
      severity: "error",
      from: { path: "^packages/" },
      to: { path: "^(apps|tests|benchmarks|examples)/" },
    },
    {
      name: "sources-not-to-tests",
      severity: "error",
      from: { path: "^(packages|apps)/[^/]+/src/" },
      to: { path: "^(packages|apps)/[^/]+/test/" },
    },
    {
      name: "no-deep-import",
      comment: "another package is imported by its name, never by a path into it",
      severity: "error",
      from: { path: "^((?:packages|apps)/[^/]+|tests|benchmarks|examples)/", pathNot: figuresInPages },
      to: { path: "^(packages|apps)/[^/]+/", pathNot: ["^$1/", "^packages/[^/]+/src/index\\.ts$", "^packages/tensor/src/extend\\.ts$", "^packages/tensor/src/interpreter/index\\.ts$", "^packages/files/src/builtin\\.ts$", "^packages/records/src/node\\.ts$", "^packages/io/src/browser/index\\.ts$", "^packages/images/src/browser/index\\.ts$", "^packages/data/src/parquet/index\\.ts$", "^packages/model-files/src/tensorflow/index\\.ts$", "^packages/dashboard/src/loopback\\.ts$", "^packages/layers/src/javascript/index\\.ts$", "^packages/train/src/node/index\\.ts$", "^packages/figures/src/tokens\\.css(\\.d\\.ts)?$", "^packages/search/src/node\\.ts$", "^packages/tensor/src/primitives/all\\.ts$", "^packages/wasm/src/kernels/math/vector/index\\.ts$", "^packages/compiler/src/features/index\\.ts$", "^packages/compiler/src/target/index\\.ts$"] },
    },
    {
      name: "no-relative-import-across",
      comment: "another package is imported by its name, never by a relative path",
      severity: "error",
      from: { path: "^((?:packages|apps)/[^/]+|tests|benchmarks|examples)/", pathNot: figuresInPages },
      to: { path: "^(packages|apps)/[^/]+/", pathNot: "^$1/", dependencyTypes: ["local"] },
    },
    {
      name: "no-runtime-dependencies",
      comment: "the published packages depend on nothing but each other; @nn/data takes well-kept libraries for CSV, JSON, gzip, Parquet and YAML, @nn/explain for the layout of graphs, @nn/figures for custom elements and scales, @nn/images for PNG and JPEG, @nn/io for inflating, @nn/native for calling machine code, @nn/onnx for protobuf, @nn/records for PNG and protobuf, @nn/search-bullmq for the queue, @nn/text for tokenizers of published models, @nn/train/node for a progress bar; the page of @nn/dashboard is bundled with its libraries",
      severity: "error",
      from: { path: "^packages/[^/]+/src/", pathNot: "^packages/(train/src/node|dashboard/src/page)/" },
      to: { path: "(^|/)node_modules/", pathNot: "(^|/)node_modules/(csv-parse|hyparquet|hyparquet-compressors|yaml|fflate|@dagrejs/dagre|lit|d3-scale|@types/d3-scale|lossless-json|pako|fast-png|jpeg-js|sharp|koffi|@bufbuild/protobuf|@huggingface/tokenizers|bullmq|ioredis)/" },
    },
    {
      name: "portable",
      comment: "this package runs in browsers too: its sources may not import Node's modules",
      severity: "error",
      from: { path: `^packages/(${portable.join("|")})/src/`, pathNot: "^packages/train/src/node/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "node-entry",
      comment: "what @nn/train/node has is for Node only: the rest of @nn/train runs in browsers too",
      severity: "error",
      from: { path: "^packages/train/src/", pathNot: "^packages/train/src/node/" },
      to: { path: ["^packages/train/src/node/", "^packages/files/", "(^|/)node_modules/"] },
    },
    {
      name: "no-undeclared",
      severity: "error",
      from: {},
      // @nn/data declares its CSV parser, and names it in its `imports`, which hides that.
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"], pathNot: "(^|/)node_modules/csv-parse/" },
    },
    { name: "not-to-unresolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: ["^(packages|apps)/[^/]+/(dist|temp|\\.pages)/", "^apps/site/\\.vitepress/cache/", "^tests/temp/", "^tests/fixtures/extensions/[^/]+/dist/"] },
    tsPreCompilationDeps: true,
    // It would look for circles through every import, which no rule asks for.
    skipAnalysisNotInRules: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["@nn/source", "import", "types", "node", "default"],
    },
  },
};
