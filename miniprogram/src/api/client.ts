import { bearer, bearerIfAny, expire } from "./session";
import { Intent } from "./intent";
import { Problem, problemOf, unanswered } from "./problem";
import { address, send, type Call, type Reply } from "./transport";
import { platform } from "@/platform";
import { settings } from "@/stores/settings";
import type { Attachment } from "./types";

/** A call in the person's name: signs in when needed, and once more when the token was refused. */
export async function call<T>(what: Call): Promise<Reply<T>> {
  return asPerson((authorization) =>
    send<T>({ ...what, headers: { ...what.headers, ...authorization } }),
  );
}

export const get = <T>(path: string, query?: Call["query"]): Promise<T> =>
  call<T>({ method: "GET", path, query }).then((reply) => reply.body);

/** What is the same for everybody. */
export const getOpen = <T>(path: string, query?: Call["query"]): Promise<T> =>
  send<T>({ method: "GET", path, query }).then((reply) => reply.body);

/** A page that anybody may read; who is signed in reads it as themselves. */
export async function getAsAnyone<T>(path: string, query?: Call["query"]): Promise<T> {
  return (await bearerIfAny()) ? get<T>(path, query) : getOpen<T>(path, query);
}

/** Fetches a file in the person's name and hands it to them under this name. */
export const download = (path: string, name: string, query?: Call["query"]): Promise<void> =>
  asPerson(async (authorization) => {
    const headers = { "Accept-Language": settings.language, ...authorization };
    const { status, body } = await platform.handFile(address(path, query), headers, name);
    if (status !== 200) throw problemOf(status, body);
  });

/** Does a wish exactly once however often it is repeated; see Intent. */
export async function act<T>(
  intent: Intent,
  path: string,
  body: object,
  method: "POST" | "PUT" = "POST",
): Promise<T> {
  const headers = { "Idempotency-Key": intent.keyFor({ path, body }) };
  const reply = await call<T>({ method, path, body, headers });
  intent.done();
  return reply.body;
}

/** What was read last under an address: asking again costs a few bytes while nothing changed. */
export class Watched<T> {
  private etag: string | null = null;
  private last: T | null = null;

  constructor(private readonly path: string) {}

  /** The current content, and whether it differs from the one before. */
  async read(): Promise<{ body: T; changed: boolean }> {
    const headers: Record<string, string> = this.etag ? { "If-None-Match": this.etag } : {};
    const reply = await call<T>({ method: "GET", path: this.path, headers });
    if (reply.status === 304 && this.last !== null) return { body: this.last, changed: false };
    this.etag = reply.etag;
    this.last = reply.body;
    return { body: reply.body, changed: true };
  }
}

const UPLOAD_TIMEOUT_MS = 90_000;

/** Sends one picture; `progress` hears 0 to 100. */
export function upload(
  path: string,
  intent: Intent,
  progress: (percent: number) => void,
): Promise<Attachment> {
  return asPerson(
    (authorization) =>
      new Promise<Attachment>((resolve, reject) => {
        const task = uni.uploadFile({
          url: address("/api/attachments"),
          filePath: path,
          name: "file",
          timeout: UPLOAD_TIMEOUT_MS,
          header: {
            "Accept-Language": settings.language,
            "Idempotency-Key": intent.keyFor(path),
            ...authorization,
          },
          success: ({ statusCode, data }) => {
            if (statusCode === 201) resolve(JSON.parse(data) as Attachment);
            else reject(problemOf(statusCode, data));
          },
          fail: (error) => reject(unanswered(error.errMsg ?? "")),
        });
        task.onProgressUpdate(({ progress: percent }) => progress(percent));
      }),
  );
}

async function asPerson<T>(exchange: (headers: { Authorization: string }) => Promise<T>): Promise<T> {
  const token = await bearer();
  try {
    return await exchange({ Authorization: `Bearer ${token}` });
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error;
    expire(token);
    return exchange({ Authorization: `Bearer ${await bearer()}` });
  }
}
