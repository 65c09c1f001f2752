import { afterAll } from "vitest";
import { dropTestDatabases, nameOwnDatabase } from "./database";

process.env.AFFIDAVIT_SECRET = "a root secret that only tests know, 0123456789";
process.env.AFFIDAVIT_LOG_LEVEL = "silent";
nameOwnDatabase();
afterAll(dropTestDatabases);
