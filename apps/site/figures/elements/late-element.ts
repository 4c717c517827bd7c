/** An element whose figure is loaded when the element is met, so that pages without it do not load it. `load` gives the class of the figure. */
export function lateElement(figure: string, load: () => Promise<CustomElementConstructor>): CustomElementConstructor {
  const show = async (place: HTMLElement): Promise<void> => {
    const element = await load();
    if (customElements.get(figure) === undefined) customElements.define(figure, element);
    place.replaceChildren(document.createElement(figure));
  };
  return class extends HTMLElement {
    connectedCallback(): void {
      void show(this);
    }
  };
}
