import { frameOrigin } from "./frame";

/**
 * Small values kept on the phone. Reading never throws: a broken or absent value is `null`, and a
 * full or forbidden storage loses the convenience, not the page.
 *
 * In the demo several phones stand on one page and share an origin; each has its own
 * `?phone=…` and so its own drawer. Outside the demo the address says nothing about storage.
 */
function drawer(): string {
  if (process.env.UNI_PLATFORM !== "h5" || frameOrigin() === null) return "";
  const phone = new URLSearchParams(window.location.search).get("phone");
  return phone ? `${phone}:` : "";
}

const PREFIX = `linshitong:${drawer()}`;

export function read<T>(key: string): T | null {
  try {
    const text = uni.getStorageSync(PREFIX + key);
    return text ? (JSON.parse(text) as T) : null;
  } catch {
    return null;
  }
}

export function write(key: string, value: unknown): void {
  try {
    uni.setStorageSync(PREFIX + key, JSON.stringify(value));
  } catch {
    // Nothing the person could do about it.
  }
}

export function forget(key: string): void {
  try {
    uni.removeStorageSync(PREFIX + key);
  } catch {
    // As above.
  }
}
