import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

function snapshotsIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => !["node_modules", "dist", "temp"].includes(name)).flatMap((name) => {
    const path = resolve(folder, name);
    if (statSync(path).isDirectory()) return snapshotsIn(path);
    return name.endsWith(".snap") ? [path] : [];
  });
}

// Vitest reports a snapshot that no test of a file uses, but not the snapshots of a file that is gone.
it("every file of snapshots belongs to a test file", () => {
  const snapshots = ["packages", "apps", "tests", "examples", "benchmarks"].flatMap((folder) => snapshotsIn(resolve(root, folder)));
  expect(snapshots.length).toBeGreaterThan(0);
  const testOf = (snapshot: string): string => resolve(dirname(snapshot), "..", snapshot.slice(dirname(snapshot).length + 1, -".snap".length));
  expect(snapshots.filter((snapshot) => !existsSync(testOf(snapshot)))).toEqual([]);
});
