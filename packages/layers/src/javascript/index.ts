export { toJavaScript } from "./to-javascript.js";
export type { JavaScriptOptions } from "./to-javascript.js";
