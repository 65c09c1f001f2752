import type { Metadata } from "next";
import { SetupForm } from "@/components/setup/setup-form";
import { Entrance } from "@/components/sign-in/entrance";
import { buttonClass } from "@/components/ui/button";
import { PASSWORD_CHARS_MIN } from "@/lib/contracts/sign-in";
import { hasOwner } from "@/lib/organization/first-owner";

export const metadata: Metadata = { title: "Set up" };

export default async function SetupPage() {
  if (await hasOwner()) {
    return (
      <Entrance title="Already set up" lead="This installation has an owner. Ask the owner for an account, or sign in.">
        <a href="/sign-in" className={buttonClass({ look: "primary" })}>
          Sign in
        </a>
      </Entrance>
    );
  }
  return (
    <Entrance
      title="Set up Affidavit"
      lead="Makes the organization, its owner and the first application. This page works once."
    >
      <SetupForm passwordCharsMin={PASSWORD_CHARS_MIN} />
    </Entrance>
  );
}
