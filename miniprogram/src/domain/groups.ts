import type { Catalogue } from "@/api/types";
import { ICON_NAMES, type IconName } from "@/icons/names";

/** The sign of a group of categories; a county may name one this release does not have. */
export function groupIcon(catalogue: Catalogue | null, code: string): IconName {
  const wanted = catalogue?.groups.find((group) => group.code === code)?.icon;
  return ICON_NAMES.find((name) => name === wanted) ?? "document";
}
