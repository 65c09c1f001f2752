import { defineConfig } from "prisma/config";

// The URL is only read by stock `prisma migrate deploy`; the product applies migrations with lib/db/migrate.ts.
export default defineConfig({
  schema: "prisma/schema.prisma",
  datasource: { url: process.env.DATABASE_URL ?? "" },
});
