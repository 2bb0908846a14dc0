/**
 * One thing a person means to do, sent as often as the network needs and done once.
 *
 * The key stays the same while what is sent stays the same, so a retry is the same wish; changed
 * content is a new wish and gets a new key.
 */
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
const LENGTH = 24;

/** Unique, not secret: it only tells one wish of this person from another. */
function newKey(): string {
  let key = "";
  for (let i = 0; i < LENGTH; i++) key += ALPHABET[Math.floor(Math.random() * ALPHABET.length)];
  return key;
}

export interface StoredIntent {
  key: string;
  content: string;
}

export class Intent {
  constructor(private stored: StoredIntent | null = null) {}

  keyFor(body: unknown): string {
    const content = JSON.stringify(body ?? null);
    if (this.stored?.content !== content) this.stored = { key: newKey(), content };
    return this.stored.key;
  }

  /** To keep beside a draft, so that even a restarted app repeats the same wish. */
  snapshot(): StoredIntent | null {
    return this.stored;
  }

  /** It was done: whatever comes next is another wish. */
  done(): void {
    this.stored = null;
  }
}
