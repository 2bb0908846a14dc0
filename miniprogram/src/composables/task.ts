import { ref, shallowRef } from "vue";
import { asProblem, type Problem } from "@/api/problem";
import { Cancelled } from "@/platform";

/** Something a person set off: on its way once at a time, and why it failed if it did. */
export function useTask() {
  const busy = ref(false);
  const problem = shallowRef<Problem | null>(null);

  /** Whether it was done; a question the person closed is neither done nor a problem. */
  async function run(task: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    problem.value = null;
    try {
      await task();
      return true;
    } catch (error) {
      if (!(error instanceof Cancelled)) problem.value = asProblem(error);
      return false;
    } finally {
      busy.value = false;
    }
  }

  const forgetProblem = () => (problem.value = null);
  return { busy, problem, run, forgetProblem };
}
