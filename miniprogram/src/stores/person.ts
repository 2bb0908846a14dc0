import { people } from "@/api/endpoints";
import { bearerIfAny } from "@/api/session";
import type { Me } from "@/api/types";
import { me } from "./me";
import { settings } from "./settings";

/** Who is signed in, as the server knows them now. */
export async function loadMe(): Promise<Me> {
  return become(await people.me());
}

/** The same, or null for a passer-by who never signed in. */
export async function loadMeIfAny(): Promise<Me | null> {
  return (await bearerIfAny()) ? loadMe() : null;
}

/** Takes over what the server says after a change. */
export function become(person: Me): Me {
  me.value = person;
  settings.followPerson(person.language);
  return person;
}
