import { readFolder } from "./folder.js";
import { report } from "./report.js";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new TypeError("name the folder of the recorded cases");
const { lines, passed } = await report(readFolder(folder));
console.log(lines.join("\n"));
if (!passed) process.exitCode = 1;
