/** What an input, textarea or picker event carries; typed as the DOM's, shaped as uni-app's. */
export const typedIn = (event: Event): string =>
  (event as unknown as { detail: { value: string } }).detail.value;
