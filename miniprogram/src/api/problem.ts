import { t } from "@/i18n";

export interface FieldProblem {
  /** JSON pointer into what was sent, e.g. /answers/lamp_no. */
  field: string;
  code: string;
  message: string;
}

const SERVER_FAULT = 500;

/** Why something could not be done, with a sentence to show as it is. */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly sentence: string,
    readonly status = 0,
    readonly fields: FieldProblem[] = [],
    readonly requestId: string | null = null,
    /** What this refusal tells besides, such as the bookings a new plan would break. */
    readonly extra: Readonly<Record<string, unknown>> = {},
  ) {
    super(sentence);
  }

  /** What was looked at is no longer so: show it anew. */
  get stale(): boolean {
    return this.status === 409;
  }

  /** Nobody heard of it, or nobody could answer: the same may be tried again later. */
  get unheard(): boolean {
    return this.code === "offline" || this.code === "timeout" || this.status >= SERVER_FAULT;
  }

  /** The server's sentence about one field, "" when it has none. */
  about(pointer: string): string {
    return this.fields.find((field) => field.field === pointer)?.message ?? "";
  }
}

interface ProblemDocument {
  code?: string;
  title?: string;
  detail?: string;
  request_id?: string;
  errors?: FieldProblem[];
  [extra: string]: unknown;
}

/** An answer that is not 2xx, as a Problem. A proxy's error page has no document: say so simply. */
export function problemOf(status: number, body: unknown): Problem {
  const document = (parsed(body) ?? {}) as ProblemDocument;
  if (!document.code) return new Problem("unavailable", t("errors.unavailable"), status);
  return new Problem(
    document.code,
    document.detail || document.title || t("errors.unavailable"),
    status,
    document.errors ?? [],
    document.request_id ?? null,
    document,
  );
}

/** Nothing came back: no network, or not in time. */
export function unanswered(errMsg: string): Problem {
  return /timeout|time out/i.test(errMsg)
    ? new Problem("timeout", t("errors.timeout"))
    : new Problem("offline", t("errors.offline"));
}

/** Whatever was thrown, as something that can be shown. */
export const asProblem = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem("unexpected", t("errors.unexpected"));

function parsed(body: unknown): unknown {
  if (typeof body !== "string") return body;
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
