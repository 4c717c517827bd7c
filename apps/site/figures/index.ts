import { ActivationsElement } from "./elements/activations-element.js";
import { ApproximationElement } from "./elements/approximation-element.js";
import { DescentElement } from "./elements/descent-element.js";
import { GraphElement } from "./elements/graph-element.js";
import { lateElement } from "./elements/late-element.js";
import { PerceptronElement } from "./elements/perceptron-element.js";
import { TwoLayersElement } from "./elements/two-layers-element.js";

// Defines the elements of the figures: what a page loads.
const convolution = lateElement("nn-convolution-figure", async () => (await import("./elements/convolution-element.js")).ConvolutionElement);
const elements = { "nn-perceptron": PerceptronElement, "nn-two-layers": TwoLayersElement, "nn-descent": DescentElement, "nn-graph": GraphElement, "nn-activations": ActivationsElement, "nn-approximation": ApproximationElement, "nn-convolution": convolution };
for (const [name, element] of Object.entries(elements)) if (customElements.get(name) === undefined) customElements.define(name, element);
