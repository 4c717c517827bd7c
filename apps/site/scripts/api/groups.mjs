// Which page a public name is on: one for a small entry, one for each group of a large one.

import { ReflectionKind } from "typedoc";

/** An entry with more names than this has a page for each folder of its sources. */
const mostNames = 60;

/** The operations of @nn/tensor lie in one folder, and are many: what belongs together, by the names of files. */
const operations = {
  "Arithmetic and comparison": ["arithmetic", "comparison", "logic", "bitwise"],
  "Elementary functions and activations": ["elementary", "gamma", "activation", "prelu"],
  "Sums, extremes and statistics": ["reduction", "statistics", "scan", "distance"],
  "Products of matrices": ["contraction", "einsum"],
  "Convolution and pooling": ["convolution", "pooling", "adaptive-pooling", "lp-pooling", "unpooling", "interpolation", "shuffling", "spatial", "windows"],
  "Normalisation and embeddings": ["normalization", "embedding", "embedding-bag"],
  "Creating and reading": ["creation", "from-values", "reading", "conversion", "diagonal", "grids", "host-callback"],
  "Shapes, slices and joining": ["shape", "slicing", "joining", "padding", "repeating"],
  "Indexing, sorting and counting": ["indexing", "scattering", "sorting", "counting"],
};

const slugOf = (title) => title.toLowerCase().replace(/[^a-z]+/g, "-");
const capitalised = (name) => `${name.slice(0, 1).toUpperCase()}${name.slice(1).replaceAll("-", " ")}`;

/** The group of a name, from the path of its source. The empty one is the page of the entry itself. */
function groupOf(name, path) {
  const [folder = "", file = ""] = path.split("/");
  if (!path.includes("/")) return "";
  if (name !== "tensor" || folder !== "ops") return capitalised(folder);
  return Object.entries(operations).find(([, files]) => files.includes(file.replace(/\.ts$/, "")))?.[0] ?? "Other operations";
}

/** What a program calls comes before the types of what it gives and takes. */
const isType = ({ reflection }) => reflection.kindOf([ReflectionKind.Interface, ReflectionKind.TypeAlias]);
const valuesFirst = (declarations) => [...declarations.filter((each) => !isType(each)), ...declarations.filter(isType)];

/** The pages of an entry, each with its title, its path below `api/`, and its declarations. The first one is that of the entry itself. */
export function pagesOf({ name, specifier, declarations }) {
  const isMain = specifier === `@nn/${name}`;
  const own = `${name}/${isMain ? "index" : specifier.slice(`@nn/${name}/`.length)}`;
  const first = { title: specifier, path: `${own}.md`, declarations: [] };
  if (declarations.length <= mostNames) return [{ ...first, declarations: valuesFirst(declarations) }];
  const groups = new Map();
  for (const declaration of declarations) {
    const group = groupOf(name, declaration.path);
    groups.set(group, [...(groups.get(group) ?? []), declaration]);
  }
  const others = [...groups].filter(([group]) => group !== "").map(([group, members]) => ({ title: group, path: `${name}/${isMain ? "" : `${own.split("/")[1]}-`}${slugOf(group)}.md`, declarations: valuesFirst(members) }));
  return [{ ...first, declarations: valuesFirst(groups.get("") ?? []) }, ...others];
}
