-- Data sources, what they hold, and the keys that seal their passwords.
-- CreateTable
CREATE TABLE "DataSource" (
    "id" UUID NOT NULL,
    "orgId" UUID NOT NULL,
    "appId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "host" TEXT,
    "port" INTEGER,
    "database" TEXT,
    "username" TEXT,
    "sealedPassword" BYTEA,
    "tls" TEXT,
    "tlsReason" TEXT,
    "queryLink" TEXT,
    "createdAt" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "disconnectedAt" TIMESTAMPTZ(6),
    "lastTestedAt" TIMESTAMPTZ(6),
    "lastTestFault" TEXT,
    "lastTestVersion" TEXT,
    "cataloguedAt" TIMESTAMPTZ(6),

    CONSTRAINT "DataSource_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CatalogueColumn" (
    "dataSourceId" UUID NOT NULL,
    "databaseName" TEXT NOT NULL,
    "schemaName" TEXT NOT NULL,
    "tableName" TEXT NOT NULL,
    "columnName" TEXT NOT NULL,
    "dataType" TEXT NOT NULL,
    "connected" BOOLEAN NOT NULL,
    "tags" JSONB NOT NULL,

    CONSTRAINT "CatalogueColumn_pkey" PRIMARY KEY ("dataSourceId","databaseName","schemaName","tableName","columnName")
);

-- CreateTable
CREATE TABLE "DataKey" (
    "id" UUID NOT NULL,
    "orgId" UUID NOT NULL,
    "wrapped" BYTEA NOT NULL,
    "createdAt" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "DataKey_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "DataSource_orgId_name_key" ON "DataSource"("orgId", "name");

-- CreateIndex
CREATE INDEX "DataSource_appId_idx" ON "DataSource"("appId");

-- CreateIndex
CREATE INDEX "DataKey_orgId_idx" ON "DataKey"("orgId");

-- AddForeignKey
ALTER TABLE "DataSource" ADD CONSTRAINT "DataSource_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DataSource" ADD CONSTRAINT "DataSource_appId_fkey" FOREIGN KEY ("appId") REFERENCES "App"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CatalogueColumn" ADD CONSTRAINT "CatalogueColumn_dataSourceId_fkey" FOREIGN KEY ("dataSourceId") REFERENCES "DataSource"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DataKey" ADD CONSTRAINT "DataKey_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;
