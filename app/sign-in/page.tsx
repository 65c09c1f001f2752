import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Entrance } from "@/components/sign-in/entrance";
import { SignInForm } from "@/components/sign-in/sign-in-form";
import { currentSubject } from "@/lib/access/current-subject";
import { returnPath } from "@/lib/access/return-path";
import { hasOwner } from "@/lib/organization/first-owner";

export const metadata: Metadata = { title: "Sign in" };

interface SignInPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const next = returnPath((await searchParams).next);
  if (await currentSubject()) redirect(next);
  if (!(await hasOwner())) redirect("/setup");
  return (
    <Entrance title="Sign in" lead={next === "/" ? undefined : "Then on to the page that you asked for."}>
      <SignInForm next={next} />
      <details className="text-muted text-xs">
        <summary className="w-fit rounded-sm hover:text-ink">I cannot sign in</summary>
        <p className="mt-2">
          An owner of the organization can say which address you sign in with. A forgotten password is replaced on the
          machine where Affidavit runs; this prints a one-time link for a new one:
        </p>
        <code className="mt-1.5 block break-words rounded-md bg-surface px-2 py-1.5 font-mono text-ink">
          npx affidavit user reset-password you@example.com
        </code>
      </details>
    </Entrance>
  );
}
