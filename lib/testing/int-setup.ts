import { afterAll } from "vitest";
import { dropTestDatabases, nameOwnDatabase } from "./database";

process.env.AFFIDAVIT_SECRET = "a root secret that only tests know, 0123456789";
process.env.AFFIDAVIT_LOG_LEVEL = "silent";
// Load tests send more than one producer may; a test of the limiter sets its own before it asks for anything.
process.env.AFFIDAVIT_RATE_REQUESTS_PER_10S ??= "0";
process.env.AFFIDAVIT_RATE_EVENTS_PER_MINUTE ??= "0";
nameOwnDatabase();
afterAll(dropTestDatabases);
