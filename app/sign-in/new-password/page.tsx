import type { Metadata } from "next";
import { Entrance } from "@/components/sign-in/entrance";
import { NewPasswordForm } from "@/components/sign-in/new-password-form";
import { PASSWORD_CHARS_MIN } from "@/lib/contracts/sign-in";

export const metadata: Metadata = { title: "Choose a password" };

export default function NewPasswordPage() {
  return (
    <Entrance title="Choose a password" lead="This link works once, within an hour of its making.">
      <NewPasswordForm passwordCharsMin={PASSWORD_CHARS_MIN} />
    </Entrance>
  );
}
