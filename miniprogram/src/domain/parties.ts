/** Names as several are typed in one line: between commas, enumeration commas or lines. */
export const namesIn = (typed: string): string[] => [
  ...new Set(
    typed
      .split(/[,，、;；\n]/)
      .map((name) => name.trim())
      .filter(Boolean),
  ),
];
