/**
 * H5 in the demo: several phones stand on one page, and a browser keeps one history for all of
 * its frames, so that "back" on one phone would take another phone back. Here each keeps its own.
 *
 * What the page around us opens (a WeChat message that was tapped) arrives as a new `#…`.
 */
import { frameOrigin } from "./frame";

interface Entry {
  state: unknown;
  url: string;
}

/** Must run before the router takes up its work. `open` is called with a page's address. */
export function keepOwnHistory(open: (page: string) => void): void {
  if (frameOrigin() === null || window.parent === window) return;
  const write = window.history.replaceState.bind(window.history);
  const entry = (state: unknown, url?: string | URL | null): Entry => ({
    state,
    url: url ? new URL(url, window.location.href).href : window.location.href,
  });
  const entries: Entry[] = [{ state: window.history.state, url: window.location.href }];
  let at = 0;
  const show = () => write(entries[at]!.state, "", entries[at]!.url);

  window.history.replaceState = (state, _, url) => {
    entries[at] = entry(state, url);
    show();
  };
  window.history.pushState = (state, _, url) => {
    entries.splice(++at, entries.length, entry(state, url));
    show();
  };
  window.history.go = (steps = 0) => {
    if (!steps || !entries[at + steps]) return;
    at += steps;
    show();
    // As the browser does it: later, once whoever asked has gone on.
    setTimeout(() => window.dispatchEvent(new PopStateEvent("popstate", { state: entries[at]!.state })));
  };
  window.history.back = () => window.history.go(-1);
  window.history.forward = () => window.history.go(1);

  window.addEventListener("popstate", (event) => {
    // Not ours: somebody gave the frame a new address.
    if (!event.isTrusted) return;
    event.stopImmediatePropagation();
    open(window.location.hash.slice(1));
  });
}
