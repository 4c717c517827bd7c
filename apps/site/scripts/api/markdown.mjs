// A page of the API as Markdown: each public name with its signature, its comment and its members.
import { ReflectionKind } from "typedoc";

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("{", "&#123;").replaceAll("}", "&#125;");

/** What is longer than this is written over several lines: so many signs fit beside the list of a page. */
const longest = 78;

/** Writes pages. `addressOf` gives the address of a public name, seen from the page; `undefined` if it has none. */
export class PageWriter {
  #addressOf;

  constructor(addressOf) {
    this.#addressOf = addressOf;
  }

  /** A name with all that is known of it. */
  declaration(reflection) {
    return [`## ${reflection.name.replaceAll("_", "\\_")} {#${reflection.name}}`, this.#code(signaturesOf(reflection), ownNamesOf(reflection)), ...this.#commentOf(reflection), ...this.#membersOf(reflection)].join("\n\n");
  }

  /** Code whose names of types are links, but for its own. */
  #code(lines, own) {
    return `<pre class="signature" tabindex="0" v-pre><code>${lines.map((line) => this.#linked(line, own)).join("\n")}</code></pre>`;
  }

  /** `own`: names that mean something of the declaration itself, such as its type parameters. */
  #linked(code, own) {
    // A parameter that is taken apart has no name.
    return escaped(code.replaceAll("__namedParameters", "options")).replace(/"[^"]*"|\b[A-Z][A-Za-z0-9]*\b/g, (name) => {
      const address = own.has(name) || name.startsWith('"') ? undefined : this.#addressOf(name);
      return address === undefined ? name : `<a href="${address}">${name}</a>`;
    });
  }

  #commentOf(reflection) {
    const signatures = reflection.kind === ReflectionKind.Interface ? [] : (reflection.signatures ?? []);
    const comments = [reflection.comment, ...signatures.filter((signature) => !isInheritedComment(signature)).map(({ comment }) => comment), reflection.getSignature?.comment].filter((comment) => comment !== undefined);
    const parameters = signatures.flatMap(({ parameters: all = [] }) => all).filter(({ comment }) => comment !== undefined);
    return [
      ...comments.map(({ summary }) => this.#text(summary)),
      ...parameters.map(({ name, comment }) => `- \`${name}\`: ${this.#text(comment.summary)}`),
      ...comments.flatMap(({ blockTags }) => blockTags.map((tag) => this.#tag(tag))),
    ].filter((part) => part !== "");
  }

  #tag({ tag, content }) {
    const text = this.#text(content);
    if (tag === "@throws") return `**Throws** ${text.replaceAll(/(?<![`\w])\w+Error\b(?!`)/g, (name) => this.#link({ text: name, target: { name } }))}`;
    if (tag === "@returns") return `**Returns** ${text}`;
    if (tag === "@deprecated") return `**Deprecated.** ${text}`;
    return text;
  }

  #text(parts) {
    return parts.map((part) => (part.kind === "inline-tag" ? this.#link(part) : part.text)).join("").trim();
  }

  #link({ text, target }) {
    if (typeof target === "string") return `[${text}](${target})`;
    const owner = target?.parent?.kindOf?.([ReflectionKind.Class, ReflectionKind.Interface]) ? target.parent : target;
    const address = owner === undefined ? undefined : this.#addressOf(owner.name);
    return address === undefined ? `\`${text}\`` : `<a href="${address}"><code>${escaped(text)}</code></a>`;
  }

  /** The own members of a class or interface, each a point of a list. */
  #membersOf(reflection) {
    const members = (reflection.children ?? reflection.type?.declaration?.children ?? []).filter((member) => !member.kindOf(ReflectionKind.Constructor) && member.inheritedFrom === undefined && !member.flags.isPrivate && !member.name.startsWith("[") && !member.name.startsWith("#"));
    // An interface that can be called has its calls first.
    const calls = reflection.kind === ReflectionKind.Interface ? (reflection.signatures ?? []).map((signature) => ({ name: "", kind: ReflectionKind.Method, flags: {}, signatures: [signature] })) : [];
    if (calls.length + members.length === 0) return [];
    const names = ownNamesOf(reflection);
    return [[...calls, ...members].map((member) => {
      const own = new Set([...names, ...ownNamesOf(member)]);
      const signature = signaturesOf(member).map((line) => `<code class="member" v-pre>${this.#linked(line.replace(/^ +/, (indent) => "\u00A0".repeat(indent.length)), own)}</code>`).join("<br>");
      const text = this.#commentOf(member).join("\n\n").replaceAll("\n", "\n  ");
      return `- ${signature}${text === "" ? "" : `\n\n  ${text}`}`;
    }).join("\n")];
  }
}

/** A comment of a member of a base class, such as that of `Module.forward`, says nothing of the subclass. */
const isInheritedComment = ({ overwrites, comment }) => overwrites !== undefined && comment !== undefined && sameText(comment, overwrites.reflection?.comment);

const textOf = (comment) => comment?.summary.map(({ text }) => text).join("");
const sameText = (one, other) => textOf(one) === textOf(other);

/** The names that a declaration gives a meaning of its own: its name, and the type parameters of it, its signatures and its conditional types. */
function ownNamesOf(reflection) {
  const parameters = [reflection.typeParameters, ...(reflection.signatures ?? []).map((signature) => signature.typeParameters), ...(reflection.children ?? []).filter(({ kind }) => kind === ReflectionKind.Constructor).flatMap(({ signatures = [] }) => signatures.map((signature) => signature.typeParameters))];
  const inferred = [...String(reflection.type ?? "").matchAll(/\binfer (\w+)/g)].map(([, name]) => name);
  return new Set([reflection.name, ...parameters.flatMap((all) => (all ?? []).map(({ name }) => name)), ...inferred]);
}

/** The declaration of a name in TypeScript, without its body: one line for each overload, or several for a long one. */
export function signaturesOf(reflection) {
  const { kind, name } = reflection;
  if (kind === ReflectionKind.Class) return [heading("class", reflection), ...constructorsOf(reflection)];
  if (kind === ReflectionKind.Interface) return [heading("interface", reflection)];
  if (kind === ReflectionKind.TypeAlias) return aliasOf(reflection);
  if (kind === ReflectionKind.Variable && reflection.signatures === undefined) return wrapped(`const ${name}: ${reflection.type}`);
  if (kind === ReflectionKind.Accessor) return [`${reflection.setSignature === undefined ? "readonly " : ""}${name}: ${reflection.getSignature?.type ?? reflection.setSignature?.parameters?.[0]?.type}`];
  if (reflection.signatures !== undefined) return reflection.signatures.flatMap((signature) => callOf(`${modifiers(reflection)}${name}${reflection.flags.isOptional ? "?" : ""}`, signature));
  return [`${modifiers(reflection)}${name}${reflection.flags.isOptional ? "?" : ""}: ${reflection.type}`];
}

const modifiers = ({ flags, kind }) => `${flags.isStatic ? "static " : ""}${flags.isAbstract ? "abstract " : ""}${flags.isProtected ? "protected " : ""}${kind === ReflectionKind.Property && flags.isReadonly ? "readonly " : ""}`;

const typeParameters = (all) => (all === undefined || all.length === 0 ? "" : `<${all.map(({ name, type, default: standard }) => `${name}${type === undefined ? "" : ` extends ${type}`}${standard === undefined ? "" : ` = ${standard}`}`).join(", ")}>`);

function heading(word, { flags, name, typeParameters: all, extendedTypes, implementedTypes }) {
  const bases = [[" extends ", extendedTypes], [" implements ", implementedTypes]].map(([before, types]) => (types === undefined ? "" : `${before}${types.join(", ")}`)).join("");
  return `${flags.isAbstract ? "abstract " : ""}${word} ${name}${typeParameters(all)}${bases}`;
}

function constructorsOf({ children = [], flags, name }) {
  const own = children.find(({ kind }) => kind === ReflectionKind.Constructor);
  return flags.isAbstract || own === undefined ? [] : own.signatures.flatMap((signature) => callOf(`new ${name}`, { ...signature, parameters: signature.parameters, type: undefined, typeParameters: undefined }));
}

function aliasOf({ name, typeParameters: all, type, children }) {
  const start = `type ${name}${typeParameters(all)} =`;
  if (children !== undefined && type === undefined) return [`type ${name}${typeParameters(all)}`];
  if (type.type === "reflection" && type.declaration.children !== undefined && type.declaration.signatures === undefined) return [`type ${name}${typeParameters(all)}`];
  const line = `${start} ${type}`;
  return line.length > longest && type.type === "union" ? [start, ...type.types.map((each) => `  | ${each}`)] : [line];
}

function callOf(name, { parameters = [], type, typeParameters: all }) {
  const parts = parameters.map(({ name: parameter, type: kind, flags, defaultValue }) => `${flags.isRest ? "..." : ""}${parameter}${flags.isOptional || defaultValue !== undefined ? "?" : ""}: ${kind}`);
  const [start, end] = [`${name}${typeParameters(all)}(`, `)${type === undefined ? "" : `: ${type}`}`];
  const line = `${start}${parts.join(", ")}${end}`;
  return line.length > longest && parts.length > 0 ? [start, ...parts.map((part) => `  ${part},`), end] : [line];
}

const wrapped = (line) => [line];
