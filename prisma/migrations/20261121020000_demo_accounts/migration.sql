-- The accounts of the demo, which must not be where people rely on an installation. Those made before this column are known
-- by their addresses, and as the first in their database: the demo is only ever made in an empty one. Anybody could have
-- registered one of these addresses later.
ALTER TABLE "users" ADD COLUMN "is_demo" BOOLEAN NOT NULL DEFAULT false;
UPDATE "users" SET "is_demo" = true
WHERE "email" IN ('ada@example.com', 'grace@example.com', 'linus@example.com')
  AND (SELECT array_agg("email" ORDER BY "email") FROM (SELECT "email" FROM "users" ORDER BY "created_at", "email" LIMIT 3) AS "first")
    = ARRAY['ada@example.com', 'grace@example.com', 'linus@example.com'];
