/** The element with this id, of this class. */
export function byId<Kind extends Element>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new TypeError(`index.html has no ${kind.name} "${id}"`);
  return found;
}

/** A new element with a class, and texts or elements in it. Texts are texts: what a server says is never markup. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className = "",
  ...content: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

/** The same for what is drawn. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
  ...content: SVGElement[]
): SVGElementTagNameMap[Tag] {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...content);
  return made;
}

/** Sets a text only where it differs, so that screen readers and layout are left alone otherwise. */
export function setText(node: Element, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Brings the children of a list to `items`, in order. An item that is there already keeps its element, and with it
 * focus, selection and scroll position; `make` is called for new ones only.
 */
export function list<Item>(
  parent: Element,
  items: readonly Item[],
  keyOf: (item: Item) => string,
  make: (item: Item) => HTMLElement | SVGElement,
): void {
  const there = new Map(
    [...parent.children].map((each) => [(each as HTMLElement).dataset["key"], each]),
  );
  const keys = new Set(items.map(keyOf));
  for (const [key, child] of there) if (!keys.has(key ?? "")) child.remove();
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    const child = there.get(key) ?? keyed(make(item), key);
    if (child === place) place = place.nextElementSibling;
    else parent.insertBefore(child, place);
  }
}

function keyed(made: HTMLElement | SVGElement, key: string): Element {
  made.dataset["key"] = key;
  return made;
}
