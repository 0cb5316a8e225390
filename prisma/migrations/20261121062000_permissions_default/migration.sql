-- Triggers work it out by now. Alone: readers of users wait for nothing else.
ALTER TABLE "users" ALTER COLUMN "permissions" SET DEFAULT ARRAY[]::TEXT[];
