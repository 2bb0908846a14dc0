/** A new element. Properties are set as they are, `on…` listen, `data` and `aria…` are attributes. */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

export const byId = (id) => document.getElementById(id);

/** The round mark of a person: the first character of the name, in the colour of the group. */
export const face = (person) =>
  element("span", { className: `face face--${person.group}`, "aria-hidden": "true" }, person.name[0]);
