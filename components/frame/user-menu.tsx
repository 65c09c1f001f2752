"use client";

import { CircleUser, LogOut, UserCog } from "lucide-react";
import { useState } from "react";
import { signOut } from "../sign-in/auth-client";
import { IconButton } from "../ui/button";
import { Menu, MenuAct, MenuLink } from "../ui/menu";

interface UserMenuProps {
  email: string;
  role: string;
  organization: string;
}

/** Who is signed in, and the way out. Comes open: it is loaded when its button is pressed. */
export function UserMenu({ email, role, organization }: UserMenuProps) {
  const [failed, setFailed] = useState(false);
  const leave = async () => {
    setFailed(false);
    // A whole page load: nothing of the session stays in this tab's memory.
    if (await signOut()) window.location.assign("/sign-in");
    else setFailed(true);
  };
  return (
    <Menu
      defaultOpen
      align="end"
      className="w-60"
      trigger={
        <IconButton label="Account">
          <CircleUser aria-hidden />
        </IconButton>
      }
    >
      <div className="mb-1 border-line border-b px-2 pt-1 pb-2">
        <p className="truncate font-medium text-sm">{email}</p>
        <p className="truncate text-muted text-xs">
          {role} of {organization}
        </p>
      </div>
      <MenuLink href="/account">
        <UserCog aria-hidden className="size-4 text-muted" />
        Your account
      </MenuLink>
      <MenuAct keepOpen onClick={() => void leave()}>
        <LogOut aria-hidden className="size-4 text-muted" />
        Sign out
      </MenuAct>
      {failed ? (
        <p role="alert" className="px-2 py-1 text-red text-xs">
          The server did not answer as it should; you are still signed in. Try again.
        </p>
      ) : null}
    </Menu>
  );
}
