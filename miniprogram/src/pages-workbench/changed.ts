/** Tells the queue that something was done on a request, so that it looks again when shown. */
const EVENT = "workbench:request-changed";

export const tellRequestChanged = (): void => uni.$emit(EVENT);

export function onRequestChanged(listen: () => void): () => void {
  uni.$on(EVENT, listen);
  return () => uni.$off(EVENT, listen);
}
