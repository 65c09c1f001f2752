/** Behind a proxy that passes its own Host on, server actions would be refused; the public origin is configuration. */
const publicHost =
  process.env.AFFIDAVIT_URL && URL.canParse(process.env.AFFIDAVIT_URL) ? [new URL(process.env.AFFIDAVIT_URL).host] : [];

/** @type {import('next').NextConfig} */
const config = {
  distDir: process.env.AFFIDAVIT_NEXT_DIST ?? ".next",
  poweredByHeader: false,
  // In development Next prints each action with its arguments, and some arguments are passwords.
  logging: { serverFunctions: false },
  reactStrictMode: true,
  // Most installations build once a version; writing a cache for the next build took a third of the first start.
  experimental: { turbopackFileSystemCacheForBuild: false, serverActions: { allowedOrigins: publicHost } },
  // Types are checked by `npm run typecheck` in the test command; the build on a user's machine need not repeat it.
  typescript: { ignoreBuildErrors: true },
  // A browser whose page has not yet said where its icon is (Next sends that with the page's body) asks for this address.
  rewrites: async () => [{ source: "/favicon.ico", destination: "/icon.svg" }],
  serverExternalPackages: ["@node-rs/argon2", "pg", "pino", "prom-client", "@prisma/adapter-pg", "@prisma/client"],
};
export default config;
