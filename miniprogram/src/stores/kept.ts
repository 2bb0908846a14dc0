import { reactive, watch } from "vue";
import { forget, read, write } from "@/platform/storage";

/** What somebody writes, kept on the phone under a key as they type, so that nothing is typed twice. */
export function keep<T extends object>(key: string, empty: () => T) {
  const draft = reactive({ ...empty(), ...read<T>(key) }) as T;
  let kept = true;
  watch(draft, () => kept && write(key, draft), { deep: true, flush: "sync" });

  return {
    draft,
    /** Starts over with an empty one. */
    clear() {
      kept = false;
      Object.assign(draft, empty());
      kept = true;
      forget(key);
    },
  };
}
