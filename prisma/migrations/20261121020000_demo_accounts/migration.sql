-- The accounts of the demo, which must not be where people rely on an installation. Those made before this column are known
-- by their addresses, which nobody else can have: example.com belongs to nobody.
ALTER TABLE "users" ADD COLUMN "is_demo" BOOLEAN NOT NULL DEFAULT false;
UPDATE "users" SET "is_demo" = true WHERE "email" IN ('ada@example.com', 'grace@example.com', 'linus@example.com');
