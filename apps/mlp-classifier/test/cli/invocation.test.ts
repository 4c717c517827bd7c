import { expect, test } from "vitest";
import { invocation } from "../../src/cli/invocation.js";

const npm = { npm_lifecycle_event: "start", npm_package_json: "/home/me/nn/package.json" };

test.each([
  [npm, "/home/me/nn/apps/mlp-classifier/dist/main.js", "/home/me/nn", "npm start --"],
  [npm, "/home/me/nn/apps/mlp-classifier/dist/main.js", "/home/me/nn/docs", "npm start --"],
  [npm, "/home/me/nn/apps/mlp-classifier/dist/main.js", "/home/me/nn-data", "npm --prefix /home/me/nn start --"],
  [{}, "/usr/local/bin/nn-mlp", "/tmp", "nn-mlp"],
  [{}, "/home/me/nn/apps/mlp-classifier/dist/main.js", "/home/me/nn", "node apps/mlp-classifier/dist/main.js"],
  [{}, "/o/dist/main.js", "/a/very/deep/folder", "node /o/dist/main.js"],
  [{}, "/my tools/dist/main.js", "/my tools/dist", "node main.js"],
])("%j, %s in %s is called by %s", (environment, script, folder, expected) => {
  expect(invocation(environment, script, folder)).toBe(expected);
});
