/**
 * The three calls of next-auth's own REST API that we need. Its client package would bring session polling along, which
 * would keep idle sessions alive.
 */
interface Answer {
  status: number;
  /** The `error` of the address that next-auth would lead to. */
  error: string | undefined;
}

async function post(path: string, fields: Record<string, string>): Promise<Answer> {
  const token = await fetch("/api/auth/csrf", { headers: { accept: "application/json" } });
  const { csrfToken } = (await token.json()) as { csrfToken: string };
  const response = await fetch(path, {
    method: "POST",
    body: new URLSearchParams({ ...fields, csrfToken, json: "true" }),
  });
  const body = (await response.json().catch(() => ({}))) as { url?: string };
  const error =
    body.url && URL.canParse(body.url) ? (new URL(body.url).searchParams.get("error") ?? undefined) : undefined;
  return { status: response.status, error };
}

/** `not_kept`: the server signed in, and the browser threw the cookie away. */
export type SignInOutcome = "signed_in" | "refused" | "rate_limited" | "not_kept" | "unavailable";

/** Whether a request now carries a session: any signed-in person may list applications. */
async function isSignedIn(): Promise<boolean> {
  return (await fetch("/v1/apps", { headers: { accept: "application/json" } })).ok;
}

/** Signs in; the session's cookie comes with the answer. */
export async function signIn(email: string, password: string): Promise<SignInOutcome> {
  try {
    const { status, error } = await post("/api/auth/callback/credentials", { email, password });
    if (error === "rate_limited") return "rate_limited";
    if (status === 401) return "refused";
    if (status >= 400 || error) return "unavailable";
    // Where cookies are refused next-auth answers 200 too, and the next page would be this form again, without a word.
    return (await isSignedIn()) ? "signed_in" : "not_kept";
  } catch {
    return "unavailable";
  }
}

/** Ends the session on the server. False when the server could not be asked: then it is still open. */
export async function signOut(): Promise<boolean> {
  try {
    return (await post("/api/auth/signout", {})).status < 400;
  } catch {
    return false;
  }
}
