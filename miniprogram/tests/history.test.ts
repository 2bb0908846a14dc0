import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keepOwnHistory } from "@/platform/history";

const seen: unknown[] = [];
const listen = (event: PopStateEvent) => void seen.push([window.location.hash, event.state]);
const real = ["replaceState", "pushState", "go", "back", "forward"] as const;

describe("a phone's own history", () => {
  const before = window.history.length;

  beforeEach(() => {
    document.head.innerHTML = `<meta name="demo-frame-origin" content="http://127.0.0.1:8601">`;
    vi.spyOn(window, "parent", "get").mockReturnValue({} as Window);
    window.history.replaceState({ id: 1 }, "", "#/home");
    keepOwnHistory(() => {});
    window.addEventListener("popstate", listen);
    seen.length = 0;
  });
  afterEach(() => {
    window.removeEventListener("popstate", listen);
    for (const name of real) delete (window.history as Partial<History>)[name];
    vi.restoreAllMocks();
  });

  it("goes back and forth without a word to the browser's", async () => {
    window.history.pushState({ id: 2 }, "", "#/list");
    window.history.pushState({ id: 3 }, "", "#/one");
    expect(window.location.hash).toBe("#/one");
    expect(window.history.state).toEqual({ id: 3 });
    window.history.go(-2);
    await vi.waitFor(() => expect(seen).toEqual([["#/home", { id: 1 }]]));
    window.history.forward();
    await vi.waitFor(() => expect(seen.at(-1)).toEqual(["#/list", { id: 2 }]));
    expect(window.history.length).toBe(before);
  });

  it("forgets what was ahead once another way is taken", async () => {
    window.history.pushState({ id: 2 }, "", "#/list");
    window.history.back();
    await vi.waitFor(() => expect(seen).toHaveLength(1));
    window.history.pushState({ id: 4 }, "", "#/other");
    window.history.forward();
    window.history.replaceState({ id: 5 }, "");
    expect([window.location.hash, window.history.state]).toEqual(["#/other", { id: 5 }]);
    window.history.back();
    await vi.waitFor(() => expect(seen.at(-1)).toEqual(["#/home", { id: 1 }]));
  });

  it("does not go where nothing is", () => {
    window.history.back();
    window.history.go(3);
    expect(window.location.hash).toBe("#/home");
  });
});
