/** @type {import('next').NextConfig} */
const config = {
  distDir: process.env.AFFIDAVIT_NEXT_DIST ?? ".next",
  poweredByHeader: false,
  reactStrictMode: true,
  // Most installations build once a version; writing a cache for the next build took a third of the first start.
  experimental: { turbopackFileSystemCacheForBuild: false },
  // Types are checked by `npm run typecheck` in the test command; the build on a user's machine need not repeat it.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ["@node-rs/argon2", "pg", "pino", "prom-client", "@prisma/adapter-pg", "@prisma/client"],
};
export default config;
