/** The API's own words, as docs/openapi.json describes them. Times are ISO 8601 with offset. */

export type RoleCode = "grid_worker" | "handler" | "unit_lead" | "dispatcher" | "supervisor" | "admin";
export type AreaLevel = "county" | "township" | "village" | "grid";
export type Visibility = "private" | "public" | "anonymous";

export interface Area {
  code: string;
  name: string;
  level: AreaLevel;
  full_name: string;
  parent_code: string | null;
  has_children?: boolean;
}

export interface Grant {
  id: string;
  role: RoleCode;
  unit: { id: string; name: string } | null;
  area: { code: string; name: string } | null;
  valid_until: string | null;
}

export interface Me {
  id: string;
  name: string;
  /** Masked: 138****5678. */
  phone: string | null;
  home_area: Area | null;
  language: "zh-CN" | "en";
  roles: Grant[];
}

export interface Question {
  code: string;
  label: string;
  kind: "text" | "choice" | "number" | "date" | "yes_no";
  required: boolean;
  choices: { code: string; label: string }[];
  max_length: number | null;
  min?: number;
  max?: number;
}

export interface Emergency {
  number: string;
  label: string;
}

export interface Category {
  code: string;
  group: string;
  name: string;
  hint: string;
  keywords: string[];
  questions: Question[];
  default_visibility: Visibility;
  deadline: { profile: string; text: string };
  danger: string[];
  emergency: Emergency[];
}

export interface Catalogue {
  version: string;
  groups: { code: string; name: string; icon: string }[];
  categories: Category[];
  /** Numbers to show first, in any category, when one of their words is said. */
  emergencies: (Emergency & { words: string[] })[];
}

export interface Attachment {
  id: string;
  width: number;
  height: number;
  size: number;
  url: string;
  thumbnail_url: string;
  expires_at: string;
  kind?: string;
}

export type RequestState =
  | "submitted"
  | "accepted"
  | "assigned"
  | "in_progress"
  | "awaiting_resident"
  | "replied"
  | "contested"
  | "rework"
  | "not_accepted"
  | "confirmed"
  | "withdrawn";

export type Answer = string | number | boolean;

export interface Place {
  text: string;
  latitude?: number | null;
  longitude?: number | null;
}

export interface RequestDraft {
  category: string;
  area_code: string;
  description: string;
  answers: Record<string, Answer>;
  place: Place | null;
  visibility: Visibility;
  attachment_ids: string[];
}

export interface RequestItem {
  id: string;
  number: string;
  state: RequestState;
  category: string;
  area_name: string;
  summary: string;
  submitted_at: string;
  updated_at: string;
  due_at: string | null;
  due_provisional: boolean;
  unit_name: string | null;
  awaits_me: boolean;
}

export interface TimelineEvent {
  seq: number;
  at: string;
  kind: string;
  by: { role: string; name: string | null } | null;
  unit: { id: string; name: string } | null;
  text: string | null;
  data: Record<string, unknown>;
  attachment_ids: string[];
}

export interface Receipt {
  who: string;
  next: string;
  by_when: string;
  if_not: string;
}

export interface RequestView {
  id: string;
  number: string;
  version: number;
  state: RequestState;
  category: string;
  area: { code: string; full_name: string };
  description: string;
  answers: { code: string; value: Answer }[];
  place: Place | null;
  visibility: Visibility;
  submitted_at: string;
  updated_at: string;
  due_at: string | null;
  due_provisional: boolean;
  deadline_profile: string;
  requester: { name: string; phone: string | null } | null;
  lead_unit: { id: string; name: string; phone: string | null } | null;
  handler: { id: string; name: string } | null;
  receipt: Receipt;
  actions: string[];
  attachments: Attachment[];
  timeline: TimelineEvent[];
  rating: { score: number; comment: string | null; at: string } | null;
  mine: boolean;
}

export interface Notice {
  id: string;
  kind: string;
  title: string;
  body: string;
  at: string;
  read: boolean;
  subject: { kind: "service_request"; id: string } | null;
  wechat: "pending" | "sent" | "refused" | "failed" | "unknown" | null;
}

export interface SubscriptionTemplate {
  key: string;
  template_id: string;
  title: string;
  credits: number;
}

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}
