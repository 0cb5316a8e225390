-- Everybody queues behind whoever waits for this table: rather not for long, and again later.
SET LOCAL lock_timeout = '2s';

-- When somebody was first seen to read the mail of their address; null: it may be anybody's.
ALTER TABLE "users" ADD COLUMN "email_proved_at" TIMESTAMPTZ(3);
-- Whether the link went to the address it is for.
ALTER TABLE "invites" ADD COLUMN "mailed" BOOLEAN NOT NULL DEFAULT false;
