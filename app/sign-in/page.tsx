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
    <Entrance title="Sign in">
      <SignInForm next={next} />
    </Entrance>
  );
}
