/** Asking before a change breaks bookings: the server lists them until exactly those are accepted. */
import { computed, shallowRef } from "vue";
import { desk, type Conflict } from "@/api/adviser";
import type { Problem } from "@/api/problem";
import { useTask } from "@/composables/task";
import { named, type NamedConflict } from "@/domain/agenda";
import { dateOf, daysBetween } from "@/domain/dates";

const CODE = "plan_conflicts";

export function useConflicts() {
  const conflicts = shallowRef<NamedConflict[]>([]);
  const { busy, problem, run } = useTask();

  /** Whose they are; without an answer the times have to do. */
  async function ask(refusal: Problem): Promise<void> {
    const found = (refusal.extra.conflicts ?? []) as Conflict[];
    const days = found.map(({ starts_at }) => dateOf(starts_at)).sort();
    const agenda = days.length ? await desk.agenda(days[0]!, daysBetween(days[0]!, days.at(-1)!) + 1).catch(() => null) : null;
    conflicts.value = named(found, agenda?.items ?? []);
  }

  return {
    conflicts,
    busy,
    /** Conflicts are a question, not a fault. */
    problem: computed(() => (problem.value?.code === CODE ? null : problem.value)),
    /** Tries the change with what was accepted so far; whether it was done. */
    async attempt(change: (accepted: string[]) => Promise<unknown>): Promise<boolean> {
      const done = await run(() => change(conflicts.value.map(({ booking_id }) => booking_id)));
      if (done) conflicts.value = [];
      else if (problem.value?.code === CODE) await ask(problem.value);
      return done;
    },
    forget() {
      conflicts.value = [];
      problem.value = null;
    },
  };
}
