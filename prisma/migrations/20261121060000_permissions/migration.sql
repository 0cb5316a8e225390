-- Who may do what: a role's permissions, and for each person what is added or removed. The names are those of
-- src/contracts/permissions.ts; one that a process does not know is passed over.

-- `permissions`: what this person may do by all three together, so that reading a session reads it too; kept by triggers,
-- which the next migration makes. `disabled_at`: since when this account is closed; it has no sessions and gets none.
-- Readers of users wait while this is done, so no row is written: those there are have the column by its default, which is
-- what the role `user` may do, and so has whoever registers before there are triggers.
ALTER TABLE "users"
    ADD COLUMN "permissions" TEXT[] NOT NULL DEFAULT ARRAY['chat:create-room', 'chat:read', 'chat:write', 'notifications:read', 'presence:read', 'topics:subscribe', 'users:search'],
    ADD COLUMN "disabled_at" TIMESTAMPTZ(3);

CREATE TABLE "role_permissions" (
    "role" TEXT NOT NULL,
    "permission" TEXT NOT NULL,

    CONSTRAINT "role_permissions_pkey" PRIMARY KEY ("role", "permission")
);

CREATE TABLE "user_permissions" (
    "user_id" TEXT NOT NULL,
    "permission" TEXT NOT NULL,
    "is_granted" BOOLEAN NOT NULL,

    CONSTRAINT "user_permissions_pkey" PRIMARY KEY ("user_id", "permission")
);
ALTER TABLE "user_permissions" ADD CONSTRAINT "user_permissions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What everybody could do so far, and what admins could.
INSERT INTO "role_permissions" ("role", "permission")
SELECT r.name, p.name
FROM unnest(ARRAY['user', 'admin']) AS r(name)
CROSS JOIN unnest(ARRAY['chat:read', 'chat:write', 'chat:create-room', 'notifications:read', 'topics:subscribe', 'presence:read', 'users:search']) AS p(name);
INSERT INTO "role_permissions" ("role", "permission")
SELECT 'admin', p.name
FROM unnest(ARRAY['admin:view-health', 'admin:manage-connections', 'admin:manage-users', 'admin:view-audit', 'admin:manage-webhooks']) AS p(name);
