import { ref } from "vue";
import type { Me } from "@/api/types";

/** Who is signed in on this phone; null until known. */
export const me = ref<Me | null>(null);
