/**
 * An element whose figure is loaded when the element is met, so that pages without it do not load it. `load` gives the class of the figure, which becomes the element
 * `<name>-figure` within it. If it cannot be loaded, the element says why.
 */
export function lateElement(name: string, load: () => Promise<CustomElementConstructor>): CustomElementConstructor {
  const figure = `${name}-figure`;
  const show = async (place: HTMLElement): Promise<void> => {
    try {
      const element = await load();
      if (customElements.get(figure) === undefined) customElements.define(figure, element);
      if (place.isConnected && place.firstElementChild?.localName !== figure) place.replaceChildren(document.createElement(figure));
    } catch (error) {
      place.textContent = `${name}: ${error instanceof Error ? error.message : String(error)}`;
    }
  };
  return class extends HTMLElement {
    connectedCallback(): void {
      void show(this);
    }
  };
}
