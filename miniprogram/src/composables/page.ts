import { onHide, onShow, onUnload } from "@dcloudio/uni-app";
import { computed, ref, shallowRef, watch } from "vue";
import { asProblem, type Problem } from "@/api/problem";
import { t } from "@/i18n";
import { settings } from "@/stores/settings";

/** The page's title in the language in force, also after it was changed elsewhere. */
export function usePageTitle(key: () => string): void {
  const apply = () => uni.setNavigationBarTitle({ title: t(key()) });
  onShow(apply);
  watch([key, () => settings.language], apply);
}

/** One thing a page loads: its content, whether it is on the way, and why it did not come. */
export function useLoad<T>(load: () => Promise<T>) {
  const content = shallowRef<T | null>(null);
  const problem = shallowRef<Problem | null>(null);
  const loading = ref(false);

  /** Content already shown stays while it is loaded anew, and if that fails. */
  async function reload(): Promise<void> {
    loading.value = true;
    try {
      content.value = await load();
      problem.value = null;
    } catch (error) {
      problem.value = asProblem(error);
    } finally {
      loading.value = false;
    }
  }

  return { content, problem, loading, reload };
}

const POLL_MS = 15_000;
const POLL_SLOWEST_MS = 120_000;

/**
 * Looks again while the page is shown, ever more seldom while nothing changes: 15 s, doubling
 * to 2 min. `look` answers whether something changed.
 */
export function usePolling(look: () => Promise<boolean>, wanted: () => boolean): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pause = POLL_MS;

  const stop = () => clearTimeout(timer);
  const next = () => {
    stop();
    timer = setTimeout(async () => {
      if (wanted()) {
        const changed = await look().catch(() => false);
        pause = changed ? POLL_MS : Math.min(pause * 2, POLL_SLOWEST_MS);
      }
      next();
    }, pause);
  };

  onShow(() => {
    pause = POLL_MS;
    next();
  });
  onHide(stop);
  onUnload(stop);
}

const MINUTE_MS = 60_000;

/** A moment that moves on once a minute, for "two hours left"; or more often where it must. */
export function useNow(every = MINUTE_MS) {
  const now = ref(Date.now());
  let timer: ReturnType<typeof setInterval> | undefined;
  onShow(() => {
    now.value = Date.now();
    clearInterval(timer);
    timer = setInterval(() => (now.value = Date.now()), every);
  });
  onHide(() => clearInterval(timer));
  onUnload(() => clearInterval(timer));
  return computed(() => now.value);
}

/** A list that grows as one scrolls; a changed filter starts it anew and outruns older answers. */
export function usePages<T>(page: (cursor: string | null) => Promise<{ items: T[]; next_cursor: string | null }>) {
  const items = shallowRef<T[]>([]);
  const problem = shallowRef<Problem | null>(null);
  const loading = ref(false);
  const loaded = ref(false);
  const ended = ref(false);
  let cursor: string | null = null;
  let round = 0;

  async function fetch(from: string | null): Promise<void> {
    const mine = ++round;
    loading.value = true;
    try {
      const answer = await page(from);
      if (mine !== round) return;
      items.value = from ? [...items.value, ...answer.items] : answer.items;
      cursor = answer.next_cursor;
      ended.value = cursor === null;
      problem.value = null;
      loaded.value = true;
    } catch (error) {
      if (mine === round) problem.value = asProblem(error);
    } finally {
      if (mine === round) loading.value = false;
    }
  }

  return {
    items,
    problem,
    loading,
    /** Whether a first page has arrived. */
    loaded,
    ended,
    reload: () => fetch(null),
    more: async () => {
      if (!loading.value && !ended.value && loaded.value) await fetch(cursor);
    },
  };
}
