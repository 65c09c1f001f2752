import type { Metadata } from "next";
import { AccountSection } from "@/components/account/account-section";
import { ChangePassword } from "@/components/account/change-password";
import { ProfileForm } from "@/components/account/profile-form";
import { SessionList } from "@/components/account/session-list";
import { SignOutEverywhere } from "@/components/account/sign-out-everywhere";
import { SettingsPage } from "@/components/ui/settings-page";
import { page } from "@/lib/access/page";
import { getAccount } from "@/lib/account/account";
import { listSessions } from "@/lib/account/sessions";
import { PASSWORD_CHARS_MIN } from "@/lib/contracts/sign-in";

export const metadata: Metadata = { title: "Your account" };

export default async function AccountPage() {
  const ctx = await page("account:manage");
  const [account, sessions] = await Promise.all([getAccount(ctx), listSessions(ctx)]);
  return (
    <SettingsPage title="Your account" lead="Only you see this page.">
      <AccountSection title="You">
        <ProfileForm account={account} />
      </AccountSection>
      <AccountSection title="Password" lead="Another one ends your other sign-ins. API keys go on working.">
        {account.has_password ? (
          <ChangePassword email={account.email} passwordCharsMin={PASSWORD_CHARS_MIN} />
        ) : (
          <p className="text-muted">You have no password here: you sign in elsewhere.</p>
        )}
      </AccountSection>
      <AccountSection
        title="Where you are signed in"
        lead="A sign-in ends after 30 minutes without use, and after eight hours at the latest. Times are UTC."
      >
        <div className="flex flex-col items-start gap-4 [&>ul]:w-full">
          <SessionList sessions={sessions} />
          <SignOutEverywhere />
        </div>
      </AccountSection>
    </SettingsPage>
  );
}
