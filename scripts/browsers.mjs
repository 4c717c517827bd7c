// Finds installed browsers. `node scripts/browsers.mjs firefox` prints the path of one, or fails if it is not installed.
import { accessSync, constants, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";

/** The browsers, by the names that `npm run test:browser -- --browser` accepts: their program names, other paths, and Debian packages. */
export const browsers = {
  chromium: {
    title: "Chromium",
    names: ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"],
    paths: ["/snap/bin/chromium", "/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe"],
    packages: ["chromium"],
  },
  firefox: {
    title: "Firefox",
    names: ["firefox-esr", "firefox"],
    paths: ["/snap/bin/firefox", "/Applications/Firefox.app/Contents/MacOS/firefox", "C:\\Program Files\\Mozilla Firefox\\firefox.exe"],
    packages: ["firefox-esr"],
  },
  webkit: {
    title: "WebKitGTK's MiniBrowser",
    names: ["MiniBrowser"],
    paths: librariesOf("webkit2gtk-4.1", "webkit2gtk-4.0", "webkitgtk-6.0").map((folder) => join(folder, "MiniBrowser")),
    packages: ["webkit2gtk-driver", "xvfb", "xauth"],
  },
};

/** The folders of these libraries, for every architecture that this machine has. */
function librariesOf(...names) {
  try {
    return readdirSync("/usr/lib").flatMap((folder) => names.map((name) => join("/usr/lib", folder, name)));
  } catch {
    return [];
  }
}

function executable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The path of a browser: `NN_BROWSER_PROGRAM` if set, otherwise the first usual path that exists; `undefined` if there is none. */
export function findBrowser(name) {
  const named = process.env.NN_BROWSER_PROGRAM;
  const { names, paths } = browsers[name];
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin"];
  return (named ? [named] : [...folders.flatMap((folder) => names.map((each) => join(folder, each))), ...paths]).find(executable);
}

/** The message if the browser is not installed. */
export function missing(name) {
  const { title, packages } = browsers[name];
  return `${title} was not found: name it in NN_BROWSER_PROGRAM, or install it (on Debian and Ubuntu: apt-get install ${packages.join(" ")})`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [name = "chromium", what] = process.argv.slice(2);
  const found = what === "--packages" ? browsers[name].packages.join(" ") : findBrowser(name);
  console.log(found ?? missing(name));
  if (found === undefined) process.exitCode = 1;
}
