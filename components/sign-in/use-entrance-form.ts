import { type FormEvent, useState } from "react";
import { signIn } from "./auth-client";
import { fieldsOf, focusFault, postForm, type Refusal } from "./post-form";

interface EntranceForm<T> {
  /** Where the form goes. */
  path: string;
  /** What is sent of the form's fields. Default: all of them. */
  bodyOf?: (fields: Record<string, string>) => Record<string, string>;
  /** Who signs in afterwards, with the form's field `password`. */
  emailOf: (fields: Record<string, string>, answer: T) => string;
}

/** A form that makes a password for somebody without a session, and then signs them in with it. */
export function useEntranceForm<T>({ path, bodyOf = (fields) => fields, emailOf }: EntranceForm<T>) {
  const [refusal, setRefusal] = useState<Refusal>();
  const [busy, setBusy] = useState(false);
  const submit = async (form: HTMLFormElement) => {
    const fields = fieldsOf(form);
    setBusy(true);
    setRefusal(undefined);
    const answer = await postForm<T>(path, bodyOf(fields));
    if (!answer.ok) {
      setBusy(false);
      setRefusal(answer.refusal);
      return focusFault(form, answer.refusal.errors);
    }
    const outcome = await signIn(emailOf(fields, answer.data), fields.password ?? "");
    window.location.assign(outcome === "signed_in" ? "/" : "/sign-in");
  };
  return {
    refusal,
    busy,
    onSubmit: (event: FormEvent<HTMLFormElement>) => {
      event.preventDefault();
      void submit(event.currentTarget);
    },
    errorOf: (name: string) => refusal?.errors.find(({ pointer }) => pointer === `/${name}`)?.message,
  };
}
