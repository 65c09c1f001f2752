"use client";

import { createContext, type ReactNode, useContext } from "react";

const Permissions = createContext<readonly string[]>([]);

/** Tells the page's parts what the signed-in person may do, so that none shows a button that would be refused. */
export function ViewerProvider({ permissions, children }: { permissions: readonly string[]; children: ReactNode }) {
  return <Permissions value={permissions}>{children}</Permissions>;
}

/** Whether the signed-in person has a permission. The server checks again. */
export function useMay(permission: string): boolean {
  return useContext(Permissions).includes(permission);
}
