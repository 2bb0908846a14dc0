/** What the page keeps in this browser; forgotten when the demo was started over. */
const RUN = "run";

export function begin(run) {
  if (recall(RUN) === run) return;
  try {
    localStorage.clear();
  } catch {
    // Nothing can be kept here, so nothing was.
  }
  remember(RUN, run);
}

export function recall(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

export function remember(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Forgetting costs the convenience, not the page.
  }
}
