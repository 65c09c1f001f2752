"use client";

import { Menu } from "@base-ui/react/menu";
import { CircleUser, LogOut } from "lucide-react";
import { useState } from "react";
import { signOut } from "../sign-in/auth-client";
import { IconButton } from "../ui/button";

interface UserMenuProps {
  email: string;
  role: string;
  organization: string;
}

/** Who is signed in, and the way out. */
export function UserMenu({ email, role, organization }: UserMenuProps) {
  const [failed, setFailed] = useState(false);
  const leave = async () => {
    setFailed(false);
    // A whole page load: nothing of the session stays in this tab's memory.
    if (await signOut()) window.location.assign("/sign-in");
    else setFailed(true);
  };
  return (
    <Menu.Root>
      <Menu.Trigger
        render={
          <IconButton label="Account">
            <CircleUser aria-hidden />
          </IconButton>
        }
      />
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} align="end" className="z-10 outline-none">
          <Menu.Popup className="w-60 rounded-lg border border-line bg-raised p-1 text-ink shadow-lg outline-none">
            <div className="border-line border-b px-2 pt-1 pb-2">
              <p className="truncate font-medium text-sm">{email}</p>
              <p className="truncate text-muted text-xs">
                {role} of {organization}
              </p>
            </div>
            <Menu.Item
              closeOnClick={false}
              onClick={() => void leave()}
              className="mt-1 flex h-8 cursor-default items-center gap-2 rounded-md px-2 text-sm outline-none data-highlighted:bg-hover"
            >
              <LogOut aria-hidden className="size-4 text-muted" />
              Sign out
            </Menu.Item>
            {failed ? (
              <p role="alert" className="px-2 py-1 text-red text-xs">
                The server cannot be reached; you are still signed in. Try again.
              </p>
            ) : null}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
