import type { Fault } from "@/lib/errors/app-error";

/** Why a form was not taken. */
export interface Refusal {
  detail: string;
  errors: readonly Fault[];
}

export type FormAnswer<T> = { ok: true; data: T } | { ok: false; refusal: Refusal };

const NO_ANSWER: Refusal = { detail: "The server did not answer as it should. Try again in a moment.", errors: [] };

/** Posts a form as JSON, for pages without a session: server actions are only for those who have one. */
export async function postForm<T>(path: string, fields: Record<string, string>): Promise<FormAnswer<T>> {
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(fields),
    });
    const body: unknown = response.status === 204 ? undefined : await response.json();
    if (response.ok) return { ok: true, data: body as T };
    const problem = body as Partial<Refusal>;
    return { ok: false, refusal: { detail: problem.detail ?? NO_ANSWER.detail, errors: problem.errors ?? [] } };
  } catch {
    return { ok: false, refusal: NO_ANSWER };
  }
}

/** What a form's inputs hold, by their names. */
export function fieldsOf(form: HTMLFormElement): Record<string, string> {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
}

/** Puts the cursor into the first input that must be corrected. */
export function focusFault(form: HTMLFormElement, errors: readonly Fault[]): void {
  for (const { pointer } of errors) {
    const input = form.elements.namedItem(pointer.slice(1));
    if (input instanceof HTMLInputElement) {
      input.focus();
      input.select();
      return;
    }
  }
}
