// Where Chromium is on this machine; `node scripts/chromium.mjs` prints it and fails when there is none.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const places = [
  ...(process.env.PATH ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name))),
  ...names.map((name) => `/usr/bin/${name}`),
  "/snap/bin/chromium",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** What to say when there is none. */
export const missing = "Chromium was not found: name it in CHROME_BIN, or install it (on Debian and Ubuntu: apt-get install chromium)";

function executable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The path of Chromium: that in `CHROME_BIN`, else the first of the usual places that has one; `undefined` if none has. */
export function findChromium() {
  const named = process.env.CHROME_BIN;
  return (named ? [named] : places).find(executable);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const found = findChromium();
  console.log(found ?? missing);
  if (found === undefined) process.exitCode = 1;
}
