import { attribute, constant, integers, model, node, value } from "./model.mjs";
import { session, sumOfMagnitudes } from "./runtime.mjs";

/** Expansion, channels, blocks and stride of each stage. */
const stages = [[1, 16, 1, 1], [6, 24, 2, 2], [6, 32, 3, 2], [6, 64, 4, 2], [6, 96, 3, 1], [6, 160, 3, 2], [6, 320, 1, 1]];

/** The graph of MobileNet v2 (see `@nn/models`), with the normalisation as nodes of its own, which the runtime fuses. */
class Graph {
  nodes = [];
  vectors = new Map();
  /** Shapes of kernels and matrices by their names. */
  shapes = new Map();

  /** Adds a node, and returns the name of its output. */
  add(operation, inputs, attributes = [], output = `t${this.nodes.length}`) {
    this.nodes.push(node(operation, inputs, output, attributes));
    return output;
  }

  vector(name, length, number) {
    this.vectors.set(name, { values: new Float32Array(length).fill(number), shape: [length] });
    return name;
  }

  convolution(x, name, inputs, outputs, size, { stride = 1, groups = 1 } = {}) {
    this.shapes.set(name, [outputs, inputs / groups, size, size]);
    const pads = Array(4).fill((size - 1) / 2);
    return this.add("Conv", [x, name], [integers("kernel_shape", [size, size]), integers("strides", [stride, stride]), integers("pads", pads), attribute("group", groups)]);
  }

  norm(x, channels) {
    const statistics = [1, 0, 0, 1].map((number, at) => this.vector(`norm${channels}.${at}`, channels, number));
    return this.add("BatchNormalization", [x, ...statistics]);
  }

  convNormActivation(x, name, inputs, outputs, size, options) {
    const normed = this.norm(this.convolution(x, `${name}.0.weight`, inputs, outputs, size, options), outputs);
    return this.add("Clip", [normed, "zero", "six"]);
  }

  block(x, name, inputs, outputs, stride, expansion) {
    const hidden = inputs * expansion;
    const first = expansion === 1 ? 0 : 1;
    const expanded = expansion === 1 ? x : this.convNormActivation(x, `${name}.conv.0`, inputs, hidden, 1);
    const filtered = this.convNormActivation(expanded, `${name}.conv.${first}`, hidden, hidden, 3, { stride, groups: hidden });
    const reduced = this.norm(this.convolution(filtered, `${name}.conv.${first + 1}.weight`, hidden, outputs, 1), outputs);
    return stride === 1 && inputs === outputs ? this.add("Add", [x, reduced]) : reduced;
  }
}

function mobilenet() {
  const graph = new Graph();
  let [x, channels, at] = [graph.convNormActivation("input", "features.0", 3, 32, 3, { stride: 2 }), 32, 1];
  for (const [expansion, width, count, stride] of stages) {
    for (let block = 0; block < count; block++, at++) {
      x = graph.block(x, `features.${at}`, channels, width, block === 0 ? stride : 1, expansion);
      channels = width;
    }
  }
  x = graph.add("Flatten", [graph.add("GlobalAveragePool", [graph.convNormActivation(x, `features.${at}`, channels, 1280, 1)])]);
  graph.shapes.set("classifier.1.weight", [1000, 1280]);
  graph.add("Gemm", [x, "classifier.1.weight", graph.vector("classifier.1.bias", 1000, 0)], [attribute("transB", 1)], "output");
  return graph;
}

/** Kernels and matrices, uniform in ±√(6 / fan-in), in the order of their names. */
function weights(shapes, { uniform }) {
  return [...shapes.keys()].toSorted().map((name, at) => {
    const shape = shapes.get(name);
    const fanIn = shape.slice(1).reduce((product, length) => product * length, 1);
    return constant(name, uniform(fanIn * shape[0], 10 + at, Math.sqrt(6 / fanIn)), shape);
  });
}

export async function load({ size }, setting) {
  const { nodes, shapes, vectors } = mobilenet();
  const constants = [
    ...weights(shapes, setting.values),
    ...Array.from(vectors, ([name, { values, shape }]) => constant(name, values, shape)),
    constant("zero", Float32Array.of(0), []),
    constant("six", Float32Array.of(6), []),
  ];
  const shape = [1, 3, size, size];
  const file = model({ nodes, constants, inputs: [value("input", shape)], outputs: [value("output", [1, 1000])] });
  const run = await session(file, { input: { data: setting.values.uniform(3 * size ** 2, 1), shape } }, setting);
  return { run, check: async () => [sumOfMagnitudes(await run())] };
}
