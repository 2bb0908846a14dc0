import { ref } from "vue";
import { notices } from "@/api/endpoints";
import { t } from "@/i18n";

const INBOX_TAB = 2;
const TABS = ["tabs.home", "tabs.requests", "tabs.inbox", "tabs.me"];

/** How many notices wait in the inbox. */
export const unread = ref(0);

/** Asks anew, quietly: a number that did not come is not worth an error. */
export async function refreshUnread(): Promise<void> {
  try {
    unread.value = await notices.unread();
  } catch {
    return;
  }
  markTab();
}

/** For pages of the tab bar, when shown: the bar's words and the number on its inbox. */
export function dressTabs(): void {
  TABS.forEach((key, index) => uni.setTabBarItem({ index, text: t(key), fail: () => {} }));
  markTab();
}

function markTab(): void {
  if (unread.value > 0)
    uni.setTabBarBadge({ index: INBOX_TAB, text: unread.value > 99 ? "99+" : String(unread.value), fail: () => {} });
  else uni.removeTabBarBadge({ index: INBOX_TAB, fail: () => {} });
}
