"use server";

import { action } from "@/lib/access/action";
import { CreateApp } from "@/lib/contracts/apps";
import { createApp } from "./apps";

export const createAppAction = action("apps:manage", CreateApp, createApp);
