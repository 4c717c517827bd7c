import { defineConfig } from "tsup";

export default defineConfig({
  entry: { main: "src/main.ts", "trial-process": "src/search/trial-process.ts", "pool-process": "src/search/pool-process.ts" },
  format: ["esm"],
  target: "es2022",
  tsconfig: "tsconfig.build.json",
  banner: { js: "#!/usr/bin/env node" },
  sourcemap: true,
  clean: true,
});
