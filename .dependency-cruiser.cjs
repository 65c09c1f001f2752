// Import directions (docs/architecture.md): app → components → lib's isomorphic part; app → lib; server, cli and bench → lib.
// Everything is at error level and there is no baseline: a new violation fails the test run.
const PURE = "^lib/(log-kinds|filters|contracts|errors|terms|redact|snowflake)/";
const ISOMORPHIC = "^lib/(log-kinds|filters|contracts|errors|snowflake)/";

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: { pathNot: "^node_modules|\\.next" }, to: { circular: true } },
    {
      name: "pure-folders-stay-pure",
      comment:
        "Row schemas, the filter language, contracts, errors, terms and redaction are plain functions: no database, no framework, no environment.",
      severity: "error",
      from: { path: PURE, pathNot: "\\.test\\.ts$" },
      to: { path: "^(lib|app|components|server|cli|bench)/", pathNot: PURE },
    },
    {
      name: "pure-folders-no-node-or-frameworks",
      severity: "error",
      from: { path: PURE, pathNot: "\\.test\\.ts$" },
      to: { path: "node_modules/(next|react|hono|pg|@prisma|next-auth)/" },
    },
    {
      name: "components-know-shapes-not-servers",
      comment:
        "Components may use types, contracts and the filter language; never the database, the door or the environment.",
      severity: "error",
      from: { path: "^components/" },
      to: { path: "^(lib|server|cli|bench|app)/", pathNot: [ISOMORPHIC, "\\.actions\\.ts$", "\\.queries\\.ts$"] },
    },
    {
      name: "lib-knows-no-routes",
      severity: "error",
      from: { path: "^lib/" },
      to: { path: "^(app|components|server|cli|bench|e2e)/" },
    },
    {
      name: "app-holds-no-sql",
      severity: "error",
      from: { path: "^app/" },
      to: { path: "(^lib/db/|node_modules/(pg|pg-copy-streams|@prisma)/)" },
    },
    {
      name: "only-lib-db-opens-connections",
      severity: "error",
      from: {
        path: "^(lib|app|components|cli)/",
        pathNot: "^lib/(db|outbound|testing|embedded-postgres)/|\\.test\\.ts$",
      },
      to: { path: "node_modules/(pg|@prisma/adapter-pg)/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "only-mutations-write",
      comment:
        "The client that can write is lib/db's: others read with prisma() and write with mutation(), which tells what they did.",
      severity: "error",
      from: { pathNot: "^lib/(db|testing)/|\\.test\\.ts$" },
      to: { path: "^lib/db/control-client\\.ts$" },
    },
    {
      name: "only-lib-outbound-goes-out",
      comment:
        "Whatever goes to an address that a user chose goes through lib/outbound, which checks where it leads. Global fetch in lib is banned by biome.json.",
      severity: "error",
      from: {
        path: "^(lib|app|components)/",
        pathNot: "^lib/(outbound|config|testing|embedded-postgres)/|\\.test\\.ts$",
      },
      to: {
        path: "^(node:)?(http|https|http2|net|tls|dns|undici|dgram)(/promises)?$|node_modules/undici/",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "api-is-a-door-not-a-house",
      comment: "Feature folders never import the HTTP layer.",
      severity: "error",
      from: { path: "^lib/", pathNot: "^lib/(api|testing)/|\\.test\\.ts$" },
      to: { path: "^lib/api/" },
    },
    {
      name: "cli-speaks-http",
      comment:
        "The command line is a client like any other: it may read the pure folders, redaction and the pure JSON readers, not the database.",
      severity: "error",
      from: { path: "^cli/", pathNot: "\\.test\\.ts$" },
      to: {
        path: "^(lib|app|components|server)/",
        pathNot: [ISOMORPHIC, "^lib/(config|redact)/", "^lib/ingest/(strict-json|json-[a-z]+|canonical-json)\\.ts$"],
      },
    },
    {
      name: "sdk-stands-alone",
      comment:
        "It is published: nothing of the house but the redactor, which becomes a part of it, and nothing but Node itself.",
      severity: "error",
      from: { path: "^sdk/", pathNot: "^sdk/testing/|\\.test\\.ts$" },
      to: { path: "^(lib|app|components|server|cli|bench|scripts|e2e)/|node_modules/", pathNot: "^lib/redact/" },
    },
    {
      name: "the-house-needs-no-sdk",
      comment: "The SDK is for clients: the command line, the documentation, tests.",
      severity: "error",
      from: { path: "^(lib|components|server)/", pathNot: "\\.test\\.ts$" },
      to: { path: "^sdk/" },
    },
    {
      name: "no-test-support-in-product",
      severity: "error",
      from: { pathNot: "(\\.test\\.ts$|^(lib|sdk)/testing/|^e2e/|^bench/|vitest|playwright)" },
      to: { path: "^(lib|sdk)/testing/" },
    },
    { name: "no-unresolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^\\.next|lib/db/generated|^data/|^sdk/dist)" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      conditionNames: ["import", "require", "node", "default", "types"],
      exportsFields: ["exports"],
    },
  },
};
