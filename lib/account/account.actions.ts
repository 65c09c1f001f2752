"use server";

import { action } from "@/lib/access/action";
import { ChangeEmail, ChangePassword, NoInput, RenameAccount, RevokeSession } from "@/lib/contracts/account";
import { changeEmail, changePassword, renameAccount } from "./account";
import { endSession, signOutEverywhere } from "./sessions";

export const renameAccountAction = action("account:manage", RenameAccount, renameAccount);
export const changeEmailAction = action("account:manage", ChangeEmail, changeEmail);
export const changePasswordAction = action("account:manage", ChangePassword, changePassword);
export const endSessionAction = action("account:manage", RevokeSession, endSession);
export const signOutEverywhereAction = action("account:manage", NoInput, signOutEverywhere);
