import "./dotenv";
import { env } from "@/lib/config/env";
import { StartupError } from "@/lib/config/startup-error";
import { prepareDatabase } from "./database";
import { EXIT_CONFIGURATION, explain, isForeseen, say } from "./terminal";

/** `npm run migrate`: for your own database, before the roles are started one by one. */
try {
  const url = env().DATABASE_URL;
  if (!url) throw new StartupError("DATABASE_URL is empty: `npm start` migrates the embedded database by itself.");
  const applied = await prepareDatabase(url);
  say(applied.length > 0 ? `Applied ${applied.join(", ")}.` : "The database is up to date.");
} catch (error) {
  console.error(explain(error));
  process.exitCode = isForeseen(error) ? EXIT_CONFIGURATION : 1;
}
