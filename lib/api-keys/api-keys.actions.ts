"use server";

import { action } from "@/lib/access/action";
import { CreateApiKey, RevokeApiKey } from "@/lib/contracts/api-keys";
import { createApiKey, revokeApiKey } from "./api-keys";

export const createApiKeyAction = action("keys:manage", CreateApiKey, createApiKey);
export const revokeApiKeyAction = action("keys:manage", RevokeApiKey, (ctx, { id }) => revokeApiKey(ctx, id));
